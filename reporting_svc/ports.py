"""What reporting needs from outside, but for its store."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reporting_svc.domain.analysis.comparison import Comparison, Side
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.analysis.trend import TrendAnalysis
from reporting_svc.domain.builders import Brief
from reporting_svc.domain.report import Document, ReportFormat
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
