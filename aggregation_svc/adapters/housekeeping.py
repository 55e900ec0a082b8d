"""Work that comes round: run by one replica at a time, whichever finds it free."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aggregation_svc.adapters.tables import leases
from mesh.database import Database
from mesh.leases import claim, kept

HOLD = timedelta(seconds=30)
"""How long a replica that died keeps the others from the work."""


def regularly(
    database: Database, name: str, every: timedelta, work: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    """Return what runs `work` at once and then every so often, under the lease `name`."""
    holder = secrets.token_hex(8)

    async def run() -> None:
        while True:
            async with database.begin() as connection:
                lease = await claim(connection, leases, name, holder, HOLD)
            if lease is not None:
                async with kept(database, leases, lease, HOLD):
                    await work()
            await asyncio.sleep(every.total_seconds())

    run.__qualname__ = name
    return run
