"""Facts of a few players in two months, and their exports: for tests of what is written, read and left."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import sqlalchemy as sa

from aggregation_svc.adapters.export_manifest import Manifest
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.spark_engine import SparkEngine
from aggregation_svc.adapters.spark_task import rows_of
from aggregation_svc.adapters.tables import privacy_audit_log, sessions, subjects
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.periods import Grain, Period
from mesh.audit import AuditLog
from mesh.database import Database

MONTH = Period(datetime(2026, 9, 1, tzinfo=UTC), Grain.MONTH)
PLAYERS = 40


async def store(database: Database) -> None:
    """Store players who consented, with a session in August and two in September.

    They arrived now: retention, which a service begins with, would remove those that arrived in 1970.
    """
    arrived = micros(datetime.now(UTC))
    rows = [
        {
            "subject_id": subject,
            "session_id": number,
            "started_at": micros((MONTH.previous if number == 0 else MONTH).start) + 1_000_000 * number,
            "duration_minutes": 10.0,
            "digest": subject * 10 + number,
            "therapeutic_focus": "sleep" if subject % 2 else "grief",
            "received_at": arrived,
        }
        for subject in range(1, PLAYERS + 1)
        for number in range(3)
    ]
    player = {"analytics_consent": True, "research_consent": False, "consent_changed_at": 0, "created_at": 0}
    async with database.begin() as connection:
        await connection.execute(subjects.insert(), [player | {"subject_id": n} for n in range(1, PLAYERS + 1)])
        await connection.execute(sessions.insert(), rows)


async def change(database: Database, subject: int = 1) -> None:
    """Store one more session of a player in September."""
    fact = {"subject_id": subject, "session_id": 99, "started_at": micros(MONTH.start), "digest": 7}
    async with database.begin() as connection:
        await connection.execute(sessions.insert(), fact)


async def withdraw(database: Database, subject: int) -> None:
    """Take a player's consent back."""
    gone = subjects.update().where(subjects.c.subject_id == subject).values(analytics_consent=False)
    async with database.begin() as connection:
        await connection.execute(gone)


def exports_of(database: Database, folder: Path) -> FactExports:
    """Return exports into `folder`."""
    return FactExports(database, AuditLog(privacy_audit_log, secrets.token_bytes(32)), folder, "tests")


def players_in(folder: Path) -> set[int]:
    """Return the players of whom any file under `folder` knows, named by a manifest or not."""
    return {player for path in folder.rglob("*.parquet") for player in pq.read_table(path)["subject_id"].to_pylist()}


def manifest_of(folder: Path) -> Manifest:
    """Return a month's manifest, which is there."""
    manifest = Manifest.read(folder)
    assert manifest is not None
    return manifest


async def exports_told(database: Database, month: Period = MONTH) -> list[str]:
    """Return the versions of a month that the audit trail tells of, without those that it takes back."""
    query = sa.select(privacy_audit_log.c.action, privacy_audit_log.c.details).order_by(privacy_audit_log.c.position)
    told: list[str] = []
    undone: set[str] = set()
    async with database.read() as connection:
        for action, text in await connection.execute(query):
            details = json.loads(text)
            if details.get("period_start") == f"{month.start:%Y-%m-%d}":
                if action == "facts_exported":
                    told.append(details["version"])
                elif action == "facts_export_undone":
                    undone.add(details["version"])
    return [version for version in told if version not in undone]


class HereEngine(SparkEngine):
    """Does what Spark's tasks do, here and one after the other."""

    def __init__(self) -> None:
        super().__init__("none")

    def each(self, tasks: Sequence[tuple[str, str]]) -> Sequence[bytes]:
        return [rows_of(task) for task in tasks]
