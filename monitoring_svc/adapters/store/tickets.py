"""Stream tickets as rows."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.tables import stream_tickets


class TicketStore:
    """Tickets by their digest."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def keep(self, digest: bytes, holder: dict[str, Any], expires_at: datetime) -> None:
        """Keep a ticket, and drop those that are of no more use."""
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            await connection.execute(sa.delete(stream_tickets).where(stream_tickets.c.expires_at < now))
            await connection.execute(
                sa.insert(stream_tickets).values(digest=digest, caller=holder, expires_at=expires_at)
            )

    async def take(self, digest: bytes, now: datetime) -> dict[str, Any] | None:
        """Remove a ticket and return its holder; None where there is none, or it is too old."""
        async with self._database.begin() as connection:
            statement = (
                sa.delete(stream_tickets)
                .where(stream_tickets.c.digest == digest)
                .returning(stream_tickets.c.caller, stream_tickets.c.expires_at)
            )
            row = (await connection.execute(statement)).first()
        if row is None or row.expires_at <= now:
            return None
        holder: dict[str, Any] = row.caller
        return holder
