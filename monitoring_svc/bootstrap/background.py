"""The work that runs as long as the process."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from mesh.audit import AuditLog
from mesh.audit_upkeep import AuditUpkeep
from mesh.figures import reading
from mesh.housekeeping import regularly
from mesh.refusal import FailedPrecondition
from monitoring_svc.adapters.care_figures import CareFigures
from monitoring_svc.adapters.key_rotation import KeyRotation
from monitoring_svc.adapters.own_metrics import EVERY as MEASURE_EVERY
from monitoring_svc.adapters.store.retention import Retention
from monitoring_svc.adapters.store.tables import leases
from monitoring_svc.bootstrap.alerts import Alerting
from monitoring_svc.bootstrap.forgotten import Forgotten
from monitoring_svc.bootstrap.metrics import Measuring
from monitoring_svc.bootstrap.signals import Judging
from monitoring_svc.settings import MonitoringSettings
from monitoring_svc.usecases.clockwork import Clockwork, every

RULES_EVERY = 1.0
"""Seconds between looks for changed rules."""
CHECKPOINT_EVERY = 10.0
"""Seconds between checkpoints of series and of rolling statistics, and between looks for erasures."""
RETENTION_EVERY = 600.0
"""Seconds between looks for what is over its term."""
RENEW_EVERY = 8.0
"""Seconds between renewals of the shards that are ours."""
KEYS_EVERY = timedelta(minutes=10)
"""Between looks for what is under a key older than the active one."""

Work = Callable[[], Awaitable[None]]


def background(
    settings: MonitoringSettings,
    alerts: Alerting,
    signals: Judging,
    measured: Measuring,
    clockwork: Clockwork,
    chain: AuditLog,
    upkeep: AuditUpkeep,
    forgotten: Forgotten,
) -> tuple[Work, ...]:
    """Return what runs for ever."""
    retention = Retention(
        alerts.database, chain, alerts_for=settings.alert_retention, metrics_for=settings.metric_retention
    )
    rotation = KeyRotation(alerts.database, alerts.keys, chain, partial(forgotten.tell, ()))

    async def rotate() -> None:
        try:
            await rotation()
        except FailedPrecondition as error:
            alerts.failures.failed("key_rotation", error)

    async def enforce() -> None:
        await retention.enforce()

    def repeated(seconds: float, name: str, work: Work) -> Work:
        async def again() -> None:
            await every(seconds, name, work, alerts.failures)

        again.__qualname__ = name
        return again

    return (
        alerts.stream.follow,
        alerts.dispatcher.run,
        clockwork.run_escalations,
        clockwork.run_resolutions,
        repeated(RULES_EVERY, "rules", signals.book.refresh),
        repeated(CHECKPOINT_EVERY, "checkpoint", measured.metrics.checkpoint),
        repeated(RENEW_EVERY, "renewal", measured.ownership.renew),
        repeated(MEASURE_EVERY, "own_metrics", measured.measure_own),
        upkeep.log_heads,
        forgotten.hear,
        partial(signals.readings.hear, signals.windows),
        repeated(CHECKPOINT_EVERY, "erasures", forgotten.look),
        repeated(CHECKPOINT_EVERY, "window_checkpoint", signals.windows.checkpoint),
        repeated(RETENTION_EVERY, "retention", enforce),
        reading(CareFigures(alerts.database)),
        regularly(alerts.database, leases, "key_rotation", KEYS_EVERY, rotate),
    )
