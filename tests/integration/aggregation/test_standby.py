"""Stored releases read from a streaming standby: what it lacks, or cannot tell, comes from the primary."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.standby import READS, ReadFirst
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Act
from aggregation_svc.release_ports import ReleaseFilter
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from tests.prepared import prepared
from tests.servers import PostgresServer, create_database, running_postgres

MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), Grain.MONTH)
EVERY = ReleaseFilter()


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[PostgresServer, PostgresServer]]:
    """A primary and its standby."""
    with running_postgres() as primary, running_postgres(primary=primary) as standby:
        yield primary, standby


@pytest.fixture
def name() -> str:
    """What a test's database is called."""
    return f"releases_{secrets.token_hex(4)}"


@pytest.fixture
async def primary(
    servers: tuple[PostgresServer, PostgresServer], name: str
) -> AsyncIterator[tuple[PostgresServer, Database]]:
    await prepared(await create_database(servers[0], name), "aggregation_svc")
    database = Database(servers[0].url(name))
    yield servers[0], database
    await database.close()


@pytest.fixture
async def standby(
    servers: tuple[PostgresServer, PostgresServer], primary: tuple[PostgresServer, Database], name: str
) -> AsyncIterator[tuple[PostgresServer, Database]]:
    """The same database at the standby, which has replayed how it was made."""
    async with primary[1].read() as connection:
        made = await connection.scalar(sa.text("SELECT pg_current_wal_lsn()::text"))
    asked = await asyncpg.connect(servers[1].url())
    async with asyncio.timeout(60):
        while not await asked.fetchval(f"SELECT pg_last_wal_replay_lsn() >= '{made}'::pg_lsn"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await asked.close()
    database = Database(servers[1].url(name))
    yield servers[1], database
    await database.close()


def store(primary: Database, standby: Database) -> SqlReleases:
    audit = AuditLog(privacy_audit_log, secrets.token_bytes(32))
    idempotency = Idempotency(answered_requests, key=secrets.token_bytes(32))
    return SqlReleases(primary, Ledger(primary, 12 * MICRO), audit, idempotency, standby)


async def settle(releases: SqlReleases, period: Period) -> Release:
    question = Question(Kind.COHORTS, period)
    return await releases.settle(question, Answer("1", MICRO // 2, 0.0), "olga", Act("olga", "release_created"))


async def shown(standby: Database, count: int) -> None:
    """Wait until the standby holds so many releases."""
    async with asyncio.timeout(60):
        while True:
            async with standby.read() as connection:
                if await connection.scalar(sa.text("SELECT count(*) FROM analytics.releases")) == count:
                    return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def paused(standby: Database) -> AsyncIterator[None]:
    """Let the standby replay nothing for the length of the block."""
    async with standby.read() as connection:
        await connection.execute(sa.text("SELECT pg_wal_replay_pause()"))
        async with asyncio.timeout(60):
            while await connection.scalar(sa.text("SELECT pg_get_wal_replay_pause_state()")) != "paused":  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    yield
    async with standby.read() as connection:
        await connection.execute(sa.text("SELECT pg_wal_replay_resume()"))


@pytest.fixture
async def in_a_hurry(standby: tuple[PostgresServer, Database]) -> AsyncIterator[None]:
    """The standby replays at once, whoever reads what that changes."""
    for statement in ("ALTER SYSTEM SET max_standby_streaming_delay = 0", "SELECT pg_reload_conf()"):
        await alone(standby[1], statement)
    yield
    for statement in ("ALTER SYSTEM RESET max_standby_streaming_delay", "SELECT pg_reload_conf()"):
        await alone(standby[1], statement)


async def alone(database: Database, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    async with database._reader.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text(statement))


def answered(by: str) -> float:
    return float(READS.labels(by)._value.get())


async def test_releases_are_read_from_the_standby(primary, standby):
    writer, reader = store(primary[1], standby[1]), store(primary[1], standby[1])
    release = await settle(writer, MARCH)
    await shown(standby[1], 1)
    before = answered("standby"), answered("primary")
    assert [one.release_id for one in await reader.listed(EVERY)] == [release.release_id]
    found = await reader.get(release.release_id)
    assert found is not None
    assert found.question == release.question
    assert (answered("standby") - before[0], answered("primary") - before[1]) == (2, 0)


async def test_what_the_standby_lacks_is_found_by_its_id_everywhere_and_listed_where_it_was_made(primary, standby):
    writer, reader = store(primary[1], standby[1]), store(primary[1], standby[1])
    old = await settle(writer, MARCH)
    await shown(standby[1], 1)
    async with paused(standby[1]):
        new = await settle(writer, MARCH.previous)
        newest = await settle(writer, MARCH.next)
        assert await reader.get(new.release_id) is not None
        listed = [one.release_id for one in await writer.listed(EVERY)]
        assert listed == [newest.release_id, old.release_id, new.release_id]
        assert [one.release_id for one in await reader.listed(EVERY)] == [old.release_id]
        # What decides a charge is never asked of the standby: the question is known to be answered.
        assert (await settle(reader, MARCH.next)).release_id == newest.release_id


@pytest.mark.usefixtures("in_a_hurry")
async def test_a_read_that_the_standby_ends_for_what_it_must_replay_is_answered_by_the_primary(primary, standby):
    reading, asked = asyncio.Event(), []

    async def read(connection: AsyncConnection) -> bool:
        standing_by: bool = (await connection.execute(sa.text("SELECT pg_is_in_recovery()"))).scalar_one()
        asked.append(standing_by)
        await connection.execute(sa.text("SELECT count(*) FROM analytics.releases"))
        if standing_by:
            reading.set()
            await connection.execute(sa.text("SELECT pg_sleep(600)"))
        return True

    finding = asyncio.create_task(ReadFirst(primary[1], standby[1]).find(read))
    await reading.wait()
    async with primary[1].begin() as connection:
        # Replayed at the standby, where the read holds a lock on the same table.
        await connection.execute(sa.text("LOCK TABLE analytics.releases IN ACCESS EXCLUSIVE MODE"))
    # Longer than the delay that the standby may still have in hand, half a minute, where it reads its settings late.
    async with asyncio.timeout(90):
        assert await finding
    assert asked == [True, False]


async def test_while_the_standby_is_away_the_primary_answers(primary, standby, tmp_path: Path):
    writer, reader = store(primary[1], standby[1]), store(primary[1], standby[1])
    release = await settle(writer, MARCH)
    standby[0].stop(crash=True)
    assert [one.release_id for one in await reader.listed(EVERY)] == [release.release_id]
    assert await reader.get(release.release_id) is not None
    standby[0].start()
    # Begun again it answers at once, and what it has not replayed yet it does not list.
    await shown(standby[1], 1)
    before = answered("standby")
    assert [one.release_id for one in await store(primary[1], standby[1]).listed(EVERY)] == [release.release_id]
    assert answered("standby") - before == 1
