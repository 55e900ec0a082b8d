"""The audit log of monitoring: who was told of which player, and why."""

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.idempotency import Idempotency
from monitoring_svc.ports import RequestKey


class StoredAudit:
    """Entries in the hash chain, each in a transaction of its own that is over before the act."""

    def __init__(self, database: Database, log: AuditLog, requests: Idempotency) -> None:
        """Append to `log` in `database`; `requests` knows for ever which entry a request made."""
        self._database = database
        self._log = log
        self._requests = requests

    async def revealed(
        self, actor: str, alert_id: str, subject: str, purpose: str, request: RequestKey | None
    ) -> tuple[int, bool]:
        """Keep that a player is about to be revealed.

        Return the entry's position, and whether it was there already because this is a repeat of `request`.
        """
        entry = Entry(actor, "alert.subject_revealed", subject, {"alert_id": alert_id, "purpose": purpose})
        async with self._database.begin() as connection:
            if request is None:
                return await self._log.append(connection, entry), False
            key = (request.caller, request.call, request.request_id, request.content)
            kept = await self._requests.replay(connection, *key)
            if kept is not None:
                return int(kept), True
            position = await self._log.append(connection, entry)
            await self._requests.remember(connection, *key, str(position).encode())
            return position, False

    async def acted(self, actor: str, action: str, details: dict[str, object], subject: str | None = None) -> None:
        """Keep an act."""
        async with self._database.begin() as connection:
            await self._log.append(connection, Entry(actor, action, subject, details))
