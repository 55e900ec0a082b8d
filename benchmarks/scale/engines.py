"""Facts exported as Parquet, and the bounding plan on other engines with equal sums: at three sizes, beside group-bys.

Spark is measured where PySpark and Java are installed: a `local-cluster` of two workers, beside its own group-by of
the same columns.
"""

import asyncio
import json
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_engine import SparkEngine, require_spark
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.patterns.release import BoundedRows
from aggregation_svc.domain.periods import Grain, Period
from benchmarks.population import MONTH, fill
from benchmarks.release import baseline, release, seconds
from benchmarks.scale.growth import beside_line
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.migrations import upgrade
from mesh.settings import SettingError
from tests.servers import create_database, running_postgres

PERIOD = Period(MONTH, Grain.MONTH)
COUNTS = (1_000_000, 3_000_000, 10_000_000)
QUICK_COUNTS = (100_000, 200_000)
SESSIONS_A_PLAYER = 20
REPEATS = 3
SPARK_RUNS = 4
CLUSTER = "local-cluster[2,1,1024]"
_GROWTH = ("whole release, peak memory growth mb", "whole release, peak memory growth of its worker mb")
SIZES = ("sessions", "progress_snapshots", "therapeutic_outcomes")
COLUMNS = (
    "subject_id",
    "therapeutic_focus",
    "duration_minutes",
    "interaction_count",
    "therapeutic_interventions_count",
    "progress_markers_count",
    "engagement_score",
    "sentiment_score",
)
_BASELINE = (
    "SELECT subject_id, therapeutic_focus, count(*) AS sessions, sum(duration_minutes) AS minutes, "
    "sum(interaction_count) AS interactions, sum(therapeutic_interventions_count) AS interventions, "
    "sum(progress_markers_count) AS markers, avg(engagement_score) AS engagement, avg(sentiment_score) AS sentiment "
    "FROM sessions GROUP BY subject_id, therapeutic_focus"
)


def comparable(sums: BoundedSums) -> dict[Any, list[int]]:
    """Return the sums by cohort."""
    return {
        cell: [
            int(sums.players[i]),
            *sums.measures[i].ravel().tolist(),
            int(sums.capped[i]),
            *sums.outcomes[i].tolist(),
        ]
        for i, cell in enumerate(sums.cells)
    }


def in_order(rows: BoundedRows) -> NDArray[np.int16]:
    """Return the rows of players sorted, so that engines which give them in another order can be compared."""
    return rows.values[np.lexsort(rows.values.T)]


def size(paths: dict[str, list[str]]) -> int:
    """Return the bytes of all files."""
    return sum(Path(path).stat().st_size for several in paths.values() for path in several)


async def at(url: str, folder: Path, session_count: int) -> dict[str, float | bool]:
    """Return seconds and bytes; whether each engine's sums equal those of PostgreSQL."""
    await upgrade(url, "aggregation_svc")
    database = Database(url)
    await fill(database, session_count=session_count, subject_count=session_count // SESSIONS_A_PLAYER)
    here = SqlPeriodFacts(database)
    found: dict[str, float | bool] = {"sessions": session_count}
    expected = comparable(await here.sums(PERIOD))
    times = {"group-by": list[float](), "release": list[float]()}
    for _ in range(REPEATS):
        for name, run in (("group-by", baseline), ("release", release)):
            times[name].append(await seconds(run, database))
    plain, private = (statistics.median(times[name]) for name in ("group-by", "release"))
    found |= {"postgresql group-by s": plain, "postgresql release s": private, "postgresql ratio": private / plain}
    found |= await whole_release(url)
    async with database.read() as connection:
        sizes = [
            await connection.scalar(sa.text(f"SELECT pg_total_relation_size('analytics.{name}')")) for name in SIZES
        ]
    found["postgresql bytes a session, sessions alone"] = sizes[0] / session_count
    exports = FactExports(database, AuditLog(privacy_audit_log, secrets.token_bytes(32)), folder, "benchmark")
    began = time.perf_counter()
    manifest, _ = await exports.refresh(PERIOD)
    found["export s"] = time.perf_counter() - began
    began = time.perf_counter()
    await exports.refresh(PERIOD)
    found["unchanged refresh s"] = time.perf_counter() - began
    paths = {kind: manifest.paths(exports.folder(PERIOD), kind) for kind in manifest.files}
    found["parquet bytes a session, all kinds"] = size(paths) / session_count
    try:
        require_spark()
    except SettingError as missing:
        print(f"Spark is not measured: {missing}")
    else:
        found |= await on_spark(exports, here, expected)
        alone = found["spark sums s"] - found["unchanged refresh s"]
        found["spark ratio, without the look at the database"] = alone / found["spark group-by s"]
    await database.close()
    return found


async def whole_release(url: str) -> dict[str, float]:
    """Return seconds and memory of a release by its whole way, in a process that did nothing before."""
    command = [sys.executable, "-m", "benchmarks.scale.peak", url]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    text, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"benchmarks.scale.peak ended with {process.returncode}")
    figures: dict[str, float] = json.loads(text)
    return figures


async def on_spark(
    exports: FactExports, here: SqlPeriodFacts, expected: dict[Any, list[int]]
) -> dict[str, float | bool]:
    """Time the plan, and Spark's own group-by of the same columns; the first run starts Spark."""
    engine = SparkEngine(CLUSTER)
    spark = SparkPeriodFacts(exports, engine, here)
    runs = {"sums": list[float](), "group-by": list[float]()}
    equal = True
    for run in range(SPARK_RUNS):
        began = time.perf_counter()
        equal = comparable(await spark.sums(PERIOD)) == expected and equal
        between = time.perf_counter()
        async with spark.exported(PERIOD) as buckets:
            files = [file for bucket in buckets for file in bucket["sessions"]]
            opened = time.perf_counter()
            await asyncio.to_thread(group_by, engine.context(), files)
        if run:  # The first starts Spark and compiles what it runs.
            runs["sums"].append(between - began)
            runs["group-by"].append(time.perf_counter() - opened)
    rows_equal = bool(np.array_equal(in_order(await spark.rows(PERIOD)), in_order(await here.rows(PERIOD))))
    taken, plain = (statistics.median(runs[name]) for name in ("sums", "group-by"))
    await spark.close()
    return {
        "spark equal": equal,
        "spark rows equal": rows_equal,
        "spark sums s": taken,
        "spark group-by s": plain,
        "spark ratio": taken / plain,
    }


def group_by(context: Any, files: Sequence[str]) -> None:
    """Group by subject and focus in Spark's SQL; all of the result is made, row by row, and thrown away.

    A count of the rows would let Spark drop the sums and their columns.
    """
    from pyspark.sql import SparkSession

    session = SparkSession(context)
    session.conf.set("spark.sql.shuffle.partitions", str(2 * context.defaultParallelism))
    session.read.parquet(*files).createOrReplaceTempView("sessions")
    frame = session.sql(_BASELINE)
    scan = frame._jdf.queryExecution().sparkPlan().collectLeaves().apply(0)
    assert sorted(scan.schema().fieldNames()) == sorted(COLUMNS), scan.toString()
    frame.write.format("noop").mode("overwrite").save()


async def measure(*, quick: bool) -> dict[str, Any]:
    """Measure each size in a database of its own, and how what it takes grows over the sizes."""
    found: dict[str, Any] = {}
    for session_count in QUICK_COUNTS if quick else COUNTS:
        with running_postgres() as server, tempfile.TemporaryDirectory() as folder:
            url = await create_database(server, "bench")
            found[f"{session_count:,} sessions"] = await at(url, Path(folder), session_count)
    return found | {"growth": growth(list(found.values()))}


def growth(sizes: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the largest size's seconds beside a line through the smaller ones', and the memory of a further player.

    Where there are three sizes; Spark's, where it was measured.
    """
    found = {}
    for name in ("postgresql release s", "whole release s", "export s", "spark sums s"):
        points = [(size["sessions"], size[name]) for size in sizes if name in size]
        if len(points) > 2:
            found[f"{name} beside a line"] = beside_line(points)
    if len(sizes) > 1:
        players = (sizes[-1]["sessions"] - sizes[0]["sessions"]) / SESSIONS_A_PLAYER
        held = [sum(size[name] for name in _GROWTH) for size in (sizes[0], sizes[-1])]
        found["whole release, bytes a further player"] = (held[1] - held[0]) * 2**20 / players
    return found
