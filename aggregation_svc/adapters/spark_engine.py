"""Apache Spark over Parquet files of facts: a task for each bucket of subjects. Needs the extra `spark` and Java 17.

A bucket holds everything of its subjects, so that a plan that groups by subject needs no other bucket: nothing is
shuffled, and what remains is to add up cohorts.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from aggregation_svc.adapters import spark_task
from aggregation_svc.adapters.parquet_buckets import KEPT_BACK
from aggregation_svc.adapters.tables import FACTS, subjects
from mesh.settings import SettingError

JAVA = 17
"""The oldest Java that Spark runs on."""
PATIENCE = 90
"""Seconds for Java to say its version."""
_TYPES = {sa.BigInteger: "BIGINT", sa.Integer: "INTEGER", sa.Double: "DOUBLE", sa.Text: "TEXT", sa.Boolean: "BOOLEAN"}


Bucket = Mapping[str, Sequence[str]]
"""The files of one bucket of subjects, by kind of facts."""


def require_spark() -> None:
    """Refuse with one line where PySpark, DuckDB or Java is missing, or Java is too old."""
    for package, name in (("pyspark", "PySpark"), ("duckdb", "DuckDB")):
        if importlib.util.find_spec(package) is None:
            raise SettingError(
                "TTA_RELEASE_ENGINE", f"spark needs {name}; install it with `pip install tta-analytics[spark]`"
            )
    require_java()


def require_java() -> None:
    """Refuse with one line where Java is missing or too old."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if java is None:
        raise SettingError("TTA_RELEASE_ENGINE", "spark needs Java 17; install it, or set JAVA_HOME to where it is")
    version = _java_version(java)
    if version is None or version < JAVA:
        found = "whose version it does not tell" if version is None else f"which is Java {version}"
        raise SettingError("TTA_RELEASE_ENGINE", f"spark needs Java 17; found {java}, {found}; set JAVA_HOME")


def _java_version(java: str) -> int | None:
    """Return the major version: of `17.0.15` it is 17, of `1.8.0_402` 8; None where Java does not tell."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=PATIENCE, check=True).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    return None if found is None else int(found[1])


class SparkEngine:
    """One Spark application."""

    def __init__(self, master: str) -> None:
        """Run on `master`: `local[2]`, or the address of a cluster that sees the folder of the exports."""
        self._master = master
        self._starting = Lock()
        self._context: Any = None

    def run(self, buckets: Sequence[Bucket], statement: str) -> pa.Table:
        """Return the rows of a statement over each bucket, one after the other; blocks, and starts Spark at first."""
        tasks = [(_tables(bucket), statement) for bucket in buckets or [{}]]
        return pa.concat_tables(pa.ipc.open_stream(rows).read_all() for rows in self.each(tasks))

    def each(self, tasks: Sequence[tuple[str, str]]) -> Sequence[bytes]:
        """Return the rows of each task, as `spark_task.rows_of` gives them."""
        return list(self.context().parallelize(tasks, len(tasks)).map(spark_task.rows_of).collect())

    def context(self) -> Any:
        """Return the running application; starts it at the first use."""
        with self._starting:
            if self._context is None:
                self._context = self._started()
        return self._context

    def stop(self) -> None:
        """Stop Spark, where it was started; statements that run fail."""
        if self._context is not None:
            self._context.stop()

    def _started(self) -> Any:
        from pyspark import SparkConf, SparkContext

        if self._master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        pickling: Any = importlib.import_module("pyspark.cloudpickle")  # it has no types
        pickling.register_pickle_by_value(spark_task)
        gateway: Any = importlib.import_module("pyspark.java_gateway")
        gateway.Popen = launched_apart
        settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
        conf = SparkConf().setAppName("tta-analytics").setMaster(self._master).setAll(list(settings.items()))
        return SparkContext.getOrCreate(conf)


def launched_apart(command: Sequence[str], *, preexec_fn: object = None, **options: Any) -> subprocess.Popen[bytes]:
    """Start Java in a session of its own, which Ctrl-C does not reach: PySpark has it ignored by a hook in the child.

    With a hook the child is a fork, and gRPC's handlers of forks crashed 43 of 150 in a process that was serving.
    """
    del preexec_fn
    return subprocess.Popen(command, start_new_session=True, **options)


def _tables(bucket: Bucket) -> str:
    """Return the statements after which a bucket's files are the tables that a plan names."""
    return "".join(_table(table, bucket.get(table.name, ())) for table in (*(table for table, _ in FACTS), subjects))


def _table(table: sa.Table, files: Sequence[str]) -> str:
    if not files:
        kept = (f"{column.name} {_TYPES[type(column.type)]}" for column in table.c if column.name not in KEPT_BACK)
        return f"CREATE TABLE {table.name} ({', '.join(kept)});\n"
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    read = f"SELECT * FROM read_parquet([{names}])"  # noqa: S608 our names
    if table is subjects:  # Those who consented, and some of them in two months.
        read = f"SELECT DISTINCT *, true AS {subjects.c.analytics_consent.name} FROM ({read})"  # noqa: S608 our names
    return f"CREATE VIEW {table.name} AS {read};\n"
