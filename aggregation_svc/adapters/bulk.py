"""Many rows in one statement, as fast as each database can: arrays that PostgreSQL unnests, one VALUES list on SQLite.

One statement is one round trip and, on SQLite, one step that runs without Python's lock. Statements depend on the table
only (PostgreSQL) or on the table and the count of rows (SQLite), so that the driver's statement caches hit. Names in
them come from the tables of this package, never from a caller.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

Rows = Sequence[tuple[Any, ...]]

_SQLITE_VARIABLES = 30_000
"""Below SQLite's default limit of 32,766 in one statement."""


async def insert_new(connection: AsyncConnection, table: sa.Table, rows: Rows) -> int:
    """Insert the rows (all columns, in the table's order) whose key is not there; return how many."""
    return await _write(connection, table, rows, "ON CONFLICT DO NOTHING")


async def insert_or_replace(connection: AsyncConnection, table: sa.Table, rows: Rows, older: str) -> int:
    """Insert the rows, or overwrite those of the same key where the SQL condition `older` holds; return how many.

    In `older` the stored row is `old` and the new one `excluded`.
    """
    key = [column.name for column in table.primary_key.columns]
    others = ", ".join(f"{column.name} = excluded.{column.name}" for column in table.columns if column.name not in key)
    return await _write(connection, table, rows, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {others} WHERE {older}")


async def _write(connection: AsyncConnection, table: sa.Table, rows: Rows, on_conflict: str) -> int:
    written = 0
    for part in _parts(connection, table.columns, rows):
        insert = f"INSERT INTO {_name(connection, table)} AS old {_source(connection, table.columns, len(part))}"
        written += (await connection.exec_driver_sql(f"{insert} {on_conflict}", _values(connection, part))).rowcount
    return written


async def select_by_key(
    connection: AsyncConnection, table: sa.Table, columns: Sequence[sa.Column[Any]], keys: Rows, *, wanted: str
) -> list[Any]:
    """Return `wanted` (SQL over `t`, the table, and `k`, the keys) of the rows whose `columns` equal one of `keys`.

    A key may carry more than the columns; `k` names its extras `e0`, `e1` and so on, 64-bit numbers.
    """
    if not keys:
        return []
    extras = [sa.Column(f"e{number}", sa.BigInteger) for number in range(len(keys[0]) - len(columns))]
    fields = [*columns, *extras]
    names = ", ".join(column.name for column in fields)
    join = " AND ".join(f"t.{column.name} = k.{column.name}" for column in columns)
    found: list[Any] = []
    for part in _parts(connection, fields, keys):
        source = _source(connection, fields, len(part))
        if connection.dialect.name == "sqlite":
            # An unnamed VALUES list is a scan that the join drives from, one index search a key.
            head = f"WITH k({names}) AS ({source}) SELECT {wanted} FROM k CROSS JOIN {table.name} AS t ON {join}"  # noqa: S608
        else:
            head = f"SELECT {wanted} FROM ({source}) AS k({names}) JOIN {_name(connection, table)} AS t ON {join}"  # noqa: S608
        found += (await connection.exec_driver_sql(head, _values(connection, part))).all()
    return found


def _parts(connection: AsyncConnection, columns: Any, rows: Rows) -> list[Rows]:
    """Cut the rows so that each part fits into one statement."""
    if connection.dialect.name == "postgresql":
        return [rows] if rows else []
    size = _SQLITE_VARIABLES // len(columns)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def _values(connection: AsyncConnection, rows: Rows) -> tuple[Any, ...]:
    if connection.dialect.name == "postgresql":
        return tuple(map(list, zip(*rows, strict=True)))
    return tuple(value for row in rows for value in row)


def _name(connection: AsyncConnection, table: sa.Table) -> str:
    return table.fullname if connection.dialect.name == "postgresql" else table.name


def _source(connection: AsyncConnection, columns: Any, count: int) -> str:
    if connection.dialect.name == "postgresql":
        return f"SELECT * FROM unnest({_arrays(tuple(_type(column) for column in columns))})"  # noqa: S608
    return _places(len(columns), count)


@cache
def _arrays(types: tuple[str, ...]) -> str:
    return ", ".join(f"${number}::{name}[]" for number, name in enumerate(types, 1))


@cache
def _places(columns: int, count: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"VALUES {', '.join([row] * count)}"


def _type(column: sa.Column[Any]) -> str:
    return str(column.type.compile(dialect=_POSTGRES))


_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]
