"""The bounding plan on Apache Spark, over Parquet exports of the facts: each bucket's cohorts, added up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import numpy as np

from aggregation_svc.adapters.bounding import bounding_plan, rows_plan
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.spark_engine import Bucket, SparkEngine
from aggregation_svc.adapters.transpiled_plan import transpiled
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import VALUE, BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES
from aggregation_svc.release_ports import PeriodFacts

T = TypeVar("T")
Read = Callable[[Sequence[Bucket]], T]
"""Reads in a thread; blocks."""
COHORT = 3
"""Columns of the bounding plan that name a cohort."""


def months_of(period: Period) -> list[Period]:
    """Return the months that a period lies in: one, or two where a week goes over a month's end."""
    found = [Period.containing(Grain.MONTH, period.start)]
    while found[-1].end < period.end:
        found.append(found[-1].next)
    return found


class SparkPeriodFacts(PeriodFacts):
    """The facts of a period, bounded by Spark; retention looks at all months and stays in the database."""

    def __init__(self, exports: FactExports, engine: SparkEngine, in_database: PeriodFacts) -> None:
        """Read `exports` by `engine`."""
        self._exports, self._engine, self._in_database = exports, engine, in_database
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def waiting(self) -> int:
        """Return how many questions are computed or wait for their turn, whoever asked them still there or not."""
        return len(self._running)

    async def sums(self, period: Period) -> BoundedSums:
        """See the port: over exports that are first brought to what the database holds now."""
        return await self._ask(period, self._sums(period))

    async def rows(self, period: Period) -> BoundedRows:
        """See the port."""
        return await self._ask(period, self._rows(period))

    async def both(self, period: Period) -> tuple[BoundedSums, BoundedRows]:
        """See the port: of the same files, which are compared with the database once."""
        sums, rows = self._sums(period), self._rows(period)
        return await self._ask(period, lambda buckets: (sums(buckets), rows(buckets)))

    async def retention(self, period: Period, weeks: int) -> list[int]:
        """See the port."""
        return list(await self._in_database.retention(period, weeks))

    async def close(self) -> None:
        """Stop Spark, and with it what it computes."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await asyncio.to_thread(self._engine.stop)

    @asynccontextmanager
    async def exported(self, period: Period) -> AsyncIterator[list[Bucket]]:
        """Refresh the months of a period and keep their files in place while the block reads them."""
        found: dict[int, dict[str, list[str]]] = {}
        async with AsyncExitStack() as held:
            for month in months_of(period):
                manifest = await held.enter_async_context(self._exports.reading(month))
                for number, files in manifest.buckets(self._exports.folder(month).absolute()).items():
                    for kind, file in files.items():
                        found.setdefault(number, {}).setdefault(kind, []).append(file)
            yield list(found.values())

    def _sums(self, period: Period) -> Read[BoundedSums]:
        statement = transpiled(bounding_plan(period))

        def read(buckets: Sequence[Bucket]) -> BoundedSums:
            found = self._engine.run(buckets, statement)
            cohort, numbers = found.column_names[:COHORT], found.column_names[COHORT:]
            whole = found.group_by(cohort).aggregate([(name, "sum") for name in numbers])
            columns = [whole[name].to_pylist() for name in (*cohort, *(f"{name}_sum" for name in numbers))]
            return BoundedSums.of_rows((*row[:COHORT], list(row[COHORT:])) for row in zip(*columns, strict=True))

        return read

    def _rows(self, period: Period) -> Read[BoundedRows]:
        statement = transpiled(rows_plan(period))

        def read(buckets: Sequence[Bucket]) -> BoundedRows:
            table = self._engine.run(buckets, statement)
            values = np.empty((table.num_rows, len(MEASURES)), dtype=VALUE)
            for at, column in enumerate(table.columns):
                values[:, at] = column
            return BoundedRows(values)

        return read

    async def _ask(self, period: Period, read: Read[T]) -> T:
        """Return what is read of a period's exports.

        Whoever is cancelled leaves the work to its end: Spark's thread cannot be stopped, and its turn and its files
        are given back when it is done.
        """
        task = asyncio.create_task(self._asked(period, read), name="spark")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def _asked(self, period: Period, read: Read[T]) -> T:
        async with self._turn, self.exported(period) as buckets:
            return await asyncio.to_thread(read, buckets)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        # Whoever waits is told; where nobody does any more, the next who asks starts anew.
        if not task.cancelled():
            task.exception()
