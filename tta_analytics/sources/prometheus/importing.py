"""One run: the values of each query since the last run, sent to monitoring in order of time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from google.protobuf.message import Message
from tta.analytics.v1 import monitoring_pb2

from tta_analytics.client.ingest import Ingest
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.prometheus.api import Sample, Samples
from tta_analytics.sources.prometheus.series import Query, personal
from tta_analytics.sources.tally import Tally

STEPS_AT_ONCE = 1_000
"""Values of one series in one question; longer gaps are caught up run by run."""


class Ranges(Protocol):
    """Where values come from."""

    async def range(self, expression: str, start: datetime, end: datetime, step: timedelta) -> Samples:
        """Return the values of an expression from `start` to `end`, one each `step`."""
        ...


class MetricsImport:
    """Reads queries and sends their values as metrics."""

    def __init__(
        self, server: Ranges, marks: Marks, ingest: Ingest, *, step: timedelta, first_window: timedelta
    ) -> None:
        """Take a value each `step`; a query that was never read begins `first_window` ago."""
        self._server, self._marks, self._ingest = server, marks, ingest
        self._step, self._first_window = step, first_window

    async def run(self, query: Query, now: datetime, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """Send the values of one query up to `now`.

        Raises:
            Refusal: The server or monitoring is away, or refuses. The mark moves only past what is recorded.
        """
        tally = Tally()
        end = _aligned(now, self._step)
        mark = self._marks.get(query.name)
        start = end - self._first_window if mark is None else mark + self._step
        while start <= end:
            upto = min(end, start + (STEPS_AT_ONCE - 1) * self._step)
            found = await self._server.range(query.expression, start, upto, self._step)
            tally.read += len(found.samples) + found.unusable
            for _ in range(found.unusable):
                tally.refuse("value", "is no finite number, or outside the time asked for")
            await self._send([point for sample in found.samples if (point := _point(query, sample, tally))], tally)
            self._marks.raise_to(query.name, upto)
            tell(tally)
            start = upto + self._step
        return tally

    async def _send(self, points: list[Message], tally: Tally) -> None:
        tally.ready += len(points)
        if not points:
            return
        sent = await self._ingest.send(points)
        tally.stored += sent.counts["accepted"]
        tally.alerts += sent.counts["alerts"]
        for one in sent.refused:
            tally.refuse(one.field, one.reason)


def _aligned(moment: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)


def _point(query: Query, sample: Sample, tally: Tally) -> monitoring_pb2.MetricPoint | None:
    if named := personal(sample.labels):
        tally.refuse("labels", f"{named[0]} names a person; sum it away in the expression")
        return None
    point = monitoring_pb2.MetricPoint(
        metric_name=query.name, value=sample.value, unit=query.unit, labels=sample.labels
    )
    point.recorded_at.FromDatetime(sample.at)
    return point
