"""Releases from aggregation and service metrics from monitoring, over gRPC."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import grpc
from tta.analytics.v1 import (
    aggregation_pb2,
    common_pb2,
    monitoring_pb2,
)

from mesh.protos import enum_name, timestamp, to_datetime
from mesh.statuses import from_error
from reporting_svc.adapters import released
from reporting_svc.domain.snapshot import Care, Duration, Filters, Metric, MetricPoint, Release, Retention, Snapshot
from reporting_svc.ports import Clock, Needs, Sources

AT_ONCE = 8
"""Calls at the same time."""

MOST_RELEASES = 1000
MOST_METRICS = 60
"""Metrics whose history is read; more can't be looked at on one page."""

WINDOWS = (
    (monitoring_pb2.ROLLUP_WINDOW_WEEK, timedelta(days=800)),
    (monitoring_pb2.ROLLUP_WINDOW_DAY, timedelta(days=14)),
    (monitoring_pb2.ROLLUP_WINDOW_HOUR, timedelta(0)),
)
"""Windows of metrics, coarse ones first, and the range beyond which each is asked for."""

FEWEST_WINDOWS = 4
"""A range that holds fewer is asked for again in finer windows: a service that started today has no days to show."""

_KEPT_RELEASES = 256


@dataclass(frozen=True, slots=True)
class GrpcSources(Sources):
    """Reads the other services by their async stubs.

    Releases never change: those read once are kept in memory, newest used last.
    """

    aggregation: Any
    monitoring: Any
    clock: Clock
    kept: OrderedDict[str, Release] = field(default_factory=OrderedDict)

    async def snapshot(
        self, needs: Needs, start: datetime, end: datetime, filters: Filters, notices: tuple[str, ...]
    ) -> Snapshot:
        """Return what is known now."""
        async with _translated():
            releases = await self._releases(start, end, filters) if needs.releases else ()
            retention, told = await self._retention(releases, filters) if needs.retention else (None, ())
            metrics = await self._metrics(start, end, filters) if needs.operations else ()
            care = await self._care(start, end) if needs.operations else None
        return Snapshot(self.clock(), start, end, filters, releases, retention, metrics, care, (*notices, *told))

    async def _releases(self, start: datetime, end: datetime, filters: Filters) -> tuple[Release, ...]:
        newest: dict[datetime, aggregation_pb2.Release] = {}
        token = ""
        while len(newest) < MOST_RELEASES:
            page = await self.aggregation.ListReleases(
                aggregation_pb2.ListReleasesRequest(
                    kind=aggregation_pb2.RELEASE_KIND_COHORTS,
                    grain=released.GRAINS[filters.grain],
                    since=timestamp(start),
                    until=timestamp(end),
                    page_size=500,
                    page_token=token,
                )
            )
            for one in page.releases:
                moment = to_datetime(one.period.start)
                if moment not in newest or newest[moment].revision < one.revision:
                    newest[moment] = one
            token = page.next_page_token
            if not token:
                break
        turns = asyncio.Semaphore(AT_ONCE)
        ids = [newest[moment].release_id for moment in sorted(newest)]
        return tuple(await asyncio.gather(*(self._release(one, turns) for one in ids)))

    async def _release(self, release_id: str, turns: asyncio.Semaphore) -> Release:
        if release_id in self.kept:
            self.kept.move_to_end(release_id)
            return self.kept[release_id]
        async with turns:
            message = await self.aggregation.GetRelease(aggregation_pb2.GetReleaseRequest(release_id=release_id))
        found = released.release(message)
        self.kept[release_id] = found
        while len(self.kept) > _KEPT_RELEASES:
            self.kept.popitem(last=False)
        return found

    async def _retention(
        self, releases: tuple[Release, ...], filters: Filters
    ) -> tuple[Retention | None, tuple[str, ...]]:
        """The newest released retention of the range, None where there is none; and a notice where it can't be read."""
        for one in reversed(releases):
            request = aggregation_pb2.GetRetentionRequest(
                period_start=timestamp(one.start), grain=released.GRAINS[filters.grain]
            )
            try:
                return released.retention(await self.aggregation.GetRetention(request)), ()
            except grpc.aio.AioRpcError as error:
                if error.code() is grpc.StatusCode.UNAVAILABLE:
                    raise
                if error.code() is not grpc.StatusCode.NOT_FOUND:
                    return None, ("Retention could not be read; the rest of this report is complete.",)
        return None, ()

    async def _metrics(self, start: datetime, end: datetime, filters: Filters) -> tuple[Metric, ...]:
        found: list[monitoring_pb2.Metric] = []
        token = ""
        while True:
            request = monitoring_pb2.ListMetricsRequest(page_size=1000, page_token=token)
            page = await self.monitoring.ListMetrics(request)
            found += [one for one in page.metrics if not filters.metrics or one.metric_name in filters.metrics]
            token = page.next_page_token
            if not token:
                break
        names = list(dict.fromkeys(one.metric_name for one in found))[:MOST_METRICS]
        turns = asyncio.Semaphore(AT_ONCE)
        read = await asyncio.gather(*(self._history(name, start, end, turns) for name in names))
        histories = dict(zip(names, read, strict=True))
        return tuple(
            Metric(
                one.metric_name,
                _labels(one),
                one.unit,
                enum_name(monitoring_pb2.MetricStatus, one.status),
                one.value,
                to_datetime(one.recorded_at),
                histories.get(one.metric_name, {}).get(_labels(one), ()),
            )
            for one in found
        )

    async def _history(
        self, name: str, start: datetime, end: datetime, turns: asyncio.Semaphore
    ) -> dict[str, tuple[MetricPoint, ...]]:
        """The windows of a metric by labels: weeks, days or hours, finer ones where the range holds few of them."""
        found: dict[str, tuple[MetricPoint, ...]] = {}
        for window, shortest in WINDOWS:
            if end - start > shortest:
                finer = await self._windows(name, start, end, window, turns)
                found = finer if _longest(finer) > _longest(found) else found
                if _longest(found) >= FEWEST_WINDOWS:
                    break
        return found

    async def _windows(
        self,
        name: str,
        start: datetime,
        end: datetime,
        window: monitoring_pb2.RollupWindow.ValueType,
        turns: asyncio.Semaphore,
    ) -> dict[str, tuple[MetricPoint, ...]]:
        points: dict[str, list[MetricPoint]] = {}
        token = ""
        async with turns:
            while True:
                page = await self.monitoring.ListMetricRollups(
                    monitoring_pb2.ListMetricRollupsRequest(
                        metric_name=name,
                        window=window,
                        start=timestamp(start),
                        end=timestamp(end),
                        page_size=1000,
                        page_token=token,
                    )
                )
                for one in page.rollups:
                    point = MetricPoint(to_datetime(one.window_start), one.mean, one.minimum, one.maximum)
                    points.setdefault(_labels(one), []).append(point)
                token = page.next_page_token
                if not token:
                    break
        return {labels: tuple(sorted(found, key=lambda one: one.time)) for labels, found in points.items()}

    async def _care(self, start: datetime, end: datetime) -> Care:
        figures = await self.monitoring.GetCareFigures(
            monitoring_pb2.GetCareFiguresRequest(start=timestamp(start), end=timestamp(end))
        )
        alerts = tuple(
            (
                enum_name(common_pb2.AlertType, one.alert_type),
                enum_name(common_pb2.Severity, one.severity),
                one.state,
                one.count,
            )
            for one in figures.alerts
        )
        return Care(
            alerts,
            _duration(figures.time_to_acknowledge),
            _duration(figures.time_to_resolve),
            figures.interventions,
            figures.notifications_delivered,
            figures.notifications_dead,
        )


def _longest(history: dict[str, tuple[MetricPoint, ...]]) -> int:
    return max(map(len, history.values()), default=0)


def _labels(message: monitoring_pb2.Metric | monitoring_pb2.MetricRollup) -> str:
    return ", ".join(f"{name}={message.labels[name]}" for name in sorted(message.labels))


def _duration(message: monitoring_pb2.DurationFigures) -> Duration:
    return Duration(message.count, message.median_seconds, message.p90_seconds, message.maximum_seconds)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise from_error(error) from error
