"""Reads the rows of an audit chain in order, fast: through the driver itself, the next chunk while one is checked."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import driver

Row = tuple[int, datetime, str, str, str | None, str, bytes]
"""Position, time (UTC, with or without saying so), actor, action, subject id, details and MAC."""

_COLUMNS = 'position, "at", actor, action, subject_id, details, mac'


async def chunks(
    connection: AsyncConnection, table: sa.Table, after: int, size: int
) -> AsyncGenerator[list[Row], None]:
    """Yield the rows above position `after` in order, `size` at a time. The connection is taken until the end."""
    read = await (_from_postgresql if connection.dialect.name == "postgresql" else _from_sqlite)(
        connection, table, size
    )
    pending = asyncio.ensure_future(read(after))
    try:
        while rows := await pending:
            pending = asyncio.ensure_future(read(rows[-1][0]))
            # Let the request leave before the caller computes.
            await asyncio.sleep(0)
            yield rows
    finally:
        # Never cancelled: that would break the connection under the caller's transaction.
        await asyncio.gather(pending, return_exceptions=True)


async def _from_postgresql(
    connection: AsyncConnection, table: sa.Table, size: int
) -> Callable[[int], Awaitable[list[Row]]]:
    raw = await driver(connection)
    query = f"SELECT {_COLUMNS} FROM {table.fullname} WHERE position > $1 ORDER BY position LIMIT {size}"  # noqa: S608

    async def read(after: int) -> list[Row]:
        rows: list[Any] = await raw.fetch(query, after)
        return rows

    return read


async def _from_sqlite(
    connection: AsyncConnection, table: sa.Table, size: int
) -> Callable[[int], Awaitable[list[Row]]]:
    raw: Any = (await connection.get_raw_connection()).driver_connection
    query = f"SELECT {_COLUMNS} FROM {table.name} WHERE position > ? ORDER BY position LIMIT {size}"  # noqa: S608

    async def read(after: int) -> list[Row]:
        rows = await raw.execute_fetchall(query, (after,))
        return [(row[0], datetime.fromisoformat(row[1]), *row[2:]) for row in rows]

    return read
