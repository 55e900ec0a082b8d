"""What monitoring holds of one player: its part of export and of erasure."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from monitoring_svc.adapters.store.alert_rows import from_row
from monitoring_svc.adapters.store.tables import alert_events, alert_log, alerts, deliveries, signal_windows
from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.severity import AlertType

CHUNK = 500
_PERSONAL = ("subject_pseudonym", "data", "labels")


class SubjectStore:
    """Finds and strips everything of a player, by every pseudonym that the keys give."""

    def __init__(self, database: Database) -> None:
        """Look in `database`."""
        self._database = database

    async def alerts(self, subjects: Sequence[bytes]) -> Sequence[Alert]:
        """Return every alert of the player, oldest first."""
        statement = sa.select(alerts).where(alerts.c.subject.in_(subjects)).order_by(alerts.c.triggered_at)
        async with self._database.read() as connection:
            return [from_row(row) for row in (await connection.execute(statement)).mappings()]

    async def records(self, subjects: Sequence[bytes]) -> AsyncIterator[tuple[str, list[dict[str, Any]]]]:
        """Yield (kind, records) in chunks of at most 500."""
        found = await self.alerts(subjects)
        for start in range(0, len(found), CHUNK):
            yield "alerts", [_exported(alert) for alert in found[start : start + CHUNK]]
        position = 0
        while True:
            statement = (
                sa.select(alert_events)
                .where(alert_events.c.subject.in_(subjects), alert_events.c.position > position)
                .order_by(alert_events.c.position)
                .limit(CHUNK)
            )
            async with self._database.read() as connection:
                rows = (await connection.execute(statement)).all()
            if not rows:
                return
            position = rows[-1].position
            yield (
                "alert_events",
                [
                    {"alert_id": row.alert_id, "kind": row.kind, "occurred_at": row.occurred_at.isoformat()}
                    for row in rows
                ],
            )

    async def strip(self, subjects: Sequence[bytes]) -> tuple[dict[str, int], int]:
        """Take the player out of everything; return what was stripped by kind, and the safety alerts that stay.

        The seal of a safety concern that is not resolved stays until it is.
        """
        staying = sa.and_(sa.not_(alerts.c.is_resolved), alerts.c.alert_type == AlertType.SAFETY_CONCERN.value)
        mine = alerts.c.subject.in_(subjects)
        async with self._database.begin() as connection:
            # Whoever read the log before this reads it again: nothing of the player is written back.
            await connection.execute(sa.update(alert_log).values(head=alert_log.c.head))
            kept = await connection.execute(sa.update(alerts).where(mine, staying).values(erase_when_resolved=True))
            told = sa.select(alert_events.c.alert_id).where(alert_events.c.subject.in_(subjects)).distinct()
            stays = sa.select(alerts.c.alert_id).where(mine, staying)
            gone = list(
                (
                    await connection.execute(
                        sa.select(alerts.c.alert_id).where(
                            sa.or_(mine, alerts.c.alert_id.in_(told)), alerts.c.alert_id.not_in(stays)
                        )
                    )
                ).scalars()
            )
            removed = {"alerts": len(gone)}
            for start in range(0, len(gone), CHUNK):
                some = gone[start : start + CHUNK]
                await connection.execute(
                    sa.update(alerts)
                    .where(alerts.c.alert_id.in_(some))
                    .values(subject=None, sealed_subject=None, data={}, fingerprint="erased", is_resolved=True)
                )
                await _strip_events(connection, some)
                await _strip_deliveries(connection, some)
            windows = await connection.execute(sa.delete(signal_windows).where(signal_windows.c.subject.in_(subjects)))
            removed["signal_windows"] = windows.rowcount
        return removed, kept.rowcount


async def _strip_events(connection: AsyncConnection, alert_ids: Sequence[str]) -> None:
    statement = sa.select(alert_events.c.position, alert_events.c.snapshot)
    rows = (await connection.execute(statement.where(alert_events.c.alert_id.in_(alert_ids)))).all()
    for row in rows:
        snapshot = dict(row.snapshot) | {"data": {}, "fingerprint": "erased"}
        await connection.execute(
            sa.update(alert_events)
            .where(alert_events.c.position == row.position)
            .values(subject=None, snapshot=snapshot, note="")
        )


async def _strip_deliveries(connection: AsyncConnection, alert_ids: Sequence[str]) -> None:
    statement = sa.select(deliveries.c.delivery_id, deliveries.c.content, deliveries.c.state)
    rows = (await connection.execute(statement.where(deliveries.c.alert_id.in_(alert_ids)))).all()
    for row in rows:
        content = {name: value for name, value in row.content.items() if name not in _PERSONAL}
        state = DeliveryState.DROPPED.value if row.state == DeliveryState.PENDING.value else row.state
        await connection.execute(
            sa.update(deliveries)
            .where(deliveries.c.delivery_id == row.delivery_id)
            .values(content=content, state=state)
        )


def _exported(alert: Alert) -> dict[str, Any]:
    return {
        "alert_id": alert.alert_id,
        "alert_type": alert.alert_type.value,
        "severity": alert.severity.label,
        "state": alert.state.value,
        "title": alert.title,
        "count": alert.count,
        "triggered_at": alert.triggered_at.isoformat(),
        "resolved_at": None if alert.resolved_at is None else alert.resolved_at.isoformat(),
        "data": dict(alert.data),
    }
