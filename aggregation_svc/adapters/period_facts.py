"""The bounded facts of a period, read from one database."""

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.bounding import bounding_plan, rows_plan
from aggregation_svc.adapters.weekly_retention import retention_counts
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import VALUE, BoundedRows
from aggregation_svc.domain.periods import Period
from aggregation_svc.domain.release_plan import MEASURES
from aggregation_svc.release_ports import PeriodFacts
from mesh.database import Database

PART = 2_000
"""Rows read at once."""


async def bounded_sums(connection: AsyncConnection, period: Period) -> BoundedSums:
    """Read the bounded sums of a period."""
    rows = (await connection.execute(bounding_plan(period))).all()
    return BoundedSums.of_rows((row[0], row[1], row[2], [int(number) for number in row[3:]]) for row in rows)


class SqlPeriodFacts(PeriodFacts):
    """The facts of a period in one database."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def sums(self, period: Period) -> BoundedSums:
        """See the port: one statement, one moment."""
        async with self._database.read() as connection:
            return await bounded_sums(connection, period)

    async def retention(self, period: Period, weeks: int) -> list[int]:
        """See the port."""
        async with self._database.read() as connection:
            return await retention_counts(connection, period, weeks)

    async def rows(self, period: Period) -> BoundedRows:
        """See the port: one statement, one moment; read in parts, so that no other call waits for it."""
        # Bytes that grow in place: parts that are kept and then joined would hold every player twice.
        values = bytearray()
        async with self._database.read() as connection:
            result = await connection.stream(rows_plan(period))
            async for part in result.partitions(PART):
                values += np.array([tuple(row) for row in part], dtype=VALUE).tobytes()
        return BoundedRows(np.frombuffer(values, dtype=VALUE).reshape(-1, len(MEASURES)))
