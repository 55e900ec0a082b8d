"""The wiring of metrics: series, whose they are, and what the service measures of itself."""

from dataclasses import dataclass
from functools import partial

from mesh.identity import service_token
from mesh.telemetry import REGISTRY
from monitoring_svc.adapters.neighbours import Neighbours
from monitoring_svc.adapters.own_metrics import OwnMetrics
from monitoring_svc.adapters.ownership import ShardOwnership
from monitoring_svc.adapters.store.series import SeriesStore
from monitoring_svc.bootstrap.alerts import Alerting
from monitoring_svc.bootstrap.parts import Parts, new_id
from monitoring_svc.settings import MonitoringSettings
from monitoring_svc.usecases.metric_board import MetricBoard
from monitoring_svc.usecases.record_metrics import RecordMetrics


@dataclass(frozen=True, slots=True)
class Measuring:
    """What records metrics."""

    series: SeriesStore
    neighbours: Neighbours
    ownership: ShardOwnership
    metrics: RecordMetrics
    board: MetricBoard
    own: OwnMetrics
    address: list[str]
    """The gRPC target that other replicas reach this one at; filled in once the port is known."""

    async def measure_own(self) -> None:
        """Record what the service measures of itself."""
        await self.metrics.measured(await self.own.points(), "monitoring")


def measuring(settings: MonitoringSettings, parts: Parts, alerts: Alerting) -> Measuring:
    """Wire series to the log."""
    series = SeriesStore(alerts.database)
    neighbours = Neighbours(settings, partial(service_token, settings, "monitoring"))
    address = [settings.advertise or ""]
    ownership = ShardOwnership(alerts.database, new_id(), lambda: address[0], neighbours)
    metrics = RecordMetrics(series, ownership, alerts.log, alerts.failures, settings.metric_series)
    own = OwnMetrics(REGISTRY, settings.scrape_targets, ".", parts.clock, alerts.failures)
    return Measuring(series, neighbours, ownership, metrics, MetricBoard(metrics, series), own, address)
