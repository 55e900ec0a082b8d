"""Work that must run once at a time: a lease is a row that one holder keeps alive.

Each change of holder raises the fencing token. An effect outside the database carries the token, and one inside
checks it in its own transaction, so that a holder who slept through the end of its lease can do no harm.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.columns import UtcDateTime
from mesh.database import SCHEMA, Database, clock
from mesh.refusal import Aborted, Unavailable


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one piece of work until it expires."""

    name: str
    holder: str
    token: int
    """Fencing token: larger than that of every earlier holder."""
    expires_at: datetime


def lease_table(metadata: sa.MetaData, name: str, schema: str | None = SCHEMA) -> sa.Table:
    """Return the table that holds the leases of one service."""
    return sa.Table(
        name,
        metadata,
        sa.Column("name", sa.String(256), primary_key=True),
        sa.Column("holder", sa.String(256), nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        schema=schema,
    )


async def claim(connection: AsyncConnection, table: sa.Table, name: str, holder: str, ttl: timedelta) -> Lease | None:
    """Return the lease `name`, or none while somebody else holds it.

    `holder` names one start of one process; a live lease of its own is extended under the same token.
    """
    now = await clock(connection)
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    fresh = insert.values(name=name, holder=holder, token=1, expires_at=now + ttl)
    own = sa.and_(table.c.holder == holder, table.c.expires_at > now)
    statement = fresh.on_conflict_do_update(
        index_elements=[table.c.name],
        set_={
            "holder": holder,
            "token": sa.case((own, table.c.token), else_=table.c.token + 1),
            "expires_at": now + ttl,
        },
        where=sa.or_(table.c.expires_at <= now, own),
    ).returning(table.c.token)
    token = (await connection.execute(statement)).scalar_one_or_none()
    return None if token is None else Lease(name, holder, token, now + ttl)


async def renew(connection: AsyncConnection, table: sa.Table, lease: Lease, ttl: timedelta) -> Lease | None:
    """Return the lease with a later end, or none where it was lost."""
    now = await clock(connection)
    statement = sa.update(table).where(_held(table, lease, now)).values(expires_at=now + ttl)
    if (await connection.execute(statement)).rowcount != 1:
        return None
    return Lease(lease.name, lease.holder, lease.token, now + ttl)


async def release(connection: AsyncConnection, table: sa.Table, lease: Lease) -> None:
    """Give the lease back, so that the next holder need not wait; a lost one stays as it is."""
    now = await clock(connection)
    await connection.execute(sa.update(table).where(_held(table, lease, now)).values(expires_at=now))


async def require(connection: AsyncConnection, table: sa.Table, lease: Lease) -> None:
    """Lock the lease for the rest of the transaction; raises Aborted (`lease_lost`) where it was lost."""
    now = await clock(connection)
    statement = sa.select(table.c.token).where(_held(table, lease, now)).with_for_update()
    if (await connection.execute(statement)).scalar_one_or_none() is None:
        raise _lost(lease)


@asynccontextmanager
async def kept(
    database: Database, table: sa.Table, lease: Lease, ttl: timedelta, *, afterwards: timedelta = timedelta(0)
) -> AsyncIterator[None]:
    """Renew the lease three times per `ttl` while the block runs; then give it back, or let it last for `afterwards`.

    A block that loses its lease is cancelled and Aborted (`lease_lost`) is raised in its place.
    """

    async def beat(limit: asyncio.Timeout) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + ttl.total_seconds()
        while True:
            await asyncio.sleep(ttl.total_seconds() / 3)
            began = loop.time()
            try:
                async with asyncio.timeout_at(end), database.begin() as connection:
                    held = await renew(connection, table, lease, ttl) is not None
            except (Unavailable, Aborted):
                held = loop.time() < end
            except TimeoutError:
                held = False
            else:
                end = began + ttl.total_seconds()
            if not held:
                limit.reschedule(loop.time())
                return

    limit = asyncio.timeout(None)
    try:
        async with limit:
            heart = asyncio.create_task(beat(limit), name=f"lease {lease.name}")
            try:
                yield
            finally:
                heart.cancel()
                # Not by suppressing: a cancellation of this task that comes meanwhile would be lost with the heart's.
                await asyncio.gather(heart, return_exceptions=True)
    except TimeoutError as error:
        if limit.expired():
            raise _lost(lease) from error
        raise
    async with database.begin() as connection:
        if afterwards:
            await renew(connection, table, lease, afterwards)
        else:
            await release(connection, table, lease)


def _held(table: sa.Table, lease: Lease, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.name == lease.name,
        table.c.holder == lease.holder,
        table.c.token == lease.token,
        table.c.expires_at > now,
    )


def _lost(lease: Lease) -> Aborted:
    return Aborted("lease_lost", f"The lease {lease.name} went to another holder.")
