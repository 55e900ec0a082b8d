"""The last value of every series, whoever owns it."""

from collections.abc import Sequence
from typing import Protocol

from monitoring_svc.domain.series import Series
from monitoring_svc.domain.thresholds import Status
from monitoring_svc.usecases.record_metrics import RecordMetrics


class AllSeries(Protocol):
    """The checkpoints of all replicas."""

    async def all(self, prefix: str = "") -> Sequence[Series]:
        """Return every series whose name starts so."""


class MetricBoard:
    """Joins what this replica keeps in memory with the checkpoints of the others (at most ten seconds old)."""

    def __init__(self, recorder: RecordMetrics, rows: AllSeries) -> None:
        """Read from memory and from `rows`."""
        self._recorder = recorder
        self._rows = rows

    async def all(self, prefix: str = "", statuses: frozenset[Status] = frozenset()) -> list[Series]:
        """Return the series whose name starts so and that are in one of the states, by name and labels."""
        found = {series.series_id: series for series in await self._rows.all(prefix)}
        for series in self._recorder.held():
            if series.metric_name.startswith(prefix):
                found[series.series_id] = series
        chosen = [series for series in found.values() if not statuses or series.status in statuses]
        return sorted(chosen, key=lambda series: (series.metric_name, series.series_id))
