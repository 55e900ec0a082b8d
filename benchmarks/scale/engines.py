"""Facts exported as Parquet, and the bounding plan on other engines with equal sums: at three sizes, beside group-bys.

Spark is measured where PySpark and Java are installed: a `local-cluster` of two workers, beside its own group-by of
the same columns.
"""

import asyncio
import secrets
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import psutil
import sqlalchemy as sa

from aggregation_svc.adapters.bounding import bounding_plan
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_engine import SparkEngine, require_spark
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from aggregation_svc.adapters.tables import privacy_audit_log
from aggregation_svc.adapters.transpiled_plan import transpiled
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.periods import Grain, Period
from benchmarks.population import MONTH, fill
from benchmarks.release import baseline, release, seconds
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.migrations import upgrade
from mesh.settings import SettingError
from tests.servers import create_database, running_postgres

PERIOD = Period(MONTH, Grain.MONTH)
COUNTS = (1_000_000, 3_000_000, 10_000_000)
QUICK_COUNTS = (100_000, 200_000)
REPEATS = 3
SPARK_RUNS = 4
CLUSTER = "local-cluster[2,1,1024]"
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


def size(paths: dict[str, list[str]]) -> int:
    """Return the bytes of all files."""
    return sum(Path(path).stat().st_size for several in paths.values() for path in several)


async def at(url: str, folder: Path, session_count: int) -> dict[str, float | bool]:
    """Return seconds and bytes; whether each engine's sums equal those of PostgreSQL."""
    await upgrade(url, "aggregation_svc")
    database = Database(url)
    await fill(database, session_count=session_count, subject_count=session_count // 20)
    here, process = SqlPeriodFacts(database), psutil.Process()
    found: dict[str, float | bool] = {"sessions": session_count}
    expected = comparable(await here.sums(PERIOD))
    memory = process.memory_info().rss
    times = {"group-by": list[float](), "release": list[float]()}
    for _ in range(REPEATS):
        for name, run in (("group-by", baseline), ("release", release)):
            times[name].append(await seconds(run, database))
    plain, private = (statistics.median(times[name]) for name in ("group-by", "release"))
    found |= {"postgresql group-by s": plain, "postgresql release s": private, "postgresql ratio": private / plain}
    found["postgresql release, memory growth mb"] = (process.memory_info().rss - memory) / 2**20
    async with database.read() as connection:
        sizes = [
            await connection.scalar(sa.text(f"SELECT pg_total_relation_size('analytics.{name}')")) for name in SIZES
        ]
    found["postgresql bytes a session, sessions alone"] = sizes[0] / session_count
    exports = FactExports(database, AuditLog(privacy_audit_log, secrets.token_bytes(32)), folder, "benchmark")
    before, began = process.memory_info().rss, time.perf_counter()
    manifest, _ = await exports.refresh(PERIOD)
    found["export s"] = time.perf_counter() - began
    found["export memory growth mb"] = (process.memory_info().rss - before) / 2**20
    began = time.perf_counter()
    await exports.refresh(PERIOD)
    found["unchanged refresh s"] = time.perf_counter() - began
    paths = {kind: manifest.paths(exports.folder(PERIOD), kind) for kind in manifest.files}
    found["parquet bytes a session, all kinds"] = size(paths) / session_count
    with duckdb.connect() as engine:
        for kind, files in paths.items():
            more = ", true AS analytics_consent" if kind == "subjects" else ""
            engine.from_parquet(files).project(f"*{more}").create_view(kind)
        began = time.perf_counter()
        rows = engine.execute(transpiled(bounding_plan(PERIOD), "duckdb")).fetchall()
        found["duckdb sums s"] = time.perf_counter() - began
    sums = BoundedSums.of_rows((row[0], row[1], row[2], [int(number) for number in row[3:]]) for row in rows)
    found["duckdb equal"] = comparable(sums) == expected
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
        async with spark.exported(PERIOD) as facts:
            session = await asyncio.to_thread(engine.session, facts)
            opened = time.perf_counter()
            await asyncio.to_thread(group_by, session)
        if run:  # The first starts Spark and compiles what it runs.
            runs["sums"].append(between - began)
            runs["group-by"].append(time.perf_counter() - opened)
    taken, plain = (statistics.median(runs[name]) for name in ("sums", "group-by"))
    await spark.close()
    return {"spark equal": equal, "spark sums s": taken, "spark group-by s": plain, "spark ratio": taken / plain}


def group_by(session: Any) -> None:
    """Group by subject and focus; all of the result is made, row by row, and thrown away.

    A count of the rows would let Spark drop the sums and their columns.
    """
    frame = session.sql(_BASELINE)
    scan = frame._jdf.queryExecution().sparkPlan().collectLeaves().apply(0)
    assert sorted(scan.schema().fieldNames()) == sorted(COLUMNS), scan.toString()
    frame.write.format("noop").mode("overwrite").save()


async def measure(*, quick: bool) -> dict[str, Any]:
    """Measure each size in a database of its own."""
    found: dict[str, Any] = {}
    for session_count in QUICK_COUNTS if quick else COUNTS:
        with running_postgres() as server, tempfile.TemporaryDirectory() as folder:
            url = await create_database(server, "bench")
            found[f"{session_count:,} sessions"] = await at(url, Path(folder), session_count)
    return found
