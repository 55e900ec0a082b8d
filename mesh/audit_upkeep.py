"""What keeps an audit chain useful: its head in the log stream every minute, and refused calls as entries."""

import asyncio
from collections.abc import Sequence

from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.interceptors.refusals import RefusalCount

HEAD_SECONDS = 60.0


class AuditUpkeep:
    """Give `log_heads` to `Service.background` and `append_refusals` to `Service.on_refusals`."""

    def __init__(self, database: Database, log: AuditLog, *, period: float = HEAD_SECONDS) -> None:
        """Look for a new head every `period` seconds."""
        self._database, self._log, self._period = database, log, period

    async def log_heads(self) -> None:
        """Write the signed head to the log stream for ever, whenever it has moved."""
        logged = None
        while True:
            async with self._database.read() as connection:
                position = (await self._log.head(connection)).position
                if position != logged:
                    logged = (await self._log.log_head(connection)).position
            await asyncio.sleep(self._period)

    async def append_refusals(self, counts: Sequence[RefusalCount]) -> None:
        """Append one entry per caller, call, reason and minute."""
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
            await self._log.append(connection, *entries)
