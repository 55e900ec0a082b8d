"""Many rows a statement, as fast as each database can: COPY and arrays on PostgreSQL, one VALUES list on SQLite.

They go to the driver itself, inside SQLAlchemy's transaction: one hop a statement. On SQLite a statement is one step
that runs without Python's lock. Texts depend on the table and, on SQLite, on the count of rows, so that the caches of
statements hit; names in them come from the tables of this package, never from a caller.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import disk_full, out_of_room
from mesh.refusal import Aborted, Unavailable

Rows = Sequence[tuple[Any, ...]]

_SQLITE_VARIABLES = 30_000
"""Below SQLite's default limit of 32,766 in one statement."""
_TURN = 128
"""Rows written for COPY in one go."""

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    sqlite3.OperationalError,
    OSError,
)


async def copy_new(connection: AsyncConnection, table: sa.Table, rows: Rows) -> bool:
    """Insert the rows (all columns, in the table's order) if none of their keys is there; return whether it was so.

    The fastest way in where all is new: a third of the work of `insert_new`. PostgreSQL only.
    """
    async with _driver(connection) as driver:
        try:
            async with driver.transaction():
                await driver.copy_records_to_table(table.name, schema_name=table.schema, records=_in_turns(rows))
        except asyncpg.UniqueViolationError:
            return False
    return True


async def insert_new(
    connection: AsyncConnection, table: sa.Table, rows: Rows, columns: Sequence[sa.Column[Any]] | None = None
) -> int:
    """Insert the rows whose key is not there; return how many.

    Rows hold `columns`, or all columns in the table's order.
    """
    return await _write(connection, table, rows, "ON CONFLICT DO NOTHING", columns)


async def insert_or_replace(connection: AsyncConnection, table: sa.Table, rows: Rows, older: str) -> int:
    """Insert the rows, or overwrite those of the same key where the SQL condition `older` holds; return how many.

    In `older` the stored row is `old` and the new one `excluded`.
    """
    key = [column.name for column in table.primary_key.columns]
    others = ", ".join(f"{column.name} = excluded.{column.name}" for column in table.columns if column.name not in key)
    return await _write(connection, table, rows, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {others} WHERE {older}")


async def select_by_key(
    connection: AsyncConnection,
    table: sa.Table,
    columns: Sequence[sa.Column[Any]],
    keys: Rows,
    *,
    wanted: str,
    joined: tuple[sa.Table, str, str] | None = None,
) -> list[Any]:
    """Return `wanted` (SQL over `t`, the table, and `k`, the keys) of the rows whose `columns` equal one of `keys`.

    A key may carry more than the columns; `k` names its extras `e0`, `e1` and so on, 64-bit numbers. `joined` is a
    second table, its name in SQL and the condition.
    """
    if not keys:
        return []
    extras = [sa.Column(f"e{number}", sa.BigInteger) for number in range(len(keys[0]) - len(columns))]
    fields = [*columns, *extras]
    names = ", ".join(column.name for column in fields)
    join = " AND ".join(f"t.{column.name} = k.{column.name}" for column in columns)
    if joined is not None:
        join += f" JOIN {_name(connection, joined[0])} AS {joined[1]} ON {joined[2]}"
    async with _driver(connection) as driver:
        if connection.dialect.name == "postgresql":
            source = _unnested(fields)
            query = f"SELECT {wanted} FROM {source} AS k({names}) JOIN {table.fullname} AS t ON {join}"  # noqa: S608
            return list(await driver.fetch(query, *_columns(keys)))
        found: list[Any] = []
        for part in _parts(len(fields), keys):
            source = _values(len(fields), len(part))
            # The join drives from the list, one index search a key.
            query = f"WITH k({names}) AS ({source}) SELECT {wanted} FROM k CROSS JOIN {table.name} AS t ON {join}"  # noqa: S608
            found += await driver.execute_fetchall(query, _flat(part))
        return found


async def select_all(connection: AsyncConnection, table: sa.Table, wanted: str) -> list[Any]:
    """Return `wanted` of every row of a small table, without SQLAlchemy's hops between threads."""
    async with _driver(connection) as driver:
        fetch = driver.fetch if connection.dialect.name == "postgresql" else driver.execute_fetchall
        return list(await fetch(f"SELECT {wanted} FROM {_name(connection, table)}"))  # noqa: S608


async def _write(
    connection: AsyncConnection,
    table: sa.Table,
    rows: Rows,
    on_conflict: str,
    columns: Sequence[sa.Column[Any]] | None = None,
) -> int:
    if not rows:
        return 0
    columns = list(columns or table.columns)
    names = ", ".join(column.name for column in columns)
    into = f"INSERT INTO {_name(connection, table)} AS old ({names})"
    async with _driver(connection) as driver:
        if connection.dialect.name == "postgresql":
            source = f"SELECT * FROM {_unnested(columns)}"  # noqa: S608
            status = await driver.execute(f"{into} {source} {on_conflict}", *_columns(rows))
            return int(status.rpartition(" ")[2])
        written = 0
        for part in _parts(len(columns), rows):
            await driver.execute_fetchall(f"{into} {_values(len(columns), len(part))} {on_conflict}", _flat(part))
            written += (await driver.execute_fetchall("SELECT changes()"))[0][0]
        return written


async def _in_turns(rows: Rows) -> AsyncIterator[tuple[Any, ...]]:
    """Yield the rows; other calls get a turn after every 128: writing 500 for COPY takes most of a millisecond."""
    for number, row in enumerate(rows, 1):
        yield row
        if not number % _TURN:
            await asyncio.sleep(0)


@asynccontextmanager
async def _driver(connection: AsyncConnection) -> AsyncIterator[Any]:
    """Give the driver's own connection inside the running transaction; its errors become this house's."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if connection.dialect.name == "postgresql" and not driver.is_in_transaction():
        # SQLAlchemy begins with its first statement.
        await connection.exec_driver_sql("SELECT 1")
    try:
        yield driver
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
        raise Aborted("concurrent_change", "A concurrent change won; send the request again.") from error
    except (*_AWAY, asyncpg.DiskFullError) as error:
        if out_of_room(error):
            raise disk_full() from error
        sentence = "The database is away or busy; try again."
        raise Unavailable("database_unavailable", sentence, retry_after=1.0) from error


def _name(connection: AsyncConnection, table: sa.Table) -> str:
    return table.fullname if connection.dialect.name == "postgresql" else table.name


def _parts(columns: int, rows: Rows) -> list[Rows]:
    """Cut the rows so that each part fits into one statement of SQLite."""
    size = _SQLITE_VARIABLES // columns
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _flat(rows: Rows) -> tuple[Any, ...]:
    return tuple(value for row in rows for value in row)


def _columns(rows: Rows) -> list[list[Any]]:
    return list(map(list, zip(*rows, strict=True)))


@cache
def _values(columns: int, count: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"VALUES {', '.join([row] * count)}"


def _unnested(columns: Sequence[sa.Column[Any]]) -> str:
    return _arrays(tuple(str(column.type.compile(dialect=_POSTGRES)) for column in columns))


@cache
def _arrays(types: tuple[str, ...]) -> str:
    return f"unnest({', '.join(f'${number}::{name}[]' for number, name in enumerate(types, 1))})"


_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]
