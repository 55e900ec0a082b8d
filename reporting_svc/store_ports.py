"""What reporting keeps: reports and their queue, dashboards, schedules and their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reporting_svc.domain.job import Claim, Failure, Rendition, Report, State
from reporting_svc.domain.panels import Dashboard
from reporting_svc.domain.report import ReportType
from reporting_svc.domain.schedule import Run, Schedule


@dataclass(frozen=True, slots=True)
class Once:
    """A write that counts once: who sent it, which call, its request id, and what it said."""

    caller: str
    call: str
    request_id: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a list: at most `size`, older than a position."""

    size: int
    before: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Which reports to list; None keeps all."""

    report_type: ReportType | None = None
    state: State | None = None
    schedule_id: str | None = None
    created_by: str | None = None
    operational: bool = True
    """Also those that show service metrics."""
    players: bool = True
    """Also those that show figures about players."""


class Reports(Protocol):
    """The reports, and the queue that they are."""

    async def add(self, report: Report, once: Once) -> str:
        """Queue a report and return its id; a repeat of an answered request returns the first one's id."""
        ...

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before; None where it is new."""
        ...

    async def get(self, report_id: str) -> Report:
        """Return a report. Raises NotFound."""
        ...

    async def list(self, question: ReportQuestion, page: Page) -> Sequence[Report]:
        """Return reports, newest first."""
        ...

    async def waiting(self) -> int:
        """Return how many are queued."""
        ...

    async def cancel(self, report_id: str, by: str) -> Report:
        """Stop a report that is not over; return it as it is then."""
        ...

    async def remove(self, report_id: str, by: str, once: Once) -> None:
        """Delete a report; its folder is discarded, a run that waits for it fails."""
        ...

    async def keep(self, report_id: str, rendition: Rendition) -> None:
        """Note a format that was rendered after the report was done."""
        ...

    async def claim(self, holder: str, lease: timedelta, most_attempts: int) -> Claim | None:
        """Take the oldest report that waits, or whose holder has vanished; fail those that were tried too often."""
        ...

    async def advance(self, claim: Claim, progress: float, stage: str, lease: timedelta) -> bool:
        """Note progress and renew the hold; False where the hold is lost or the report was cancelled."""
        ...

    async def finish(
        self, claim: Claim, renditions: Sequence[Rendition], data_as_of: datetime, *, operational: bool
    ) -> bool:
        """Note that a report is done and whether it shows service metrics; False where the hold was lost."""
        ...

    async def fail(self, claim: Claim, failure: Failure, again_after: timedelta | None) -> None:
        """Note that it failed; with `again_after` it waits so long and is tried again."""
        ...

    async def expire(self, limit: int) -> Sequence[str]:
        """Remove reports that are past their term; return their ids.

        Their folders are discarded, a run that waits for one fails.
        """
        ...

    async def discarded(self, limit: int) -> Sequence[str]:
        """Return folders of reports that are gone, whose files may still be there."""
        ...

    async def forgotten(self, folders: Sequence[str]) -> None:
        """Note that the files of discarded folders are gone."""
        ...


class Dashboards(Protocol):
    """The dashboards, each in all its versions."""

    async def add(self, dashboard: Dashboard, once: Once) -> str:
        """Keep a new one and return its id."""
        ...

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before; None where it is new."""
        ...

    async def get(self, dashboard_id: str, version: int | None = None) -> Dashboard:
        """Return one in a version, the newest by default; its visibility is always the newest. Raises NotFound."""
        ...

    async def list(self, viewer: str | None, page: Page) -> Sequence[Dashboard]:
        """Return those that are shared or somebody's own, newest first; all for None."""
        ...

    async def save(self, dashboard: Dashboard, expected: int, by: str, once: Once) -> int:
        """Keep a further version and return its number. Raises Aborted where `expected` is not the present one."""
        ...

    async def remove(self, dashboard_id: str, by: str, once: Once) -> None:
        """Delete one with all versions. Raises FailedPrecondition where a schedule shows it."""
        ...


class Schedules(Protocol):
    """The schedules and their runs."""

    async def add(self, schedule: Schedule, next_tick: datetime | None, once: Once) -> str:
        """Keep a new one and return its id."""
        ...

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before; None where it is new."""
        ...

    async def get(self, schedule_id: str) -> Schedule:
        """Return one. Raises NotFound."""
        ...

    async def list(self, created_by: str | None, page: Page) -> Sequence[Schedule]:
        """Return somebody's, newest first; all for None."""
        ...

    async def save(self, schedule: Schedule, next_tick: datetime | None, expected: int, once: Once) -> int:
        """Replace one and return its version. Raises Aborted where `expected` is not the present version."""
        ...

    async def remove(self, schedule_id: str, by: str, once: Once) -> None:
        """Delete one; its runs go with it."""
        ...

    async def due(self, plan: "TickPlan", most: "Most") -> int:
        """Record due ticks with their reports, each tick once; return how many ticks.

        Ticks that find the queue full stay due.
        """
        ...

    async def run_now(self, run: Run, report: Report, once: Once) -> str:
        """Record a run asked for by hand with its report; return its id."""
        ...

    async def run(self, run_id: str) -> Run:
        """Return a run. Raises NotFound."""
        ...

    async def runs(self, schedule_id: str, page: Page) -> Sequence[Run]:
        """Return the runs of a schedule, newest first."""
        ...

    async def claim_finished(self, holder: str, lease: timedelta) -> "RunClaim | None":
        """Take a run whose report is over and that nobody holds."""
        ...

    async def handed_over(self, claim: "RunClaim", count: int, lease: timedelta) -> bool:
        """Note deliveries and renew the hold; False where it is lost."""
        ...

    async def settle(self, claim: "RunClaim", failure: Failure | None, again_after: timedelta | None) -> None:
        """Note that a run is done or failed; with `again_after` it is tried again."""
        ...

    async def expire(self, kept: timedelta, limit: int) -> int:
        """Remove runs that ended so long ago; return how many."""
        ...


@dataclass(frozen=True, slots=True)
class Most:
    """What one look for due ticks takes at most."""

    schedules: int
    ticks: int
    waiting: int
    """Reports that may wait in the queue."""


class TickPlan(Protocol):
    """Decides, for one schedule whose tick is due, what happens."""

    def __call__(
        self, schedule: Schedule, next_tick: datetime, now: datetime, ticks: int, reports: int
    ) -> tuple[Sequence[tuple[Run, Report | None]], datetime | None]:
        """Return runs, each with the report that it makes, and the next tick: at most so many ticks and reports."""
        ...


@dataclass(frozen=True, slots=True)
class RunClaim:
    """A run that a worker holds, with its schedule as it was, its report, and the fencing token."""

    run: Run
    schedule: Schedule | None
    """None where it was deleted."""
    report: Report
    token: int
    attempts: int
