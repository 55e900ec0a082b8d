"""PostgreSQL finds what is asked for often by an index, once there is enough of it."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.histories import SqlHistories
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.period_facts import SqlPeriodFacts
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.periods import Grain, Period
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.migrations import upgrade
from mesh.pseudonyms import Pseudonymizer, Sealer
from tests.query_plans import fill, plans

SUBJECTS = 2_000
SESSIONS = 120_000
"""Sixty a subject, one every nine minutes, in the order of time."""
FIRST = datetime(2024, 9, 1, tzinfo=UTC)
MONTH = Period(datetime(2025, 9, 1, tzinfo=UTC), Grain.MONTH)


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    await upgrade(postgres_url, "aggregation_svc")
    database = Database(postgres_url)
    began = int(FIRST.timestamp()) * 1_000_000
    moments = f"{began} + n * 540000000::bigint"
    await fill(
        database,
        f"INSERT INTO analytics.subjects SELECT n, true, true, 0, 0 FROM generate_series(1, {SUBJECTS}) n",
        f"INSERT INTO analytics.subject_keys SELECT sha256(n::text::bytea), 1, n FROM generate_series(1, {SUBJECTS}) n",
        "INSERT INTO analytics.sessions (subject_id, session_id, started_at, duration_minutes, digest, received_at) "
        f"SELECT 1 + n % {SUBJECTS}, n, {moments}, 10, n, {moments} FROM generate_series(1, {SESSIONS}) n",
        "INSERT INTO analytics.progress_snapshots (subject_id, recorded_at, digest, overall_progress, received_at) "
        f"SELECT 1 + n % {SUBJECTS}, {moments}, n, 0.5, {moments} FROM generate_series(1, {SESSIONS}) n",
        "INSERT INTO analytics.therapeutic_outcomes (subject_id, recorded_at, digest, outcome_category, received_at) "
        f"SELECT 1 + n % {SUBJECTS}, {moments}, n, 'good', {moments} FROM generate_series(1, {SESSIONS}) n",
    )
    yield database
    await database.close()


async def test_a_release_reads_its_period_and_not_the_table(database: Database) -> None:
    plan = await plans(database, SqlPeriodFacts(database).sums(MONTH))
    for index in ("sessions_started_at", "progress_snapshots_recorded_at", "therapeutic_outcomes_recorded_at"):
        assert f"ix_{index}" in plan
    assert "Seq Scan on sessions" not in plan


async def test_rows_of_players_are_read_of_their_period_and_not_of_the_table(database: Database) -> None:
    plan = await plans(database, SqlPeriodFacts(database).rows(MONTH))
    for index in ("sessions_started_at", "progress_snapshots_recorded_at", "therapeutic_outcomes_recorded_at"):
        assert f"ix_{index}" in plan
    assert "Seq Scan on sessions" not in plan


async def test_the_months_that_hold_facts_are_found_without_reading_the_tables(
    database: Database, tmp_path: Path
) -> None:
    exports = FactExports(database, AuditLog(privacy_audit_log, secrets.token_bytes(32)), tmp_path, "tests")
    plan = await plans(database, exports.months())
    for index in ("sessions_started_at", "progress_snapshots_recorded_at", "therapeutic_outcomes_recorded_at"):
        assert f"ix_{index}" in plan
    assert "Seq Scan" not in plan
    last = datetime.fromtimestamp(FIRST.timestamp() + SESSIONS * 540, UTC)
    assert await exports.months() == months(FIRST, last)


def months(first: datetime, last: datetime) -> list[Period]:
    found = [Period.containing(Grain.MONTH, first)]
    while found[-1].end <= last:
        found.append(found[-1].next)
    return found


async def test_erasures_that_are_due_are_found_among_all_that_ever_were(database: Database) -> None:
    await fill(
        database,
        "INSERT INTO analytics.erasure_parts (erasure_id, service, done, removed, kept, failures, next_try_at) "
        "SELECT n::text, 'exports', n > 10, '{}', '[]', 0, n FROM generate_series(1, 20000) n",
    )
    keys = {1: secrets.token_bytes(32)}
    identity = Identity(Pseudonymizer(keys, 1), Sealer(keys, 1), KeyedHash(secrets.token_bytes(32)))
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    store = SqlStore(database, identity, audit, Idempotency(answered_requests, key=secrets.token_bytes(32)))

    async def look() -> None:
        async with SqlRightsStore(store).view() as rights:
            assert len(await rights.due_erasures(5)) == 5

    plan = await plans(database, look())
    assert "ix_erasure_parts_open" in plan
    assert "Seq Scan" not in plan


async def test_an_export_compares_its_period_and_not_the_table(database: Database, tmp_path: Path) -> None:
    exports = FactExports(database, AuditLog(privacy_audit_log, secrets.token_bytes(32)), tmp_path, "tests")
    plan = await plans(database, exports.fingerprints(MONTH))
    assert "ix_sessions_started_at" in plan
    assert "Seq Scan on sessions" not in plan


async def test_the_facts_of_one_player_are_found_by_their_key(database: Database) -> None:
    plan = await plans(database, SqlHistories(database).of([7]))
    for table in ("sessions", "progress_snapshots", "therapeutic_outcomes"):
        assert f"{table}_pkey" in plan or f"pk_{table}" in plan
    assert "Seq Scan" not in plan


async def test_a_pseudonym_leads_to_its_subject_by_an_index(database: Database) -> None:
    keys = {1: secrets.token_bytes(32)}
    identity = Identity(Pseudonymizer(keys, 1), Sealer(keys, 1), KeyedHash(secrets.token_bytes(32)))
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    store = SqlStore(database, identity, audit, Idempotency(answered_requests, key=secrets.token_bytes(32)))

    async def look_up() -> None:
        async with store.facts() as facts:
            await facts.subjects(["ann", "bob"])

    plan = await plans(database, look_up())
    assert "Index Cond: (pseudonym = k.pseudonym)" in plan
    assert "Seq Scan on subject_keys" not in plan
    assert "Seq Scan on subjects" not in plan
