"""Checkpoints of the rolling statistics that rules ask for."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.selecting import upsert
from monitoring_svc.adapters.store.tables import signal_windows
from monitoring_svc.domain.rolling import HOURS, Rolling, from_state, to_state

MOST = 50_000
"""Windows read at start, the newest first."""


class WindowStore:
    """Windows of players by pseudonym."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def load(self) -> Mapping[bytes, Rolling]:
        """Return the windows of the last 24 hours, oldest first."""
        async with self._database.read() as connection:
            since = await self._database.now(connection) - timedelta(hours=HOURS)
            newest = (
                sa.select(signal_windows.c.subject, signal_windows.c.state)
                .where(signal_windows.c.updated_at >= since)
                .order_by(signal_windows.c.updated_at.desc())
                .limit(MOST)
            )
            rows = (await connection.execute(newest)).all()
        return {row.subject: from_state(row.state) for row in reversed(rows)}

    async def save(self, windows: Mapping[bytes, Rolling]) -> None:
        """Keep windows."""
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            rows = [
                {"subject": subject, "state": to_state(window), "updated_at": now}
                for subject, window in windows.items()
            ]
            await upsert(connection, signal_windows, rows, ("state", "updated_at"))
