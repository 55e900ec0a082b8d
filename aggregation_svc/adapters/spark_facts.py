"""The bounding plan on Apache Spark, over Parquet exports of the facts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa

from aggregation_svc.adapters.bounding import bounding_plan, rows_plan
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.spark_engine import ExportedFacts, SparkEngine
from aggregation_svc.adapters.tables import FACTS
from aggregation_svc.adapters.transpiled_plan import transpiled
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES
from aggregation_svc.release_ports import PeriodFacts

T = TypeVar("T")


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

    async def sums(self, period: Period) -> BoundedSums:
        """See the port: over exports that are first brought to what the database holds now."""
        return await self._ask(period, bounding_plan(period, exported=True), _sums)

    async def rows(self, period: Period) -> BoundedRows:
        """See the port."""
        return await self._ask(period, rows_plan(period, exported=True), _rows)

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
    async def exported(self, period: Period) -> AsyncIterator[ExportedFacts]:
        """Refresh the months of a period and keep their files in place while the block reads them."""
        paths: dict[str, list[str]] = {table.name: [] for table, _ in FACTS}
        names: set[str] = set()
        async with AsyncExitStack() as held:
            for month in months_of(period):
                manifest = await held.enter_async_context(self._exports.reading(month))
                for kind, files in paths.items():
                    files += manifest.paths(self._exports.folder(month).absolute(), kind)
                names.update(manifest.focus_names)
            yield ExportedFacts(paths, names)

    async def _ask(self, period: Period, plan: sa.Select[Any], made: Callable[[Sequence[Any]], T]) -> T:
        """Return what is `made` of the plan's rows.

        Whoever is cancelled leaves the work to its end: Spark's thread cannot be stopped, and its turn and its files
        are given back when it is done.
        """
        task = asyncio.create_task(self._asked(period, transpiled(plan, "spark"), made), name="spark")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def _asked(self, period: Period, statement: str, made: Callable[[Sequence[Any]], T]) -> T:
        async with self._turn, self.exported(period) as facts:
            return await asyncio.to_thread(lambda: made(self._engine.run(facts, statement)))

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        # Whoever waits is told; where nobody does any more, the next who asks starts anew.
        if not task.cancelled():
            task.exception()


def _sums(rows: Sequence[Any]) -> BoundedSums:
    return BoundedSums.of_rows((row[0], row[1], row[2], [int(number) for number in row[3:]]) for row in rows)


def _rows(rows: Sequence[Any]) -> BoundedRows:
    return BoundedRows(np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, len(MEASURES)))
