"""Apache Spark over Parquet files of facts. Needs the extra `spark` and Java 17."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from aggregation_svc.adapters.facts_by_subject import FOCUSES, preferred_focuses
from aggregation_svc.adapters.tables import FACTS
from mesh.settings import SettingError

JAVA = 17
"""The oldest Java that Spark runs on."""
PATIENCE = 30
"""Seconds for Java to say its version."""
_KEEP_PROJECTIONS = "org.apache.spark.sql.catalyst.optimizer.CollapseProject"
"""Not applied: it would write each column's expression out wherever the column is used, three levels deep."""
_SHUFFLE_PARTITIONS = 2
"""For each processor of the cluster. Groups are small after the first: one row for a player and focus."""
_TYPES = {sa.BigInteger: "bigint", sa.Integer: "int", sa.Double: "double", sa.Text: "string"}
_KEPT_BACK = {"session_id", "received_at", "updated_at"}


@dataclass(frozen=True, slots=True)
class ExportedFacts:
    """What a statement reads."""

    paths: Mapping[str, Sequence[str]]
    """Files by kind of facts."""
    focus_names: Iterable[str]
    """Every focus in them."""


def require_spark() -> None:
    """Refuse with one line where PySpark or Java is missing, or Java is too old."""
    if importlib.util.find_spec("pyspark") is None:
        raise SettingError(
            "TTA_RELEASE_ENGINE", "spark needs PySpark; install it with `pip install tta-analytics[spark]`"
        )
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
    """One Spark application. Each statement has a session of its own, so that none sees another's files."""

    def __init__(self, master: str) -> None:
        """Run on `master`: `local[2]`, or the address of a cluster that sees the folder of the exports."""
        self._master = master
        self._starting = Lock()
        self._application: Any = None

    def run(self, facts: ExportedFacts, statement: str) -> Sequence[Any]:
        """Return the rows of a statement over `facts`; blocks, and starts Spark at the first use."""
        return list(self.session(facts).sql(statement).collect())

    def session(self, facts: ExportedFacts) -> Any:
        """Return a new session in which the kinds of facts are views."""
        application = self._started()
        session = application.newSession()
        processors = application.sparkContext.defaultParallelism
        session.conf.set("spark.sql.shuffle.partitions", str(_SHUFFLE_PARTITIONS * processors))
        for table, _ in FACTS:
            kept = [column for column in table.c if column.name not in _KEPT_BACK]
            schema = ", ".join(f"{column.name} {_TYPES[type(column.type)]}" for column in kept)
            files = facts.paths[table.name]
            frame = session.read.schema(schema).parquet(*files) if files else session.createDataFrame([], schema)
            frame.createOrReplaceTempView(table.name)
        focuses = pa.table(list(zip(*preferred_focuses(facts.focus_names), strict=True)), names=list(FOCUSES.c.keys()))
        session.createDataFrame(focuses).createOrReplaceTempView(FOCUSES.name)
        return session

    def stop(self) -> None:
        """Stop Spark, where it was started; statements that run fail."""
        if self._application is not None:
            self._application.stop()

    def _started(self) -> Any:
        with self._starting:
            if self._application is None:
                from pyspark.sql import SparkSession

                self._application = (
                    SparkSession.builder.appName("tta-analytics")
                    .master(self._master)
                    .config("spark.ui.enabled", "false")
                    .config("spark.sql.session.timeZone", "UTC")
                    .config("spark.ui.showConsoleProgress", "false")
                    .config("spark.sql.optimizer.excludedRules", _KEEP_PROJECTIONS)
                    .getOrCreate()
                )
        return self._application
