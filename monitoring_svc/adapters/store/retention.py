"""Deletes what is older than its term, in bounded steps, and keeps an audit entry of it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

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
    erasures,
    requests,
    series,
    signal_windows,
    silences,
)
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.rollups import Window

STEP = 5000
"""Rows of one kind in one transaction."""
WINDOWS = timedelta(days=2)
"""How long rolling statistics are kept after their last signal, and marks that keep erased ones from coming back."""
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
        """Delete what is over its term; return how many rows by kind.

        In short transactions, each with its audit entry: alerts do not wait for it.
        """
        async with self._database.read() as connection:
            now = await self._database.now(connection)
        old = now - self._alerts_for
        oldest = await self._move_oldest(old)
        sent = sa.and_(deliveries.c.created_at < old, deliveries.c.state != DeliveryState.PENDING.value)
        answered = sa.and_(requests.c.created_at < now - KEPT, requests.c.call != "RevealAlertSubject")
        steps: dict[str, Callable[[AsyncConnection], Awaitable[int]]] = {
            "alert_events": partial(_delete, table=alert_events, over=alert_events.c.position <= oldest),
            "deliveries": partial(_delete, table=deliveries, over=sent),
            "alerts": partial(_delete, table=alerts, over=sa.and_(alerts.c.is_resolved, alerts.c.resolved_at < old)),
            "rollups": partial(_delete, table=aggregate_metrics, over=self._rolled_up(now)),
            "silences": partial(_delete, table=silences, over=silences.c.ends_at < old),
            "signal_windows": partial(_delete, table=signal_windows, over=signal_windows.c.updated_at < now - WINDOWS),
            "erasures": partial(_delete, table=erasures, over=erasures.c.erased_at < now - WINDOWS),
            "series": partial(_delete, table=series, over=series.c.recorded_at < now - self._metrics_for),
            "answers": partial(_delete, table=requests, over=answered),
        }
        removed = {name: await self._repeat(name, step) for name, step in steps.items()}
        return {name: count for name, count in removed.items() if count}

    async def _move_oldest(self, until: datetime) -> int:
        """Move the oldest valid cursor past the events that are over their term, and return it.

        In a transaction of its own: every new alert needs the log's row, and nothing is waited for with it.
        """
        at, position = alert_events.c.occurred_at, alert_events.c.position
        over = sa.select(position).where(at < until).order_by(at.desc(), position.desc()).limit(1)
        async with self._database.begin() as connection:
            oldest: int = (await connection.execute(sa.select(alert_log.c.oldest))).scalar_one()
            last = (await connection.execute(over)).scalar()
            if last is None or last <= oldest:
                return oldest
            await connection.execute(sa.update(alert_log).values(oldest=last))
        return int(last)

    async def _repeat(self, name: str, step: Callable[[AsyncConnection], Awaitable[int]]) -> int:
        """Take a step until nothing is left for it; return how many rows it removed."""
        total = 0
        while True:
            async with self._database.begin() as connection:
                removed = await step(connection)
                if removed:
                    await self._audit.append(
                        connection, Entry("monitoring", "retention.enforced", None, {name: removed})
                    )
            total += removed
            if removed < STEP:
                return total

    def _rolled_up(self, now: datetime) -> sa.ColumnElement[bool]:
        start = aggregate_metrics.c.window_start
        hourly = sa.and_(aggregate_metrics.c.grain == Window.HOUR.value, start < now - self._metrics_for)
        return sa.or_(hourly, start < now - LONGER * self._metrics_for)


async def _delete(connection: AsyncConnection, *, table: sa.Table, over: sa.ColumnElement[bool]) -> int:
    """Delete at most `STEP` rows that are over; return how many."""
    key = sa.tuple_(*table.primary_key.columns)
    some = sa.select(*table.primary_key.columns).where(over).limit(STEP)
    return (await connection.execute(sa.delete(table).where(key.in_(some)))).rowcount
