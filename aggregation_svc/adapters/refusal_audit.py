"""Refused calls in the audit trail: one entry a caller, call, reason and minute."""

from collections.abc import Sequence

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.interceptors.refusals import RefusalCount


class RefusalAudit:
    """Writes down who was refused what."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        """Write to `audit` on `database`."""
        self._database, self._audit = database, audit

    async def __call__(self, counts: Sequence[RefusalCount]) -> None:
        """Append one entry a count."""
        entries = [
            Entry(
                count.caller,
                "call_refused",
                details={
                    "call": count.call,
                    "reason": count.reason,
                    "minute": count.minute.isoformat(),
                    "count": count.count,
                },
            )
            for count in counts
        ]
        async with self._database.begin() as connection:
            await self._audit.append(connection, *entries)
