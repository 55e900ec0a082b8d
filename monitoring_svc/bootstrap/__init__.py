"""The only wiring of monitoring, a module for what belongs together."""

from dataclasses import dataclass

from mesh.audit import AuditLog
from mesh.audit_upkeep import AuditUpkeep
from mesh.database import Database
from mesh.refusal import Refusal
from mesh.server import Service
from monitoring_svc.adapters.event_stream import EventStream
from monitoring_svc.adapters.key_rotation import require_keys
from monitoring_svc.adapters.store.due import DueRows
from monitoring_svc.adapters.store.log import GroupCommitter
from monitoring_svc.adapters.store.tables import audit_log
from monitoring_svc.bootstrap.alerts import Alerting, alerting
from monitoring_svc.bootstrap.background import background
from monitoring_svc.bootstrap.metrics import Measuring, measuring
from monitoring_svc.bootstrap.parts import Parts
from monitoring_svc.bootstrap.services import services
from monitoring_svc.bootstrap.signals import Judging, judging
from monitoring_svc.settings import MonitoringSettings
from monitoring_svc.usecases.clockwork import Clockwork
from monitoring_svc.usecases.dispatch import Dispatcher
from monitoring_svc.usecases.judge_signals import JudgeSignals
from monitoring_svc.usecases.record_metrics import RecordMetrics
from monitoring_svc.usecases.rule_book import RuleBook

__all__ = ["Monitoring", "Parts", "bootstrap"]


@dataclass(slots=True)
class Monitoring:
    """The wired process."""

    service: Service
    log: GroupCommitter
    stream: EventStream
    judge: JudgeSignals
    dispatcher: Dispatcher
    clockwork: Clockwork
    rule_book: RuleBook
    metrics: RecordMetrics
    database: Database
    address: list[str]
    """The gRPC target that other replicas reach this one at; filled in once the port is known."""


async def bootstrap(settings: MonitoringSettings, parts: Parts | None = None) -> Monitoring:
    """Wire everything. The tables must be there.

    Raises:
        SettingError: a key is not set, or rows are still under a version of one that is not.
    """
    parts = parts or Parts()
    alerts = alerting(settings, parts)
    try:
        await require_keys(alerts.database, alerts.keys)
    except BaseException:
        await alerts.database.close()
        raise
    signals = await judging(settings, parts, alerts)
    measured = measuring(settings, parts, alerts)
    chain = AuditLog(audit_log, settings.secret("audit_key"))
    upkeep = AuditUpkeep(alerts.database, chain)
    clockwork = Clockwork(DueRows(alerts.database), alerts.log, alerts.failures, lambda: alerts.stream.subscribers)
    servicers, forgotten = services(settings, parts, alerts, signals, measured, chain)

    def bound(port: int) -> None:
        host = (settings.advertise or "127.0.0.1").rpartition(":")[0] or "127.0.0.1"
        if settings.port_shared or not settings.advertise:
            measured.address[0] = f"{host}:{port}"

    async def drain() -> None:
        alerts.stream.end()
        servicers.monitoring.end()

    async def close() -> None:
        await _close(alerts, signals, measured)

    service = Service(
        name="monitoring",
        port=settings.monitoring_port,
        register=servicers.register,
        service_names=servicers.names,
        ready=alerts.database.ping,
        background=background(settings, alerts, signals, measured, clockwork, chain, upkeep, forgotten),
        drain=drain,
        on_refusals=upkeep.append_refusals,
        close=close,
        bound=bound,
    )
    return Monitoring(
        service,
        alerts.log,
        alerts.stream,
        signals.judge,
        alerts.dispatcher,
        clockwork,
        signals.book,
        measured.metrics,
        alerts.database,
        measured.address,
    )


async def _close(alerts: Alerting, signals: Judging, measured: Measuring) -> None:
    """Keep what memory holds, then give back connections and processes."""
    if signals.worker:
        signals.worker.close()
    try:
        await measured.metrics.checkpoint()
        await signals.windows.checkpoint()
        await measured.ownership.release()
    except Refusal as error:
        alerts.failures.failed("last_checkpoint", error)
    await measured.neighbours.aclose()
    await signals.consents.aclose()
    await alerts.log.aclose()
    await alerts.outbound.aclose()
    await alerts.bus.aclose()
    await alerts.database.close()
