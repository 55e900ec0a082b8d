"""What reporting needs from outside."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reporting_svc.domain.analysis.comparison import Comparison, Side
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.analysis.trend import TrendAnalysis
from reporting_svc.domain.builders import Brief
from reporting_svc.domain.job import Claim, Failure, Rendition, Report, State
from reporting_svc.domain.panels import Dashboard
from reporting_svc.domain.report import Document, ReportFormat, ReportType
from reporting_svc.domain.schedule import Run, Schedule
from reporting_svc.domain.snapshot import Filters, Snapshot


class Clock(Protocol):
    """Tells the time, UTC."""

    def __call__(self) -> datetime:
        """Return now."""
        ...


class NewId(Protocol):
    """Makes an id that nobody else has."""

    def __call__(self) -> str:
        """Return a fresh one."""
        ...


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


class Files(Protocol):
    """Keeps the files of reports."""

    async def put(self, key: str, content: bytes) -> None:
        """Keep a file whole or not at all."""
        ...

    async def get(self, key: str) -> bytes:
        """Return a file. Raises NotFound (`file_not_found`)."""
        ...

    async def forget(self, folders: Sequence[str]) -> None:
        """Remove all files whose keys begin with a folder: a report's, or that of one attempt at it."""
        ...


class Sources(Protocol):
    """Reads releases and service metrics."""

    async def snapshot(
        self, needs: "Needs", start: datetime, end: datetime, filters: Filters, notices: tuple[str, ...]
    ) -> Snapshot:
        """Return what is known now. Raises Unavailable where a source that is needed does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What a report is made from."""

    releases: bool = True
    segments: bool = False
    retention: bool = False
    operations: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """A document, and its JSON, from which other processes render."""

    content: bytes
    data_as_of: datetime


class Workshop(Protocol):
    """Does the heavy work in other processes."""

    async def compose(self, snapshot: Snapshot, brief: Brief) -> Composed:
        """Build a document."""
        ...

    async def render(self, content: bytes, format_: ReportFormat) -> bytes:
        """Render a composed document in a format. Raises FailedPrecondition (`pdf_unavailable`)."""
        ...

    def read(self, content: bytes) -> Document:
        """Return the document of its JSON."""
        ...

    def require(self, formats: Sequence[ReportFormat]) -> None:
        """Raise FailedPrecondition where a format can't be made here."""
        ...

    def naming(self, format_: ReportFormat) -> tuple[str, str]:
        """Return media type and file suffix of a format."""
        ...

    async def trend(self, series: Series, season_length: int) -> TrendAnalysis:
        """Analyse a series."""
        ...

    async def forecast(self, series: Series, horizon: int, season_length: int) -> SeriesForecast:
        """Forecast a series."""
        ...

    async def compare(self, current: Side | Series, baseline: Side | Series, shared: bool) -> Comparison:
        """Compare two sides."""
        ...


class Calendar(Protocol):
    """Reads cron expressions."""

    def check(self, cron: str, time_zone: str) -> None:
        """Raise InvalidArgument with what is wrong with an expression or a time zone."""
        ...

    def after(self, cron: str, time_zone: str, moment: datetime) -> datetime | None:
        """Return the first tick after a moment, UTC; None where there is none."""
        ...

    def back(self, cron: str, time_zone: str, moment: datetime, count: int, oldest: datetime) -> datetime | None:
        """Return the tick that lies `count` ticks back from a moment, or the last on the way to `oldest`, None if none.

        The moment itself and `oldest` count where they are ticks.
        """
        ...


class Post(Protocol):
    """Hands documents to the service that sends them."""

    async def send(
        self,
        request_id: str,
        contact_id: str,
        email_address: str,
        title: str,
        text: str,
        attachment: "Attachment | None",
    ) -> None:
        """Hand a document over; the same request id counts once. Raises a Refusal."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    file_name: str
    media_type: str
    content: bytes


class Wakes(Protocol):
    """Wakes those who wait for a report, and those who work; never the truth."""

    async def changed(self, report_id: str) -> None:
        """Say to those who watch a report that it changed."""
        ...

    async def queue_changed(self) -> None:
        """Say to those who work that a report joined the queue or is over."""
        ...

    def watch(self, report_id: str, every: float) -> AsyncIterator[None]:
        """Yield when a report may have changed, at least every so many seconds, until the process ends."""
        ...

    def watch_queue(self, every: float) -> AsyncIterator[None]:
        """Yield when work may wait, at least every so many seconds, until the process ends."""
        ...


class Problems(Protocol):
    """Tells operators what went wrong."""

    def failed(self, what: str, error: BaseException) -> None:
        """Note a failure without ids or text."""
        ...
