"""What the clock asks for: escalations that are due, conditions that have been clear for long enough."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.tables import alerts, timers

_LIMIT = 200
"""Alerts that resolve at once."""


class DueRows:
    """Looks for candidates without any lock; the log decides again under its own."""

    def __init__(self, database: Database) -> None:
        """Look in `database`."""
        self._database = database

    async def escalations(self, most: int) -> Sequence[str]:
        """Return alerts whose escalation timer is due, the longest due first, at most so many."""
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            statement = sa.select(timers.c.alert_id).where(timers.c.due_at <= now).order_by(timers.c.due_at)
            return list((await connection.execute(statement.limit(most))).scalars())

    async def cleared(self) -> Sequence[str]:
        """Return alerts that may resolve by themselves."""
        term, clear = alerts.c.auto_resolve_seconds, sa.not_(alerts.c.is_resolved) & alerts.c.cleared_at.is_not(None)
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            terms = (await connection.execute(sa.select(term).where(clear).distinct())).scalars().all()
            over = (sa.and_(term == one, alerts.c.cleared_at <= now - timedelta(seconds=one)) for one in terms)
            statement = sa.select(alerts.c.alert_id).where(clear, sa.or_(sa.false(), *over)).limit(_LIMIT)
            return list((await connection.execute(statement)).scalars())
