"""The release against a plain two-level group-by: bounding, noise, consistency and intervals in twice its time."""

import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from aggregation_svc.adapters.period_facts import bounded_sums
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.noise import OpenDpNoise
from aggregation_svc.domain.privacy.release import Terms, released
from aggregation_svc.domain.release_plan import MONTHLY_PLAN, OUTCOMES
from benchmarks.asked import command_line
from benchmarks.population import FOCUSES, MONTH, fill
from mesh.database import Database
from mesh.migrations import upgrade
from tests.servers import create_database, running_postgres

RESULTS = Path(__file__).parent / "results" / "release.json"
PERIOD = Period(MONTH, Grain.MONTH)
FACTS = (
    sessions.c.duration_minutes,
    sessions.c.interaction_count,
    sessions.c.therapeutic_interventions_count,
    sessions.c.progress_markers_count,
    sessions.c.engagement_score,
    sessions.c.sentiment_score,
)


def two_levels() -> sa.Select[Any]:
    """Return the same statistics without caps and noise: by subject, then by cohort.

    A subject's focus, frequency and level are simply the greatest name; sums, means and squares are floats.
    """
    first, last = int(PERIOD.start.timestamp()) * 10**6, int(PERIOD.end.timestamp()) * 10**6
    played = (
        sa.select(
            sessions.c.subject_id,
            sa.func.max(sessions.c.therapeutic_focus).label("focus"),
            sa.func.max(sessions.c.session_frequency).label("frequency"),
            sa.func.max(sessions.c.engagement_level).label("level"),
            sa.func.count().label("sessions"),
            *(
                (sa.func.avg(column) if column.name.endswith("score") else sa.func.sum(column)).label(column.name)
                for column in FACTS
            ),
        )
        .where(sessions.c.started_at >= first, sessions.c.started_at < last)
        .group_by(sessions.c.subject_id)
        .subquery()
    )
    snapshots = progress_snapshots.c
    progressed = (
        sa.select(
            snapshots.subject_id,
            sa.func.avg(snapshots.overall_progress).label("overall_progress"),
            sa.func.avg(snapshots.goal_completion_rate).label("goal_completion_rate"),
        )
        .where(snapshots.recorded_at >= first, snapshots.recorded_at < last)
        .group_by(snapshots.subject_id)
        .subquery()
    )
    outcomes = therapeutic_outcomes.c
    judged = (
        sa.select(outcomes.subject_id, sa.func.max(outcomes.outcome_category).label("outcome"))
        .where(outcomes.recorded_at >= first, outcomes.recorded_at < last)
        .group_by(outcomes.subject_id)
        .subquery()
    )
    values = [
        column
        for column in (*played.c, *progressed.c)
        if column.name not in ("subject_id", "focus", "frequency", "level")
    ]
    cohort = (played.c.focus, played.c.frequency, played.c.level)
    return (
        sa.select(
            *cohort,
            sa.func.count(),
            *(aggregate for v in values for aggregate in (sa.func.count(v), sa.func.sum(v), sa.func.sum(v * v))),
            *(sa.func.sum(sa.case((judged.c.outcome == category, 1), else_=0)) for category in OUTCOMES),
        )
        .select_from(
            subjects.join(played, played.c.subject_id == subjects.c.subject_id)
            .outerjoin(progressed, progressed.c.subject_id == subjects.c.subject_id)
            .outerjoin(judged, judged.c.subject_id == subjects.c.subject_id)
        )
        .where(subjects.c.analytics_consent)
        .group_by(*cohort)
    )


async def baseline(database: Database) -> None:
    async with database.read() as connection:
        rows = (await connection.execute(two_levels())).all()
    assert len(rows) == 30, len(rows)


async def release(database: Database) -> None:
    async with database.read() as connection:
        sums = await bounded_sums(connection, PERIOD)
    terms = Terms(PERIOD.grain, MONTHLY_PLAN, FOCUSES, 10)
    released(sums, terms, OpenDpNoise(), np.random.default_rng())


async def seconds(run: Callable[[Database], Awaitable[None]], database: Database) -> float:
    started = time.perf_counter()
    await run(database)
    return time.perf_counter() - started


async def compare(url: str, repeats: int = 5) -> dict[str, float]:
    """Time both in turn within one run; the first of each warms up."""
    await upgrade(url, "aggregation_svc")
    database = Database(url)
    await fill(database)
    times: dict[str, list[float]] = {"baseline": [], "release": []}
    for repeat in range(repeats + 1):
        for name, run in (("baseline", baseline), ("release", release)):
            taken = await seconds(run, database)
            if repeat:
                times[name].append(taken)
    await database.close()
    plain, private = (statistics.median(times[name]) for name in ("baseline", "release"))
    return {"two-level group-by s": plain, "release s": private, "ratio": private / plain}


def run() -> dict[str, dict[str, float]]:
    """Measure both engines: seconds (median of five) over 1e6 sessions of 50,000 subjects in 30 cohorts."""
    with tempfile.TemporaryDirectory() as folder:
        results = {"sqlite": asyncio.run(compare(f"sqlite:///{Path(folder) / 'bench.db'}"))}
    with running_postgres() as server:
        results["postgresql"] = asyncio.run(compare(asyncio.run(create_database(server, "bench"))))
    return results


def main() -> None:
    """Measure, print and write the result."""
    result = run()
    print("Release of 1e6 sessions, 50,000 subjects, 30 cohorts, noise and intervals included:")
    for engine, figures in result.items():
        print(f"  {engine:12} " + "  ".join(f"{name} {value:.2f}" for name, value in figures.items()))
    print("  target: at most twice the two-level group-by")
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": result}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    command_line("benchmarks.release", __doc__).parse_args()
    main()
