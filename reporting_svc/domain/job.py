"""A report as work: asked for, queued, run, done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mesh.refusal import FailedPrecondition, InvalidArgument, PermissionDenied, Violation
from reporting_svc.domain.panels import Panel
from reporting_svc.domain.report import DATA_FORMATS, ReportFormat, ReportType
from reporting_svc.domain.snapshot import Filters

DEFAULT_FORMATS = (ReportFormat.JSON, ReportFormat.HTML)
DEFAULT_RANGE = timedelta(days=366)
LONGEST_RANGE = timedelta(days=3660)
DEFAULT_FORECAST = 3


class State(StrEnum):
    """Where a report is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks, and what they may."""

    name: str
    views: bool = True
    """Figures about players."""
    operates: bool = False
    """Service metrics."""
    exports: bool = False
    """Data formats."""
    manages: bool = False
    """Own reports, schedules and dashboards."""
    manages_all: bool = False

    def owns(self, created_by: str) -> bool:
        """Whether they may change what somebody created."""
        return self.manages and (self.manages_all or self.name == created_by)

    def covers(self, other: "Viewer") -> bool:
        """Whether they may see and take all that another may."""
        mine, others = (self.views, self.operates, self.exports), (other.views, other.operates, other.exports)
        return all(own or not needed for own, needed in zip(mine, others, strict=True))

    def sees(self, report_type: ReportType, *, operational: bool = False) -> bool:
        """Whether they may read a report of a type; `operational` where it shows service metrics."""
        if report_type is ReportType.SYSTEM_PERFORMANCE:
            return self.operates
        return self.views and (self.operates or not operational)


@dataclass(frozen=True, slots=True)
class Spec:
    """What a report is to hold."""

    report_type: ReportType
    title: str = ""
    description: str = ""
    filters: Filters = field(default_factory=Filters)
    formats: tuple[ReportFormat, ...] = DEFAULT_FORMATS
    dashboard_id: str | None = None
    forecast_periods: int = DEFAULT_FORECAST
    any_dashboard: bool = False
    """Whoever asked may show a private dashboard of somebody else: an admin."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something could not be done: a reason for machines, a sentence for people."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """One format of a report as a stored file."""

    format: ReportFormat
    media_type: str
    file_name: str
    size_bytes: int
    sha256: str
    key: str
    """Where the file is kept."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report and where it is in its life."""

    report_id: str
    spec: Spec
    range_start: datetime
    range_end: datetime
    panels: tuple[Panel, ...]
    """Of its dashboard, frozen when it was asked for."""
    notices: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    state: State = State.QUEUED
    progress: float = 0.0
    stage: str = "Waiting for a worker"
    failure: Failure | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    data_as_of: datetime | None = None
    renditions: tuple[Rendition, ...] = ()
    schedule_id: str | None = None
    run_id: str | None = None
    attempts: int = 0
    operational: bool = False
    """Shows service metrics."""

    def rendition(self, format_: ReportFormat) -> Rendition | None:
        """Return a format that is ready."""
        return next((one for one in self.renditions if one.format is format_), None)

    def require_done(self) -> None:
        """Raise FailedPrecondition that says where it is, unless it is done."""
        match self.state:
            case State.DONE:
                return
            case State.FAILED:
                told = self.failure.message if self.failure else "It could not be made."
                raise FailedPrecondition("report_failed", f"The report could not be made: {told}")
            case State.CANCELLED:
                raise FailedPrecondition("report_cancelled", "The report was cancelled. Ask for a new one.")
            case _:
                raise FailedPrecondition(
                    "report_not_done",
                    f"The report is not done yet ({self.stage}). Watch its progress.",
                    retry_after=1.0,
                )


@dataclass(frozen=True, slots=True)
class Claim:
    """A report that a worker holds for a time, with the fencing token of its hold."""

    report: Report
    token: int


def check_spec(spec: Spec, viewer: Viewer, *, operational: bool = False) -> None:
    """Raise PermissionDenied where a viewer asks for what they may not see."""
    if not viewer.sees(spec.report_type, operational=operational):
        raise PermissionDenied(
            "operations_not_visible", "Service metrics need the permission view_operations.", metadata={}
        )
    if DATA_FORMATS & set(spec.formats) and not viewer.exports:
        raise PermissionDenied(
            "export_not_allowed", "Excel and CSV need the permission export_anonymized_data; take html, pdf or json."
        )


def span(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the range of a report: a year up to now unless given.

    Raises:
        InvalidArgument: where it is empty, runs backwards, or is longer than ten years.
    """
    end = end or now
    start = start or end - DEFAULT_RANGE
    if start >= end:
        raise _wrong("range_end", "range.order", f"is not after range_start ({start:%Y-%m-%d})")
    if end - start > LONGEST_RANGE:
        raise _wrong("range_start", "range.length", "lies more than ten years before range_end")
    return start, end


def _wrong(field_: str, rule: str, description: str) -> InvalidArgument:
    return InvalidArgument(
        "range_invalid", f"{field_} {description}.", violations=[Violation(field_, rule, description)]
    )
