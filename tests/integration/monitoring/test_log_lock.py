"""One write to the log after another, over all replicas."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from mesh import migrations
from mesh.database import Database
from mesh.refusal import Unavailable
from monitoring_svc.adapters.store import arrangements, log_postgres
from monitoring_svc.adapters.store.alert_rows import UNSEALED
from monitoring_svc.adapters.store.log import GroupCommitter
from monitoring_svc.adapters.store.log_postgres import PostgresLogSessions
from monitoring_svc.adapters.store.log_session import Care, Overtaken
from monitoring_svc.adapters.store.reading import AlertReader
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.commands import Fire, Resolve
from monitoring_svc.domain.firing import Firing
from monitoring_svc.domain.routing import Arrangements
from monitoring_svc.domain.severity import AlertType, Severity


def firing(fingerprint: str) -> Firing:
    return Firing(fingerprint, "low_sentiment", AlertType.USER_ENGAGEMENT, Severity.HIGH, "Low sentiment", "")


def new_id() -> str:
    return uuid.uuid4().hex


def seal(user_id: str, alert_id: str) -> Mapping[str, Any]:
    return UNSEALED


@pytest.mark.timeout(120)
async def test_a_replica_that_stops_within_a_transaction_holds_the_others_up_for_seconds_only(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_postgres, "ANSWER_SECONDS", 60.0)
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    stopped, living = (PostgresLogSessions(postgres_url) for _ in range(2))

    with pytest.raises(Unavailable):
        async with stopped.begin(Care.LOCK), asyncio.timeout(60), living.begin(Care.LOCK) as session:
            assert (await session.open([])).head == 0

    async with stopped.begin(Care.LOCK) as session:
        assert (await session.open([])).head == 0
    await asyncio.gather(stopped.aclose(), living.aclose(), database.close())


@pytest.mark.timeout(60)
async def test_arrangements_are_read_while_somebody_who_changes_them_has_the_last_connection(
    postgres_url: str, lasting_transactions: None
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url, pool_size=1)
    sessions = PostgresLogSessions(postgres_url)
    async with sessions.begin(Care.LOCK) as session:
        version = (await session.open([])).arrangements_version
        has_it = asyncio.Event()
        changing = asyncio.create_task(_change(database, has_it))
        await has_it.wait()
        arranged = await session.arrangements(version)
        assert not changing.done()
        assert arranged.version == version
    await changing
    await asyncio.gather(sessions.aclose(), database.close())


async def _change(database: Database, has_it: asyncio.Event) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("SELECT 1"))
        has_it.set()
        await arrangements.changed(connection)


@pytest.mark.timeout(60)
async def test_a_database_that_never_answers_is_away(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    sessions = PostgresLogSessions(postgres_url)
    async with database.begin() as holding:
        await holding.execute(sa.text("LOCK TABLE analytics.alert_log IN ACCESS EXCLUSIVE MODE"))
        with monkeypatch.context() as meanwhile, pytest.raises(Unavailable):
            meanwhile.setattr(log_postgres, "ANSWER_SECONDS", 0.5)
            async with sessions.begin(Care.READ) as session:
                await session.open([])
    async with sessions.begin(Care.READ) as session:
        assert (await session.open([])).head == 0
    await asyncio.gather(sessions.aclose(), database.close())


@pytest.mark.timeout(60)
async def test_a_server_that_takes_no_writes_any_more_is_away_and_asked_for_anew(postgres_url: str) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    sessions = PostgresLogSessions(postgres_url)
    log = GroupCommitter(sessions, seal=seal, new_id=new_id, committed=lambda *_: None)
    await log.submit(Fire((firing("a"),)))
    assert sessions._connection is not None
    await sessions._connection.execute("SET default_transaction_read_only = on")

    with pytest.raises(Unavailable):
        await log.submit(Fire((firing("b"),)))

    (became,) = await log.submit(Fire((firing("b"),)))
    assert became.alert_id
    await log.aclose()


@pytest.mark.timeout(60)
async def test_what_is_committed_is_answered_and_written_once_though_nobody_can_be_told(postgres_url: str) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    reported: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: reported.append(told["exception"]))

    def committed(events: Any, queued: bool) -> None:
        raise ValueError(len(events))

    log = GroupCommitter(PostgresLogSessions(postgres_url), seal=seal, new_id=new_id, committed=committed)
    became = await asyncio.gather(*(log.submit(Fire((firing(name),))) for name in "abc"))
    await log.aclose()
    database = Database(postgres_url)
    reader = AlertReader(database)
    assert [(await reader.get(one.alert_id)).count for (one,) in became] == [1, 1, 1]
    await database.close()
    assert sum(error.args[0] for error in reported) == 3


@pytest.mark.timeout(60)
async def test_a_signal_that_a_full_disk_has_no_room_for_is_to_be_sent_again(postgres_url: str) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    log = GroupCommitter(PostgresLogSessions(postgres_url), seal=seal, new_id=new_id, committed=lambda *_: None)
    full = """CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"""
    async with database.begin() as connection:
        await connection.exec_driver_sql(full)
        trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON analytics.alert_events EXECUTE FUNCTION full_disk()"
        await connection.exec_driver_sql(trigger)

    for _ in range(2):
        with pytest.raises(Unavailable, match="disk is full"):
            await log.submit(Fire((firing("a"),)))

    async with database.begin() as connection:
        await connection.exec_driver_sql("DROP TRIGGER full_disk ON analytics.alert_events")
    (became,) = await log.submit(Fire((firing("a"),)))
    assert became.alert_id
    await asyncio.gather(log.aclose(), database.close())


@pytest.mark.timeout(120)
async def test_what_was_decided_before_another_replica_wrote_is_not_written(
    postgres_url: str, lasting_transactions: None
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    slow, quick = (PostgresLogSessions(postgres_url) for _ in range(2))

    with pytest.raises(Overtaken):
        async with slow.begin(Care.READ) as read_first:
            opening = await read_first.open(["a"])
            book = Book(opening.now, opening.head, Arrangements(version=-1), new_id)
            book.fire(firing("a"))
            async with quick.begin(Care.READ) as session:
                await session.open(["a"])
                await session.write(book, seal, ())
            await read_first.write(book, seal, ())

    async with slow.begin(Care.LOCK) as session:
        assert [alert.count for alert in (await session.open(["a"])).alerts] == [1]
    await asyncio.gather(slow.aclose(), quick.aclose(), database.close())


@pytest.mark.timeout(120)
async def test_two_replicas_that_write_at_once_lose_no_repeat_and_leave_no_gap(
    postgres_url: str, lasting_transactions: None
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    logs = [
        GroupCommitter(PostgresLogSessions(postgres_url), seal=seal, new_id=new_id, committed=lambda *_: None)
        for _ in range(2)
    ]

    async def fire(log: GroupCommitter, replica: int) -> None:
        for number in range(25):
            await log.submit(Fire((firing("shared"), firing(f"{replica}-{number}"))))

    await asyncio.gather(*(fire(log, replica) for replica, log in enumerate(logs) for _ in range(2)))

    events = await AlertReader(database).events(0, 500)
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    assert sorted(event.alert.fingerprint for event in events) == sorted(
        ["shared", *(f"{replica}-{number}" for replica in range(2) for number in range(25))]
    )
    shared = next(event.alert.alert_id for event in events if event.alert.fingerprint == "shared")
    assert (await AlertReader(database).get(shared)).count == 100
    assert (await logs[0].submit(Resolve(shared, "ada"))).resolved_by == "ada"
    await asyncio.gather(*(log.aclose() for log in logs))
    await database.close()
