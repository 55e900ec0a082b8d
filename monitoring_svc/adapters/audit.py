"""The audit log of monitoring: who was told of which player, and why."""

from mesh.audit import AuditLog, Entry
from mesh.database import Database


class StoredAudit:
    """Entries in the hash chain, each in a transaction of its own that is over before the act."""

    def __init__(self, database: Database, log: AuditLog) -> None:
        """Append to `log` in `database`."""
        self._database = database
        self._log = log

    async def revealed(self, actor: str, alert_id: str, subject: str, purpose: str) -> int:
        """Keep that a player is about to be revealed; return the entry's position."""
        entry = Entry(actor, "alert.subject_revealed", subject, {"alert_id": alert_id, "purpose": purpose})
        async with self._database.begin() as connection:
            return await self._log.append(connection, entry)

    async def acted(self, actor: str, action: str, details: dict[str, object], subject: str | None = None) -> None:
        """Keep an act."""
        async with self._database.begin() as connection:
            await self._log.append(connection, Entry(actor, action, subject, details))
