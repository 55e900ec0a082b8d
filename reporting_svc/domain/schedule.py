"""Reports that come by themselves: which ticks run, which range they cover, who may get them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mesh.refusal import InvalidArgument, PermissionDenied, Violation
from reporting_svc.domain.job import Failure, Spec, Viewer
from reporting_svc.domain.report import DATA_FORMATS, ReportFormat
from reporting_svc.domain.snapshot import Grain

MOST_CAUGHT_UP = 100
"""Ticks that are made up for at most."""

ON_TIME = timedelta(minutes=5)
"""A tick this late still counts as on time: the catch-up policy is for longer silences."""

ATTACHED_AT_MOST = 3_000_000
"""Bytes that a message carries."""


class CatchUp(StrEnum):
    """What happens to ticks that passed while nothing ran."""

    SKIP = "skip"
    LATEST = "latest"
    ALL = "all"


class Role(StrEnum):
    """Whose eyes a delivery is for."""

    THERAPIST = "therapist"
    RESEARCHER = "researcher"
    ADMIN = "admin"
    OPERATOR = "operator"


EYES = {
    Role.THERAPIST: Viewer("recipient"),
    Role.RESEARCHER: Viewer("recipient", exports=True),
    Role.ADMIN: Viewer("recipient", exports=True, operates=True),
    Role.OPERATOR: Viewer("recipient", views=False, exports=True, operates=True),
}
"""What recipients may see, by role."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a report is sent: a contact of monitoring, or an e-mail address."""

    contact_id: str
    email_address: str
    format: ReportFormat
    recipient_role: Role


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reports that come by themselves."""

    schedule_id: str
    name: str
    cron: str
    time_zone: str
    spec: Spec
    range_periods: int
    range_grain: Grain
    deliveries: tuple[Delivery, ...]
    catch_up: CatchUp
    paused: bool
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime


class RunState(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Run:
    """One tick of a schedule."""

    run_id: str
    schedule_id: str
    tick: datetime
    state: RunState
    report_id: str | None = None
    failure: Failure | None = None
    handed_over: int = 0
    finished_at: datetime | None = None
    manual: bool = False
    deliveries: tuple[Delivery, ...] | None = None
    """The recipients when it ticked; None of a run that was recorded before they were kept."""


def check_name(name: str) -> None:
    """Raise InvalidArgument for a name of blanks: it is the title of every message that goes out."""
    if not name:
        violation = Violation("schedule.name", "required", "needs a character that is no blank")
        raise InvalidArgument("schedule_invalid", f"{violation.field} {violation.description}.", violations=[violation])


def check_deliveries(spec: Spec, deliveries: tuple[Delivery, ...], creator: Viewer, *, operational: bool) -> None:
    """Raise where a recipient would get what their role or the schedule's creator may not see, or none is named.

    The role is the creator's word, so it reaches no further than what the creator may.
    """
    for index, one in enumerate(deliveries):
        where = f"schedule.deliveries[{index}]"
        if bool(one.contact_id) == bool(one.email_address):
            violation = Violation(f"{where}.contact_id", "one_of", "needs a contact or an e-mail address, not both")
            raise InvalidArgument("recipient_invalid", f"{where} {violation.description}.", violations=[violation])
        eyes = EYES[one.recipient_role]
        if not creator.covers(eyes):
            raise PermissionDenied(
                "recipient_above_you",
                f"{where}: a {one.recipient_role} may see more than you; name a role of your own.",
            )
        if not eyes.sees(spec.report_type, operational=operational):
            raise PermissionDenied("recipient_may_not_see", f"{where}: a {one.recipient_role} may not see this report.")
        if one.format in DATA_FORMATS and not eyes.exports:
            raise PermissionDenied(
                "recipient_may_not_export", f"{where}: a {one.recipient_role} may not get {one.format}."
            )


def decide(
    ticks: Sequence[datetime],
    now: datetime,
    policy: CatchUp,
    *,
    more: bool = False,
    made_up_from: datetime | None = None,
) -> list[tuple[datetime, bool]]:
    """Return each due tick in order, and whether it runs; the others are recorded as skipped.

    A long silence is worked off in parts and judged as a whole: `more` says that further ticks are due after these,
    `made_up_from` is the oldest tick that `all` makes up for, of the whole silence.
    """

    def goes(tick: datetime) -> bool:
        if tick >= now - ON_TIME:
            return True
        match policy:
            case CatchUp.SKIP:
                return False
            case CatchUp.LATEST:
                return tick == ticks[-1] and not more
            case CatchUp.ALL:
                return made_up_from is None or tick >= made_up_from

    return [(tick, goes(tick)) for tick in ticks]


def covered(tick: datetime, periods: int, grain: Grain) -> tuple[datetime, datetime]:
    """Return the range of the complete periods, in UTC, before a tick."""
    midnight = tick.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case Grain.DAY:
            return midnight - timedelta(days=periods), midnight
        case Grain.WEEK:
            monday = midnight - timedelta(days=midnight.weekday())
            return monday - timedelta(weeks=periods), monday
        case Grain.MONTH:
            first = midnight.replace(day=1)
            months = first.year * 12 + first.month - 1 - periods
            return first.replace(year=months // 12, month=months % 12 + 1), first
