"""The months that hold facts, found by looking into few of them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.tables import FACTS
from aggregation_svc.domain.moments import EARLIEST, micros, moment
from aggregation_svc.domain.periods import LATEST, Grain, Period

_DAY = 86_400 * 1_000_000
"""Microseconds of a day."""


async def months_held(connection: AsyncConnection) -> set[Period]:
    """Return the months that hold facts.

    SQLite has no index on time and reads its tables once; on PostgreSQL only what BRIN says may hold some is read.
    """
    found = set()
    if connection.dialect.name == "sqlite":
        for table, column in FACTS:
            for day in await connection.scalars(sa.select(table.c[column] // _DAY).distinct()):
                found.add(Period.containing(Grain.MONTH, moment(day * _DAY)))
        return found
    # Where the planner expects many rows it would read the table until it finds one, all of it where there is none.
    await connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
    for table, column in FACTS:
        found.update(await _held(connection, table.c[column], 12 * EARLIEST.year, 12 * LATEST.year))
    return found


async def _held(connection: AsyncConnection, column: sa.Column[int], first: int, last: int) -> list[Period]:
    """Return the months before `last` that hold a fact: none where all of them hold none, else those of each half.

    Months are counted from the year 0.
    """
    asked = sa.select(column).where(column >= micros(_start(first)), column < micros(_start(last)))
    if not (await connection.execute(sa.select(asked.exists()))).scalar_one():
        return []
    if last - first == 1:
        return [Period(_start(first), Grain.MONTH)]
    half = (first + last) // 2
    return [*await _held(connection, column, first, half), *await _held(connection, column, half, last)]


def _start(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
