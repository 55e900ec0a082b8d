"""What monitoring holds of one player: its part of export and of erasure."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.alert_rows import from_row
from monitoring_svc.adapters.store.erasing import CHUNK, erase, hold_log
from monitoring_svc.adapters.store.tables import alert_events, alerts, signal_windows
from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.severity import AlertType


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
        """Take the player out of everything but alerts that are not resolved.

        Return what was stripped by kind, and how many safety concerns are open: their seals go when they are resolved.
        """
        kept = await self._mark(subjects)
        gone = await self._resolved(subjects)
        for start in range(0, len(gone), CHUNK):
            await erase(self._database, gone[start : start + CHUNK])
        async with self._database.begin() as connection:
            windows = await connection.execute(sa.delete(signal_windows).where(signal_windows.c.subject.in_(subjects)))
        return {"alerts": len(gone), "signal_windows": windows.rowcount}, kept

    async def _mark(self, subjects: Sequence[bytes]) -> int:
        """Have the seals of open safety concerns go when they are resolved; return how many there are."""
        safety = alerts.c.alert_type == AlertType.SAFETY_CONCERN.value
        staying = sa.and_(alerts.c.subject.in_(subjects), sa.not_(alerts.c.is_resolved), safety)
        async with self._database.begin() as connection:
            await hold_log(connection)  # first: who writes alerts that are open takes it first, too
            marked = await connection.execute(sa.update(alerts).where(staying).values(erase_when_resolved=True))
        return marked.rowcount

    async def _resolved(self, subjects: Sequence[bytes]) -> list[str]:
        """Return the alerts that are resolved and still hold something of the player."""
        told = sa.select(alert_events.c.alert_id).where(alert_events.c.subject.in_(subjects)).distinct()
        mine = sa.select(alerts.c.alert_id, alerts.c.is_resolved).where(alerts.c.subject.in_(subjects))
        async with self._database.read() as connection:
            found = set((await connection.execute(told)).scalars())
            rows = (await connection.execute(mine)).all()
        open_ones = {row.alert_id for row in rows if not row.is_resolved}
        return sorted((found | {row.alert_id for row in rows}) - open_ones)


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
