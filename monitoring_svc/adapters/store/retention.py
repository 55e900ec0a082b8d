"""Deletes what is older than its term, in bounded steps, and keeps an audit entry of it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.idempotency import KEPT
from monitoring_svc.adapters.store.tables import (
    aggregate_metrics,
    alert_events,
    alert_log,
    alerts,
    deliveries,
    requests,
    series,
    signal_windows,
    silences,
)
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.rollups import Window

STEP = 5000
"""Rows of one kind in one run."""
WINDOWS = timedelta(days=2)
LONGER = 10
"""Roll-ups by day, week and month are kept so many times as long as hourly ones."""


class Retention:
    """The terms of everything that monitoring keeps."""

    def __init__(self, database: Database, audit: AuditLog, *, alerts_for: timedelta, metrics_for: timedelta) -> None:
        """Keep resolved alerts with their events, and hourly roll-ups, for these terms."""
        self._database = database
        self._audit = audit
        self._alerts_for = alerts_for
        self._metrics_for = metrics_for

    async def enforce(self) -> dict[str, int]:
        """Delete what is over its term; return how many rows by kind."""
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            removed = await self._events(connection, now - self._alerts_for)
            removed |= await self._alerts(connection, now - self._alerts_for)
            removed["rollups"] = await self._rollups(connection, now)
            for name, table, column, until in (
                ("silences", silences, silences.c.ends_at, now - self._alerts_for),
                ("signal_windows", signal_windows, signal_windows.c.updated_at, now - WINDOWS),
                ("series", series, series.c.recorded_at, now - self._metrics_for),
            ):
                removed[name] = (await connection.execute(sa.delete(table).where(column < until))).rowcount
            over = sa.and_(requests.c.created_at < now - KEPT, requests.c.call != "RevealAlertSubject")
            removed["answers"] = (await connection.execute(sa.delete(requests).where(over))).rowcount
            removed = {name: count for name, count in removed.items() if count}
            if removed:
                await self._audit.append(connection, Entry("monitoring", "retention.enforced", None, removed))
        return removed

    async def _events(self, connection: AsyncConnection, until: datetime) -> dict[str, int]:
        """Cut the log at its old end, and move the oldest valid cursor with the cut."""
        statement = sa.select(sa.func.max(alert_events.c.position)).where(alert_events.c.occurred_at < until)
        last = (await connection.execute(statement)).scalar_one()
        if last is None:
            return {}
        first = (await connection.execute(sa.select(alert_log.c.oldest))).scalar_one()
        cut = min(last, first + STEP)
        await connection.execute(sa.update(alert_log).values(oldest=cut))
        gone = await connection.execute(sa.delete(alert_events).where(alert_events.c.position <= cut))
        return {"alert_events": gone.rowcount}

    async def _alerts(self, connection: AsyncConnection, until: datetime) -> dict[str, int]:
        statement = sa.select(alerts.c.alert_id).where(alerts.c.is_resolved, alerts.c.resolved_at < until).limit(STEP)
        old = list((await connection.execute(statement)).scalars())
        done = sa.and_(deliveries.c.created_at < until, deliveries.c.state != DeliveryState.PENDING.value)
        sent = await connection.execute(sa.delete(deliveries).where(done))
        if old:
            await connection.execute(sa.delete(alerts).where(alerts.c.alert_id.in_(old)))
        return {"alerts": len(old), "deliveries": sent.rowcount}

    async def _rollups(self, connection: AsyncConnection, now: datetime) -> int:
        hourly = sa.and_(
            aggregate_metrics.c.grain == Window.HOUR.value,
            aggregate_metrics.c.window_start < now - self._metrics_for,
        )
        longer = aggregate_metrics.c.window_start < now - LONGER * self._metrics_for
        gone = await connection.execute(sa.delete(aggregate_metrics).where(sa.or_(hourly, longer)))
        return gone.rowcount
