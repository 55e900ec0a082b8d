"""The client for programs without an event loop: the same calls, each returning when it is done."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.message import Message
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
    alert_pb2,
    alert_pb2_grpc,
    analysis_pb2_grpc,
    dashboard_pb2_grpc,
    ingestion_pb2,
    ingestion_pb2_grpc,
    monitoring_pb2_grpc,
    notification_pb2_grpc,
    prediction_pb2_grpc,
    privacy_pb2_grpc,
    report_pb2_grpc,
    rule_pb2_grpc,
    schedule_pb2_grpc,
)

from mesh.channels import Token
from mesh.settings import Settings
from tta_analytics.client.connection import REQUIRED, AsyncClient
from tta_analytics.client.ingest import BATCH, Sent
from tta_analytics.client.stream import Stream
from tta_analytics.client.subscription import Filter

_R = TypeVar("_R")


class _Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tta-analytics-client", daemon=True)
        self._thread.start()

    def wait(self, make: Callable[[], Awaitable[_R]]) -> _R:
        async def run() -> _R:
            return await make()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def each(self, make: Callable[[], AsyncIterator[_R]]) -> Iterator[_R]:
        async def start() -> AsyncIterator[_R]:
            return aiter(make())

        source = self.wait(start)
        end = object()

        async def following() -> Any:
            return await anext(source, end)

        async def leave() -> None:
            await cast(Any, source).aclose()

        try:
            while (item := self.wait(following)) is not end:
                yield item
        finally:
            self.wait(leave)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _Calls:
    """A stub whose calls return their answers, or iterate over them."""

    def __init__(self, loop: _Loop, stub: Callable[[], Any], streams: frozenset[str]) -> None:
        self._loop, self._stub, self._streams = loop, stub, streams

    def __getattr__(self, name: str) -> Any:
        if name in self._streams:
            return lambda *args, **options: self._loop.each(lambda: getattr(self._stub(), name)(*args, **options))
        return lambda *args, **options: self._loop.wait(lambda: getattr(self._stub(), name)(*args, **options))


class Client:
    """Calls the three services and waits for their answers. Safe to share between threads; open it with `with`.

    Its calls raise `mesh.refusal.Refusal`, as those of `AsyncClient` do.
    """

    def __init__(self, settings: Settings | None = None, *, token: Token = None, name: str = "client") -> None:
        """Take what `AsyncClient` takes."""
        self._client = AsyncClient(settings, token=token, name=name)
        self._loop = _Loop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every channel and end the thread."""
        self._loop.wait(self._client.close)
        self._loop.close()

    @property
    def ingestion(self) -> "ingestion_pb2_grpc.IngestionServiceStub":
        """Facts and consent in. For many facts use `ingest`."""
        return self._calls(ingestion_pb2_grpc.IngestionServiceStub, "ingestion")

    @property
    def aggregation(self) -> "aggregation_pb2_grpc.AggregationServiceStub":
        """Private releases, cohorts, patterns, retention."""
        return self._calls(aggregation_pb2_grpc.AggregationServiceStub, "aggregation")

    @property
    def predictions(self) -> "prediction_pb2_grpc.PredictionServiceStub":
        """Models and predictions of one subject."""
        return self._calls(prediction_pb2_grpc.PredictionServiceStub, "predictions")

    @property
    def privacy(self) -> "privacy_pb2_grpc.PrivacyServiceStub":
        """Budget, audit, consent, export and erasure."""
        return self._calls(privacy_pb2_grpc.PrivacyServiceStub, "privacy")

    @property
    def monitoring(self) -> "monitoring_pb2_grpc.MonitoringServiceStub":
        """Metrics and signals in, metrics and interventions out."""
        return self._calls(monitoring_pb2_grpc.MonitoringServiceStub, "monitoring")

    @property
    def alerts(self) -> "alert_pb2_grpc.AlertServiceStub":
        """Alerts and silences. To follow them use `subscribe`."""
        return self._calls(alert_pb2_grpc.AlertServiceStub, "alerts")

    @property
    def rules(self) -> "rule_pb2_grpc.RuleServiceStub":
        """Rules on signals."""
        return self._calls(rule_pb2_grpc.RuleServiceStub, "rules")

    @property
    def notifications(self) -> "notification_pb2_grpc.NotificationServiceStub":
        """Contacts, routes, escalation policies, deliveries."""
        return self._calls(notification_pb2_grpc.NotificationServiceStub, "notifications")

    @property
    def reports(self) -> "report_pb2_grpc.ReportServiceStub":
        """Reports."""
        return self._calls(report_pb2_grpc.ReportServiceStub, "reports")

    @property
    def schedules(self) -> "schedule_pb2_grpc.ScheduleServiceStub":
        """Schedules of reports."""
        return self._calls(schedule_pb2_grpc.ScheduleServiceStub, "schedules")

    @property
    def dashboards(self) -> "dashboard_pb2_grpc.DashboardServiceStub":
        """Dashboards."""
        return self._calls(dashboard_pb2_grpc.DashboardServiceStub, "dashboards")

    @property
    def analysis(self) -> "analysis_pb2_grpc.AnalysisServiceStub":
        """Trends, baselines, forecasts."""
        return self._calls(analysis_pb2_grpc.AnalysisServiceStub, "analysis")

    def subscribe(self, wanted: Filter | None = None, *, cursor: str = "") -> Iterator[alert_pb2.AlertEvent]:
        """Iterate over alert events from after `cursor`; reconnects by itself. Leaving the loop ends it."""
        return self._loop.each(lambda: aiter(self._client.subscribe(wanted, cursor=cursor)))

    def ingest(
        self, kind: str, records: Iterable[Message], *, consent: "ingestion_pb2.ConsentBasis.ValueType" = REQUIRED
    ) -> Sent:
        """Send `sessions`, `progress`, `outcomes`, `metrics` or `signals`, a batch at a time, as fast as is taken."""

        async def start() -> Stream:
            return Stream(self._client.ingest(kind, consent=consent))

        stream = self._loop.wait(start)
        waiting = iter(records)
        while batch := list(islice(waiting, BATCH)):
            self._loop.wait(lambda batch=batch: stream.extend(batch))  # type: ignore[misc]
        self._loop.wait(stream.flush)
        return stream.sent

    def _calls(self, kind: Callable[[grpc.Channel], _R], name: str) -> _R:
        """Return the calls of the client's stub `name`, typed as gRPC's blocking stub of that kind."""
        service = "tta.analytics.v1." + cast(Any, kind).__name__.removesuffix("Stub")
        methods = descriptor_pool.Default().FindServiceByName(service).methods
        streams = frozenset(method.name for method in methods if method.server_streaming)
        return cast(_R, _Calls(self._loop, lambda: getattr(self._client, name), streams))
