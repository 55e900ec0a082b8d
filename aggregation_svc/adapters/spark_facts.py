"""The bounding plan on Apache Spark, over Parquet exports of the facts. Needs the extra `spark` and Java 17."""

import asyncio
import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from aggregation_svc.adapters.bounding import bounding_plan, rows_plan
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.facts_by_subject import FOCUSES, preferred_focuses
from aggregation_svc.adapters.tables import FACTS
from aggregation_svc.adapters.transpiled_plan import transpiled
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.release_plan import MEASURES
from aggregation_svc.release_ports import PeriodFacts
from mesh.settings import SettingError

_KINDS = tuple(table.name for table, _ in FACTS)
_KEEP_PROJECTIONS = "org.apache.spark.sql.catalyst.optimizer.CollapseProject"
"""Not applied: it would write each column's expression out wherever the column is used, three levels deep."""
_SHUFFLE_PARTITIONS = 2
"""For each processor of the cluster. Groups are small after the first: one row for a player and focus."""
_TYPES = {sa.BigInteger: "bigint", sa.Integer: "int", sa.Double: "double", sa.Text: "string"}


def require_spark() -> None:
    """Refuse with one line where PySpark or Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        raise SettingError(
            "TTA_RELEASE_ENGINE", "spark needs PySpark; install it with `pip install tta-analytics[spark]`"
        )
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        raise SettingError("TTA_RELEASE_ENGINE", "spark needs Java 17; install it, or set JAVA_HOME to where it is")


def months_of(period: Period) -> list[Period]:
    """Return the months that a period lies in: one, or two where a week goes over a month's end."""
    found = [Period.containing(Grain.MONTH, period.start)]
    while found[-1].end < period.end:
        found.append(found[-1].next)
    return found


class SparkPeriodFacts(PeriodFacts):
    """The facts of a period, bounded by Spark; retention looks at all months and stays in the database."""

    def __init__(self, exports: FactExports, master: str, in_database: PeriodFacts) -> None:
        """Run on `master`: `local[2]`, or the address of a cluster that sees the folder of `exports`."""
        self._exports, self._master, self._in_database = exports, master, in_database
        self._turn = asyncio.Lock()
        self._session: Any = None

    async def sums(self, period: Period) -> BoundedSums:
        """See the port: over exports that are first brought to what the database holds now."""
        rows = await self._ask(period, bounding_plan(period, exported=True))
        return BoundedSums.of_rows((row[0], row[1], row[2], [int(number) for number in row[3:]]) for row in rows)

    async def rows(self, period: Period) -> BoundedRows:
        """See the port."""
        rows = await self._ask(period, rows_plan(period, exported=True))
        return BoundedRows(np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, len(MEASURES)))

    async def retention(self, period: Period, weeks: int) -> list[int]:
        """See the port."""
        return list(await self._in_database.retention(period, weeks))

    async def close(self) -> None:
        """Stop Spark, where it was started."""
        if self._session is not None:
            await asyncio.to_thread(self._session.stop)

    async def _ask(self, period: Period, plan: sa.Select[Any]) -> list[Any]:
        async with self._turn:
            paths: dict[str, list[str]] = {kind: [] for kind in _KINDS}
            names: set[str] = set()
            for month in months_of(period):
                manifest, _ = await self._exports.refresh(month)
                for kind in _KINDS:
                    paths[kind] += manifest.paths(self._exports.folder(month).absolute(), kind)
                names.update(manifest.focus_names)
            return await asyncio.to_thread(self._run, paths, names, transpiled(plan, "spark"))

    def _run(self, paths: dict[str, list[str]], names: set[str], statement: str) -> list[Any]:
        spark = self.started()
        for table, _ in FACTS:
            kept = [column for column in table.c if column.name in _columns(table)]
            schema = ", ".join(f"{column.name} {_TYPES[type(column.type)]}" for column in kept)
            files = paths[table.name]
            frame = spark.read.schema(schema).parquet(*files) if files else spark.createDataFrame([], schema)
            frame.createOrReplaceTempView(table.name)
        focuses = pa.table(list(zip(*preferred_focuses(names), strict=True)), names=list(FOCUSES.c.keys()))
        spark.createDataFrame(focuses).createOrReplaceTempView(FOCUSES.name)
        return list(spark.sql(statement).collect())

    def started(self) -> Any:
        """Return the Spark session, started at the first use."""
        if self._session is None:
            from pyspark.sql import SparkSession

            session = (
                SparkSession.builder.appName("tta-analytics")
                .master(self._master)
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.sql.optimizer.excludedRules", _KEEP_PROJECTIONS)
                .getOrCreate()
            )
            processors = session.sparkContext.defaultParallelism
            session.conf.set("spark.sql.shuffle.partitions", str(_SHUFFLE_PARTITIONS * processors))
            self._session = session
        return self._session


def _columns(table: sa.Table) -> set[str]:
    return {column.name for column in table.c} - {"session_id", "received_at", "updated_at"}
