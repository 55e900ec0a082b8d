"""The record survives: a dump restored elsewhere, and migrations forwards and back on filled tables under reads."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import grpc
import pytest
from tta.analytics.v1 import (
    aggregation_pb2,
    aggregation_pb2_grpc,
    common_pb2,
    facts_pb2,
    ingestion_pb2,
    ingestion_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
)

from mesh import migrations
from mesh.channels import channel
from tests.aggregation_process import aggregation
from tests.servers import PostgresServer, drop_database, postgres_binaries
from tests.tokens import lasting_token

GUIDE = Path(__file__).parents[2] / "docs/operations.md"
RESTORED = "aggregation_restored"
"""The database that the guide restores into."""
PLAYERS = 60
KEYS = {f"{name}_key": f"{name}-".ljust(40, "k") for name in ("auth_secret", "pseudonym", "seal", "audit")}
PACKAGE = "aggregation_svc"


@pytest.fixture
async def own_url(postgres_server: PostgresServer, postgres_url: str) -> AsyncIterator[str]:
    """A database of aggregation's own role, as overlays/dev/roles.sh makes it; what is restored goes at the end."""
    name, server = postgres_url.rpartition("/")[2], postgres_server.url()
    for role in ("aggregation", "reporting"):
        connection = await asyncpg.connect(server)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f'CREATE ROLE "{role}" LOGIN')
        finally:
            await connection.close()
    await execute(server, f'ALTER DATABASE "{name}" OWNER TO aggregation')
    await execute(server, f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')
    yield as_role("aggregation", postgres_url)
    await drop_database(postgres_server, RESTORED)


def as_role(role: str, url: str) -> str:
    return url.replace("postgres@", f"{role}@")


class Store:
    """Stubs of an admin at one aggregation process."""

    def __init__(self, connection: Any) -> None:
        self.ingestion = ingestion_pb2_grpc.IngestionServiceStub(connection)
        self.aggregation = aggregation_pb2_grpc.AggregationServiceStub(connection)
        self.privacy = privacy_pb2_grpc.PrivacyServiceStub(connection)


@asynccontextmanager
async def served(url: str) -> AsyncIterator[Store]:
    with aggregation(url, **KEYS, numeric_workers="0", period_grace="0s") as process:
        token = lasting_token(process.settings, "ada", role="admin")
        async with channel(process.target, process.settings, token=token) as connection:
            async with asyncio.timeout(300):
                await connection.channel_ready()
            yield Store(connection)


async def fill(store: Store) -> aggregation_pb2.Release:
    """Take in a month of sixty players and release it."""
    sessions = []
    for number in range(PLAYERS):
        await store.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id=f"p{number}", analytics=True))
        session = facts_pb2.Session(user_id=f"p{number}", session_id="1", duration_minutes=20)
        session.started_at.FromDatetime(datetime(2025, 3, 1 + number % 28, tzinfo=UTC))
        sessions.append(session)
    request = ingestion_pb2.IngestSessionsRequest(sessions=sessions)
    assert (await store.ingestion.IngestSessions(iter([request]))).stored == PLAYERS
    march = aggregation_pb2.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
    march.period_start.FromDatetime(datetime(2025, 3, 1, tzinfo=UTC))
    return await store.aggregation.CreateRelease(march)


def follow_restore(folder: Path, server: PostgresServer, url: str, restored: str) -> None:
    """Run the commands that the operations guide gives for backup and restore, line by line, as a reader would."""
    text = GUIDE.read_text().partition("\n## Back up and restore\n")[2]
    commands = text.split("```\n")[1]
    assert "pg_dump" in commands
    variables = {"SERVER_URL": server.url(), "AGGREGATION_DATABASE_URL": url, "NEW_DATABASE_URL": restored}
    path = f"{postgres_binaries()}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


async def migrate(url: str, to: str) -> None:
    """Run the guide's `tta-analytics migrate aggregation --to REVISION`."""
    command = [sys.executable, "-m", "tta_analytics", "migrate", "aggregation", "--to", to]
    environment = {**os.environ, "TTA_DATABASE_URL": url}
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def test_a_dump_restored_into_a_new_database_is_the_same_store_and_of_its_role_alone(
    postgres_server: PostgresServer, own_url: str, tmp_path: Path
):
    async with served(own_url) as store:
        release = await fill(store)
        budget = await store.privacy.GetBudget(privacy_pb2.GetBudgetRequest())
    restored = as_role("aggregation", postgres_server.url(RESTORED))
    follow_restore(tmp_path, postgres_server, own_url, restored)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(as_role("reporting", postgres_server.url(RESTORED)))
    async with served(restored) as store:
        again = await store.aggregation.GetRelease(aggregation_pb2.GetReleaseRequest(release_id=release.release_id))
        assert again.SerializeToString(deterministic=True) == release.SerializeToString(deterministic=True)
        kept = await store.privacy.GetBudget(privacy_pb2.GetBudgetRequest())
        assert (kept.spent_micros, kept.spent_micros > 0) == (budget.spent_micros, True)
        assert (await store.privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact
        # The keys open what they locked: a player is known again, and the same session is no new one.
        consent = await store.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id="p7"))
        assert consent.analytics
        session = facts_pb2.Session(user_id="p7", session_id="1", duration_minutes=20)
        session.started_at.FromDatetime(datetime(2025, 3, 8, tzinfo=UTC))
        summary = await store.ingestion.IngestSessions(iter([ingestion_pb2.IngestSessionsRequest(sessions=[session])]))
        assert (summary.stored, summary.unchanged) == (0, 1)


async def test_who_was_erased_after_the_dump_is_found_by_the_log_stream_and_erased_again(
    postgres_server: PostgresServer, own_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    """As the guide says: the log names the subjects, the restored store says who they are there."""
    erasures = GUIDE.read_text().partition("- **Erasures.**")[2].partition("\n- **")[0]
    assert all(f"`{word}`" in erasures for word in ("subject_erased", "erased_subject", "subject_not_found"))
    restored = as_role("aggregation", postgres_server.url(RESTORED))
    async with served(own_url) as store:
        await fill(store)
        follow_restore(tmp_path, postgres_server, own_url, restored)
        capfd.readouterr()
        await store.ingestion.SetConsent(ingestion_pb2.SetConsentRequest(user_id="late", analytics=True))
        for player in ("p7", "late"):
            await store.privacy.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id=player))
    events = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
    erased = [event["erased_subject"] for event in events if event["event"] == "subject_erased"]
    assert len(erased) == 2
    async with served(restored) as store:
        back = await store.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id="p7"))
        assert back.analytics
        asked = [
            privacy_pb2.RevealSubjectRequest(subject_id=subject, purpose="Erased after the backup that was restored.")
            for subject in erased
        ]
        player = (await store.privacy.RevealSubject(asked[0])).user_id
        assert player == "p7"
        with pytest.raises(grpc.aio.AioRpcError) as unknown:
            await store.privacy.RevealSubject(asked[1])
        assert unknown.value.code() is grpc.StatusCode.NOT_FOUND
        await store.privacy.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id=player))
        session = facts_pb2.Session(user_id=player, session_id="2", duration_minutes=20)
        session.started_at.FromDatetime(datetime(2025, 3, 8, tzinfo=UTC))
        again = await store.ingestion.IngestSessions(iter([ingestion_pb2.IngestSessionsRequest(sessions=[session])]))
        assert (again.stored, again.refused) == (0, 1)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def count(url: str, table: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f"SELECT count(*) FROM analytics.{table}"))
    finally:
        await connection.close()


@pytest.mark.parametrize("to", ["0001", "0002"])
async def test_a_migration_goes_back_and_forwards_on_filled_tables_while_others_read(postgres_url: str, to: str):
    async with served(postgres_url) as store:
        await fill(store)
    before = await count(postgres_url, "sessions")
    answers: list[int] = []
    moving = asyncio.Event()

    async def read() -> None:
        connection = await asyncpg.connect(postgres_url)
        try:
            while not moving.is_set():
                answers.append(int(await connection.fetchval("SELECT count(*) FROM analytics.sessions")))
                await asyncio.sleep(0.005)
        finally:
            await connection.close()

    readers = [asyncio.create_task(read()) for _ in range(4)]
    try:
        await migrate(postgres_url, to)
        assert await migrations.current(postgres_url, PACKAGE) == to
        await migrate(postgres_url, "head")
    finally:
        moving.set()
        await asyncio.gather(*readers)
    assert set(answers) == {before}
    assert len(answers) > 10
    async with served(postgres_url) as store:
        await store.aggregation.ListReleases(aggregation_pb2.ListReleasesRequest())
        assert (await store.privacy.GetConsent(privacy_pb2.GetConsentRequest(user_id="p3"))).analytics
