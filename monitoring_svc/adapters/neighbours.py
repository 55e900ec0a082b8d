"""Other replicas of this service, reached over gRPC for the series that they own."""

import asyncio
from collections.abc import Callable, Sequence

import grpc
from tta.analytics.v1 import monitoring_pb2, monitoring_pb2_grpc

from mesh.channels import channel
from mesh.protos import timestamp, to_datetime
from mesh.settings import Settings
from monitoring_svc.domain.series import Point, Recorded, Series
from monitoring_svc.domain.thresholds import Status

FORWARDED_FOR = "x-tta-forwarded-for"
SECONDS = 2.0
"""How long a neighbour may take."""


class Neighbours:
    """Hands points on to the owner of their series."""

    def __init__(self, settings: Settings, token: Callable[[], str]) -> None:
        """Call in the name of the service."""
        self._settings = settings
        self._token = token
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def record(self, address: str, points: Sequence[Point], caller: str) -> Sequence[Recorded] | None:
        """Have the replica at `address` record points; None where it cannot be reached.

        Those of one series one after the other: two calls at once may arrive in either order, and the last counts.
        """
        if address not in self._channels:
            self._channels[address] = channel(address, self._settings, token=self._token, process="monitoring")
        stub = monitoring_pb2_grpc.MonitoringServiceStub(self._channels[address])
        answers: dict[int, monitoring_pb2.ProcessMetricResponse] = {}

        async def in_order(places: list[int]) -> None:
            for place in places:
                answers[place] = await stub.ProcessMetric(
                    _request(points[place]), timeout=SECONDS, metadata=((FORWARDED_FOR, caller),)
                )

        by_series: dict[str, list[int]] = {}
        for place, point in enumerate(points):
            by_series.setdefault(point.series_id, []).append(place)
        try:
            async with asyncio.TaskGroup() as group:
                for places in by_series.values():
                    group.create_task(in_order(places))
        except* grpc.aio.AioRpcError:
            answers.clear()
        if len(answers) < len(points):
            return None
        return [_recorded(point, caller, answers[place]) for place, point in enumerate(points)]

    async def aclose(self) -> None:
        """Close every channel."""
        for one in self._channels.values():
            await one.close()


def _request(point: Point) -> monitoring_pb2.ProcessMetricRequest:
    metric = monitoring_pb2.MetricPoint(
        metric_name=point.metric_name,
        value=point.value,
        recorded_at=timestamp(point.recorded_at),
        unit=point.unit,
        labels=point.labels,
    )
    limits = point.thresholds
    if limits is not None:
        if limits.warning is not None:
            metric.warning_threshold = limits.warning
        if limits.critical is not None:
            metric.critical_threshold = limits.critical
        metric.hysteresis = limits.hysteresis
        metric.direction = (
            monitoring_pb2.THRESHOLD_DIRECTION_BELOW if limits.below else monitoring_pb2.THRESHOLD_DIRECTION_ABOVE
        )
    return monitoring_pb2.ProcessMetricRequest(metric=metric)


def _recorded(point: Point, caller: str, answer: monitoring_pb2.ProcessMetricResponse) -> Recorded:
    metric = answer.metric
    series = Series(
        point.series_id,
        metric.metric_name,
        dict(metric.labels),
        caller,
        metric.unit,
        metric.value,
        to_datetime(metric.recorded_at),
        status=Status(metric.status),
        score=metric.anomaly_score if metric.HasField("anomaly_score") else None,
        dirty=False,
    )
    if point.thresholds is not None:
        series.thresholds = point.thresholds
    return Recorded(series, tuple(answer.alert_ids))
