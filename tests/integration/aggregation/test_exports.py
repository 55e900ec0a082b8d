"""Facts as Parquet: once a month, verifiable, without who left; and the bounding plan over them."""

from datetime import UTC, datetime

import numpy as np
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from aggregation_svc.adapters.export_manifest import Manifest
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.spark_engine import SparkEngine, require_spark
from aggregation_svc.adapters.spark_facts import SparkPeriodFacts
from aggregation_svc.adapters.tables import progress_snapshots, sessions, subjects
from aggregation_svc.adapters.tables import therapeutic_outcomes as outcomes
from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.periods import Grain, Period
from mesh.database import Database
from mesh.settings import SettingError
from tests.exported_facts import HereEngine

MONTH = Period(datetime(2026, 9, 1, tzinfo=UTC), Grain.MONTH)
PLAYERS = 300
DAY = 86_400_000_000


@pytest.fixture
async def population(database: Database) -> None:
    """Players with all that a plan looks at: gaps, given levels, names in several scripts, facts of other months."""
    rng = np.random.default_rng(5)

    def maybe(value: object) -> object:
        return None if rng.random() < 0.3 else value

    def choice(*names: str | None) -> str | None:
        return names[int(rng.integers(len(names)))]

    players, played, progressed, judged = [], [], [], []
    for number in range(PLAYERS):
        subject = int(rng.integers(1, 2**62))
        players.append(
            {
                "subject_id": subject,
                "analytics_consent": number % 10 != 0,
                "research_consent": False,
                "consent_changed_at": 0,
                "created_at": 0,
            }
        )
        for session in range(int(rng.integers(0, 40))):
            started = micros(MONTH.start) + int(rng.integers(-DAY, 32 * DAY))
            played.append(
                {
                    "subject_id": subject,
                    "session_id": session,
                    "started_at": started,
                    "duration_minutes": maybe(round(float(rng.uniform(0, 300)), 2)),
                    "interaction_count": maybe(int(rng.integers(0, 400))),
                    "therapeutic_interventions_count": maybe(int(rng.integers(0, 30))),
                    "progress_markers_count": maybe(int(rng.integers(0, 30))),
                    "engagement_score": maybe(round(float(rng.random()), 3)),
                    "sentiment_score": maybe(round(float(rng.uniform(-1, 1)), 3)),
                    "therapeutic_focus": choice("anxiety", "sleep", "Ärger", "Zorn", None),
                    "session_frequency": choice("daily", "weekly", None, None),
                    "engagement_level": choice("high", "low", None, None),
                    "digest": int(rng.integers(-(2**62), 2**62)),
                }
            )
        for _ in range(int(rng.integers(0, 3))):
            progressed.append(
                {
                    "subject_id": subject,
                    "recorded_at": micros(MONTH.start) + int(rng.integers(0, 30 * DAY)),
                    "digest": int(rng.integers(-(2**62), 2**62)),
                    "overall_progress": maybe(round(float(rng.random()), 3)),
                    "goal_completion_rate": maybe(round(float(rng.random()), 3)),
                    "engagement_level": choice("high", "medium", None),
                }
            )
            judged.append(
                {
                    "subject_id": subject,
                    "recorded_at": micros(MONTH.start) + int(rng.integers(0, 30 * DAY)),
                    "digest": int(rng.integers(-(2**62), 2**62)),
                    "outcome_category": choice("positive", "neutral", "good", None),
                }
            )
    async with database.begin() as connection:
        for table, rows in (
            (subjects, players),
            (sessions, played),
            (progress_snapshots, progressed),
            (outcomes, judged),
        ):
            await connection.execute(table.insert(), rows)


def rows_of(sums: BoundedSums) -> dict[tuple[str, ...], list[int]]:
    return {
        (str(cell.focus), str(cell.frequency), str(cell.level)): [
            int(sums.players[i]),
            *sums.measures[i].ravel().tolist(),
            int(sums.capped[i]),
            *sums.outcomes[i].tolist(),
        ]
        for i, cell in enumerate(sums.cells)
    }


async def test_a_month_is_written_once_and_again_only_where_its_facts_changed(population, exports, database):
    first, written = await exports.refresh(MONTH)
    assert written
    assert await exports.refresh(MONTH) == (first, False)
    async with database.begin() as connection:
        subject = (await connection.execute(sa.select(sessions.c.subject_id).limit(1))).scalar_one()
        fact = {"subject_id": subject, "session_id": 1000, "started_at": micros(MONTH.start), "digest": 7}
        await connection.execute(sessions.insert(), fact | {"duration_minutes": 5.0})
    assert await exports.verify(MONTH) == [
        f"{exports.folder(MONTH)}: the facts of the month have changed since; export again"
    ]
    second, written = await exports.refresh(MONTH)
    assert written
    assert await exports.verify(MONTH) == []
    folders = [path.name for path in exports.folder(MONTH).iterdir() if path.is_dir()]
    assert folders == [second.version]


async def test_what_leaves_is_the_consented_facts_under_random_subject_numbers(population, exports, database):
    manifest, _ = await exports.refresh(MONTH)
    async with database.read() as connection:
        refused = set(await connection.scalars(sa.select(subjects.c.subject_id).where(~subjects.c.analytics_consent)))
    for kind, files in manifest.files.items():
        assert len(files) == 16
        for file in files:
            table = pq.read_table(exports.folder(MONTH) / file.path)
            assert not {"session_id", "user_id"} & set(table.column_names)
            found = table["subject_id"].to_pylist()
            assert not refused & set(found), kind
            assert {subject % 16 for subject in found} == {int(file.path[-10:-8])}


async def test_whoever_withdrew_or_was_erased_is_gone_after_a_refresh(population, exports, database):
    before, _ = await exports.refresh(MONTH)
    async with database.begin() as connection:
        query = sa.select(sessions.c.subject_id).join(subjects, subjects.c.subject_id == sessions.c.subject_id)
        found = await connection.scalars(query.where(subjects.c.analytics_consent).distinct().limit(2))
        withdrew, erased = found.all()
        gone = subjects.update().where(subjects.c.subject_id == withdrew).values(analytics_consent=False)
        await connection.execute(gone)
        for table in (sessions, progress_snapshots, outcomes, subjects):
            await connection.execute(table.delete().where(table.c.subject_id == erased))
    manifest, written = await exports.refresh(MONTH)
    assert written
    assert not (exports.folder(MONTH) / before.version).exists()
    paths = [path for kind in manifest.files for path in manifest.paths(exports.folder(MONTH), kind)]
    left = {subject for path in paths for subject in pq.read_table(path)["subject_id"].to_pylist()}
    assert left
    assert not {withdrew, erased} & left


async def test_verification_finds_a_changed_and_a_missing_file(population, exports):
    manifest, _ = await exports.refresh(MONTH)
    changed, missing = (exports.folder(MONTH) / file.path for file in manifest.files["sessions"][:2])
    changed.write_bytes(changed.read_bytes() + b" ")
    missing.unlink()
    assert await exports.verify(MONTH) == [
        f"{changed}: its checksum is not the manifest's",
        f"{missing}: is missing",
    ]


async def test_a_writer_that_died_leaves_nothing_that_counts(population, exports):
    left = exports.folder(MONTH) / "0123"
    left.mkdir(parents=True)
    (left / "sessions-00.parquet").write_bytes(b"half")
    assert Manifest.read(exports.folder(MONTH)) is None
    await exports.refresh(MONTH)
    assert not left.exists()
    assert await exports.months() == [MONTH.previous, MONTH, MONTH.next]


@pytest.mark.parametrize(("grain", "day"), [(Grain.MONTH, 10), (Grain.WEEK, 1)])
async def test_the_buckets_give_the_databases_sums_and_rows(population, exports, database, grain, day):
    period = Period.containing(grain, MONTH.start.replace(day=day))
    here, buckets = SqlPeriodFacts(database), SparkPeriodFacts(exports, HereEngine(), SqlPeriodFacts(database))
    assert rows_of(await buckets.sums(period)) == rows_of(await here.sums(period))
    found, expected = await buckets.rows(period), await here.rows(period)
    assert sorted(map(tuple, found.values.tolist())) == sorted(map(tuple, expected.values.tolist()))


@pytest.mark.spark
@pytest.mark.usefixtures("real_spark")
@pytest.mark.timeout(900)
async def test_spark_gives_the_databases_sums_and_rows(population, exports, database):
    here = SqlPeriodFacts(database)
    spark = SparkPeriodFacts(exports, SparkEngine("local[1]"), here)
    try:
        straddling = Period.containing(Grain.WEEK, MONTH.start)
        assert straddling.start < MONTH.start
        for period in (MONTH, straddling):
            assert rows_of(await spark.sums(period)) == rows_of(await here.sums(period))
        found, expected = await spark.rows(MONTH), await here.rows(MONTH)
        assert sorted(map(tuple, found.values.tolist())) == sorted(map(tuple, expected.values.tolist()))
    finally:
        await spark.close()


def test_a_missing_java_is_one_clear_line(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SettingError, match=r"^TTA_RELEASE_ENGINE: spark needs (Java 17|PySpark); install"):
        require_spark()


@pytest.mark.parametrize(("version", "refused"), [("1.8.0_402", 8), ("11.0.22", 11), ("17.0.15", None), ("21", None)])
def test_a_java_that_is_too_old_is_one_clear_line_before_any_release(monkeypatch, tmp_path, version, refused):
    pytest.importorskip("pyspark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-01' >&2\n", encoding="utf-8")
    java.chmod(0o700)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    if refused is None:
        require_spark()
        return
    with pytest.raises(
        SettingError, match=rf"^TTA_RELEASE_ENGINE: spark needs Java 17; found .*/java, which is Java {refused};"
    ):
        require_spark()
