import asyncio
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from mesh.columns import BigKey, Json, UtcDateTime
from mesh.database import SCHEMA, Database, driver
from mesh.refusal import FailedPrecondition, InvalidArgument, Unavailable
from tests.servers import free_port, running_postgres

METADATA = sa.MetaData(schema=SCHEMA)
NOTES = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", BigKey, primary_key=True),
    sa.Column("text", sa.String, unique=True),
    sa.Column("at", UtcDateTime),
    sa.Column("body", Json),
)


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(sa.text("CREATE SCHEMA analytics"))
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


async def texts(database):
    async with database.read() as connection:
        return list((await connection.execute(sa.select(NOTES.c.text).order_by(NOTES.c.id))).scalars())


async def test_what_a_block_wrote_is_there_when_it_ended(database):
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(text="kept"))
    assert await texts(database) == ["kept"]


async def test_a_new_database_is_for_its_owner_alone(tmp_path):
    file = tmp_path / "folder" / "new.db"
    database = Database(f"sqlite:///{file}")
    async with database.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE t (x)"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    await database.close()
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_a_text_that_the_database_cannot_hold_is_the_sender_s_fault(postgres_url):
    database = Database(postgres_url)
    with pytest.raises(InvalidArgument):
        async with database.begin() as connection:
            await connection.execute(sa.select(sa.literal("a\0b")))
    await database.close()


async def test_a_full_disk_is_an_outage_that_names_itself(postgres_url, sqlite_url):
    full = Database(postgres_url)
    with pytest.raises(Unavailable, match="disk is full"):
        async with full.begin() as connection:
            await connection.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'disk_full'; END $$"))
    await full.close()
    small = Database(sqlite_url)
    async with small.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE t (x)"))
    with pytest.raises(Unavailable, match="disk is full"):
        async with small.begin() as connection:
            await connection.execute(sa.text("PRAGMA max_page_count = 3"))
            await connection.execute(sa.text("INSERT INTO t VALUES (zeroblob(100000))"))
    await small.close()


async def test_a_server_that_takes_no_writes_any_more_is_away_and_its_connections_are_left(postgres_url):
    database = Database(postgres_url, pool_size=1)
    async with database.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE t (x integer)"))
        await connection.execute(sa.text("SET SESSION default_transaction_read_only = on"))

    with pytest.raises(Unavailable):
        async with database.begin() as connection:
            await connection.execute(sa.text("INSERT INTO t VALUES (1)"))

    async with database.begin() as connection:
        await connection.execute(sa.text("INSERT INTO t VALUES (1)"))
    await database.close()


async def test_what_is_deleted_is_not_left_in_the_file(tmp_path):
    file = tmp_path / "new.db"
    database = Database(f"sqlite:///{file}")
    async with database.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE t (x)"))
        await connection.execute(sa.text("INSERT INTO t VALUES (:x)"), {"x": "sealed-id-of-ann" * 100})
    await database.close()  # the last connection writes the journal back
    database = Database(f"sqlite:///{file}")
    async with database.begin() as connection:
        assert (await connection.execute(sa.text("PRAGMA secure_delete"))).scalar_one() == 1
        await connection.execute(sa.text("DELETE FROM t"))
    await database.close()
    assert b"sealed-id-of-ann" not in file.read_bytes()


async def test_an_error_in_the_block_takes_everything_back(database):
    with pytest.raises(RuntimeError, match="stop"):
        async with database.begin() as connection:
            await connection.execute(NOTES.insert().values(text="gone"))
            raise RuntimeError("stop")
    assert await texts(database) == []


async def test_a_broken_constraint_is_not_taken_for_an_outage(database):
    with pytest.raises(IntegrityError):
        async with database.begin() as connection:
            await connection.execute(NOTES.insert(), [{"text": "same"}, {"text": "same"}])


async def test_many_writers_at_once_all_get_their_turn(database):
    async def write(number):
        async with database.begin() as connection:
            held = (await connection.execute(sa.select(sa.func.count()).select_from(NOTES))).scalar_one()
            await connection.execute(NOTES.insert().values(text=f"{number} after {held}"))

    await asyncio.gather(*(write(number) for number in range(40)))
    assert len(await texts(database)) == 40


async def test_a_reader_sees_nothing_of_a_transaction_that_is_still_open(database):
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(text="open"))
        assert await texts(database) == []


async def test_times_come_back_aware_and_in_utc(database):
    there = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    async with database.begin() as connection:
        await connection.execute(NOTES.insert().values(text="time", at=there, body={"a": [1, None]}))
    async with database.read() as connection:
        row = (await connection.execute(sa.select(NOTES.c.at, NOTES.c.body))).one()
    assert row.at == there
    assert row.at.utcoffset() == timedelta(0)
    assert row.body == {"a": [1, None]}


async def test_the_databases_clock_is_utc_and_now(database):
    async with database.read() as connection:
        before = datetime.now(UTC)
        told = await database.now(connection)
        assert before - timedelta(seconds=1) < told < datetime.now(UTC) + timedelta(seconds=1)


async def test_sqlite_keeps_what_was_acknowledged_and_one_writer(sqlite_url):
    database = Database(sqlite_url)
    async with database.begin() as connection:
        pragmas = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with database.read() as connection:
        with pytest.raises(Unavailable):
            async with database.read() as other:
                await other.exec_driver_sql("CREATE TABLE t (x)")
        await connection.exec_driver_sql("SELECT 1")
    await database.close()


async def test_copy_belongs_to_the_transaction(postgres_url):
    database = Database(postgres_url)
    async with database.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE copied (x int)"))
    with pytest.raises(RuntimeError, match="stop"):
        async with database.begin() as connection:
            raw = await driver(connection)
            await raw.copy_records_to_table("copied", records=[(1,), (2,)])
            raise RuntimeError("stop")
    async with database.read() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM copied"))).scalar_one() == 0
    await database.close()


async def test_a_database_that_is_not_there_is_unavailable():
    database = Database(f"postgresql://postgres@127.0.0.1:{free_port()}/none")
    with pytest.raises(Unavailable):
        async with database.begin():
            pass
    assert not await database.ping()
    await database.close()


async def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path):
    (tmp_path / "notes.txt").write_text("what a file may hold that is no database" * 100)
    database = Database(f"sqlite:///{tmp_path / 'notes.txt'}")
    with pytest.raises(FailedPrecondition, match="no SQLite database"):
        async with database.begin():
            pass
    await database.close()


async def test_the_pool_recovers_when_the_server_comes_back():
    with running_postgres() as server:
        database = Database(server.url())
        assert await database.ping()
        server.stop(crash=True)
        assert not await database.ping()
        server.start()
        assert await database.ping()
        await database.close()


CANCELLED_TWICE = """
import asyncio, sys
import sqlalchemy as sa
from mesh.database import Database

LONG = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r WHERE x < 20000) SELECT count(*) FROM r"

async def cancelled(url, turns):
    database = Database(url)
    begun = asyncio.Event()

    async def write():
        while True:
            async with database.begin() as connection:
                begun.set()
                await connection.execute(sa.text(LONG))

    task = asyncio.create_task(write())
    await begun.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()

for turns in range(10):
    asyncio.run(cancelled(f"{sys.argv[1]}{turns}", turns))
print("ended")
"""


async def test_a_process_ends_although_its_writers_were_cancelled_twice(sqlite_url):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", CANCELLED_TWICE, sqlite_url),
        env={"PYTHONPATH": ":".join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 100)
    assert output == b"ended\n"
