"""Work that comes round: run once in a period, by whichever replica finds it free."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa

from mesh.database import Database
from mesh.leases import Lease, claim, kept, release
from mesh.refusal import Refusal

HOLD = timedelta(seconds=30)
"""How long a replica that died keeps the others from the work."""
GIVING_BACK_SECONDS = 5.0
"""How long a stop may wait for the database."""


def regularly(
    database: Database, leases: sa.Table, name: str, every: timedelta, work: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    """Return what runs `work` at once and then every so often, under the lease `name` in `leases`.

    Who did the work keeps the lease until it is due again, so that no other does it too. Who finds another at work, or
    one that died at it, looks again after `HOLD`; who is stopped gives the lease back, and the others go on.
    """
    holder = secrets.token_hex(8)

    async def run() -> None:
        while True:
            async with database.begin() as connection:
                lease = await claim(connection, leases, name, holder, HOLD)
            if lease is None:
                await asyncio.sleep(min(every, HOLD).total_seconds())
                continue
            try:
                async with kept(database, leases, lease, HOLD, afterwards=every):
                    await work()
                await asyncio.sleep(every.total_seconds())
            except asyncio.CancelledError:
                await _give_back(database, leases, lease)
                raise

    run.__qualname__ = name
    return run


async def _give_back(database: Database, leases: sa.Table, lease: Lease) -> None:
    """Let another go on at once; where the database is away, the lease ends by itself."""
    with suppress(Refusal, TimeoutError):
        async with asyncio.timeout(GIVING_BACK_SECONDS), database.begin() as connection:
            await release(connection, leases, lease)
