"""Facts for benchmarks, written straight into a store: what is measured is the reading, not the ingest."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from mesh.database import Database, driver

MONTH = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 30
FOCUSES = ("anxiety", "depression", "grief", "sleep", "stress")
LEVELS = ("high", "medium")
FREQUENCIES = ("daily", "weekly", "occasional")
CATEGORIES = ("positive", "neutral", "needs_attention", "excellent", "good", "moderate")


async def fill(database: Database, *, session_count: int = 1_000_000, subject_count: int = 50_000) -> None:
    """Store one month: sessions in order of time, a snapshot per subject, an outcome for every second, 30 cohorts."""
    random = np.random.default_rng(7)
    ids = random.choice(2**60, subject_count, replace=False) + 1
    who = random.integers(0, subject_count, session_count)
    usual = random.integers(0, len(FOCUSES), subject_count)
    focus = np.where(random.random(session_count) < 0.02, random.integers(0, len(FOCUSES), session_count), usual[who])
    frequency = random.integers(0, len(FREQUENCIES), subject_count)[who]
    level = random.integers(0, len(LEVELS), subject_count)[who]
    start = int(MONTH.timestamp()) * 1_000_000
    started = np.sort(start + random.integers(0, DAYS * 86_400_000_000, session_count))
    minutes, engagement = random.gamma(4, 8, session_count).round(1), random.random(session_count).round(3)
    sentiment = random.uniform(-1, 1, session_count).round(3)
    counts = random.poisson((25, 2, 2), (session_count, 3))
    names = (np.array(FOCUSES)[focus], np.array(FREQUENCIES)[frequency], np.array(LEVELS)[level])
    columns = (
        ids[who], random.integers(0, 2**62, session_count), started, minutes, *counts.T, engagement, sentiment, *names
    )  # fmt: skip
    none, zero = [None] * session_count, [0] * session_count
    await _store(
        database, subjects, [ids, [True] * subject_count, [False] * subject_count, *[[start] * subject_count] * 2]
    )
    await _store(database, sessions, [*columns, none, zero, [start] * session_count])
    moments = start + random.integers(0, DAYS * 86_400_000_000, subject_count)
    await _store(
        database,
        progress_snapshots,
        [
            ids,
            moments,
            [0] * subject_count,
            *random.random((2, subject_count)).round(3),
            *[[None] * subject_count] * 2,
            [start] * subject_count,
        ],
    )
    half = slice(0, subject_count // 2)
    empty = [None] * (subject_count // 2)
    await _store(
        database,
        therapeutic_outcomes,
        [
            ids[half],
            moments[half],
            [0] * len(empty),
            random.choice(CATEGORIES, len(empty)),
            *[empty] * 3,
            [start] * len(empty),
        ],
    )
    async with database.begin() as connection:
        await connection.execute(sa.text("ANALYZE"))


PART = 500_000
"""Rows in memory at once."""


async def _store(database: Database, table: sa.Table, columns: list[Any]) -> None:
    async with database.begin() as connection:
        for first in range(0, len(columns[0]), PART):
            part = (column[first : first + PART] for column in columns)
            rows = list(zip(*(one.tolist() if isinstance(one, np.ndarray) else one for one in part), strict=True))
            if database.dialect == "postgresql":
                asyncpg = await driver(connection)
                await asyncpg.copy_records_to_table(table.name, schema_name="analytics", records=rows)
                continue
            marks = ", ".join("?" * len(columns))
            for at in range(0, len(rows), 50_000):
                await connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", rows[at : at + 50_000])
