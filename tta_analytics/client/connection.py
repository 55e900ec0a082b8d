"""The client: typed calls of every service with identity, deadlines and retries, ingest, and alert subscriptions."""

import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self, TypeVar, cast

import grpc
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
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

from mesh.channels import Token, channel
from mesh.identity import service_token
from mesh.settings import Settings
from tta_analytics.client.calls import Calls
from tta_analytics.client.ingest import KINDS, Ingest
from tta_analytics.client.pace import Pace
from tta_analytics.client.stream import Stream
from tta_analytics.client.subscription import Filter, Subscription

_S = TypeVar("_S")

REQUIRED = ingestion_pb2.CONSENT_BASIS_REQUIRED


class AsyncClient:
    """Calls the three services from one event loop. Open it with `async with`, after any fork."""

    def __init__(self, settings: Settings | None = None, *, token: Token = None, name: str = "client") -> None:
        """Call where the settings say, from `TTA_*` variables when left out.

        `token` is a bearer token or makes a fresh one for each call. Left out, a service's token for `name` is made
        from `TTA_AUTH_SECRET_KEY`; without that secret, calls go out without a token.
        """
        self.settings = settings or Settings()
        if token is None and self.settings.auth_secret_key is not None:
            token = lambda: service_token(self.settings, name)  # noqa: E731 a fresh one each call
        self._token = token
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every channel; calls that run are cancelled."""
        for one in self._channels.values():
            await one.close()
        self._channels.clear()

    def connect(self, service: str) -> grpc.aio.Channel:
        """Open a channel of its own to `aggregation`, `monitoring` or `reporting`; the caller closes it."""
        return channel(self.settings.target(service), self.settings, token=self._token, process=service)

    @property
    def ingestion(self) -> "ingestion_pb2_grpc.IngestionServiceAsyncStub":
        """Facts and consent in. For many facts use `ingest`."""
        return self._calls(ingestion_pb2_grpc.IngestionServiceStub, "aggregation")

    @property
    def aggregation(self) -> "aggregation_pb2_grpc.AggregationServiceAsyncStub":
        """Private releases, cohorts, patterns, retention."""
        return self._calls(aggregation_pb2_grpc.AggregationServiceStub, "aggregation")

    @property
    def predictions(self) -> "prediction_pb2_grpc.PredictionServiceAsyncStub":
        """Models and predictions of one subject."""
        return self._calls(prediction_pb2_grpc.PredictionServiceStub, "aggregation")

    @property
    def privacy(self) -> "privacy_pb2_grpc.PrivacyServiceAsyncStub":
        """Budget, audit, consent, export and erasure."""
        return self._calls(privacy_pb2_grpc.PrivacyServiceStub, "aggregation")

    @property
    def monitoring(self) -> "monitoring_pb2_grpc.MonitoringServiceAsyncStub":
        """Metrics and signals in, metrics and interventions out. For many at once use `ingest`."""
        return self._calls(monitoring_pb2_grpc.MonitoringServiceStub, "monitoring")

    @property
    def alerts(self) -> "alert_pb2_grpc.AlertServiceAsyncStub":
        """Alerts and silences. To follow them use `subscribe`."""
        return self._calls(alert_pb2_grpc.AlertServiceStub, "monitoring")

    @property
    def rules(self) -> "rule_pb2_grpc.RuleServiceAsyncStub":
        """Rules on signals."""
        return self._calls(rule_pb2_grpc.RuleServiceStub, "monitoring")

    @property
    def notifications(self) -> "notification_pb2_grpc.NotificationServiceAsyncStub":
        """Contacts, routes, escalation policies, deliveries."""
        return self._calls(notification_pb2_grpc.NotificationServiceStub, "monitoring")

    @property
    def reports(self) -> "report_pb2_grpc.ReportServiceAsyncStub":
        """Reports."""
        return self._calls(report_pb2_grpc.ReportServiceStub, "reporting")

    @property
    def schedules(self) -> "schedule_pb2_grpc.ScheduleServiceAsyncStub":
        """Schedules of reports."""
        return self._calls(schedule_pb2_grpc.ScheduleServiceStub, "reporting")

    @property
    def dashboards(self) -> "dashboard_pb2_grpc.DashboardServiceAsyncStub":
        """Dashboards."""
        return self._calls(dashboard_pb2_grpc.DashboardServiceStub, "reporting")

    @property
    def analysis(self) -> "analysis_pb2_grpc.AnalysisServiceAsyncStub":
        """Trends, baselines, forecasts."""
        return self._calls(analysis_pb2_grpc.AnalysisServiceStub, "reporting")

    def subscribe(
        self,
        wanted: Filter | None = None,
        *,
        cursor: str = "",
        on_interruption: Callable[[str], None] = lambda reason: None,
    ) -> Subscription:
        """Follow alert events from after `cursor`: empty for new ones only, `0` for all that is kept.

        The subscription reconnects by itself and goes on after the last event that it yielded.
        """
        return Subscription(
            lambda: self.connect("monitoring"), wanted or Filter(), cursor=cursor, on_interruption=on_interruption
        )

    def ingest(
        self, kind: str, *, consent: "ingestion_pb2.ConsentBasis.ValueType" = REQUIRED, pace: Pace | None = None
    ) -> Ingest:
        """Send many `sessions`, `progress`, `outcomes`, `metrics` or `signals` in batches, as fast as is taken."""
        what = KINDS[kind]
        extra = {"consent_basis": consent} if what.with_consent else {}
        return Ingest(what, what.stub(self._channel(what.service)), extra=extra, pace=pace or Pace())

    @contextlib.asynccontextmanager
    async def ingesting(
        self, kind: str, *, consent: "ingestion_pb2.ConsentBasis.ValueType" = REQUIRED
    ) -> AsyncIterator[Stream]:
        """Take records one by one: `await stream.add(record)` waits while the service is behind.

        The end of the block sends the rest; an error in it does not.
        """
        stream = Stream(self.ingest(kind, consent=consent))
        yield stream
        await stream.flush()

    def _calls(self, stub: Callable[[grpc.aio.Channel], _S], service: str) -> _S:
        return cast(_S, Calls(stub(self._channel(service))))

    def _channel(self, service: str) -> grpc.aio.Channel:
        if service not in self._channels:
            self._channels[service] = self.connect(service)
        return self._channels[service]
