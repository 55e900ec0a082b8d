import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from mesh.database import Database
from mesh.leases import claim, kept, lease_table, release, renew, require
from mesh.refusal import Aborted

METADATA = sa.MetaData()
TABLE = lease_table(METADATA, "sample_leases")
LONG, OVER = timedelta(minutes=1), timedelta(seconds=-1)


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    async with database.begin() as connection:
        if database.dialect == "postgresql":
            await connection.execute(sa.text("CREATE SCHEMA analytics"))
        await connection.run_sync(METADATA.create_all)
    yield database
    await database.close()


async def claimed(database, holder, ttl=LONG, name="close"):
    async with database.begin() as connection:
        return await claim(connection, TABLE, name, holder, ttl)


async def test_one_of_many_gets_the_lease(database):
    leases = await asyncio.gather(*(claimed(database, f"replica {number}") for number in range(8)))
    assert len([lease for lease in leases if lease is not None]) == 1


async def test_leases_of_other_names_are_free(database):
    assert await claimed(database, "a", name="one") is not None
    assert await claimed(database, "b", name="two") is not None


async def test_the_holder_keeps_its_token_and_the_next_one_gets_a_larger_one(database):
    first = await claimed(database, "a")
    assert (await claimed(database, "a")).token == first.token
    async with database.begin() as connection:
        assert (await renew(connection, TABLE, first, OVER)).token == first.token
    second = await claimed(database, "b")
    assert second.token > first.token


async def test_who_slept_through_the_end_can_neither_renew_nor_act(database):
    first = await claimed(database, "a", OVER)
    second = await claimed(database, "b")
    async with database.begin() as connection:
        assert await renew(connection, TABLE, first, LONG) is None
        await release(connection, TABLE, first)
        await require(connection, TABLE, second)
    with pytest.raises(Aborted, match="another holder"):
        async with database.begin() as connection:
            await require(connection, TABLE, first)


async def test_a_lease_given_back_is_free_at_once(database):
    first = await claimed(database, "a")
    async with database.begin() as connection:
        await release(connection, TABLE, first)
    assert (await claimed(database, "b")).token == first.token + 1


async def end_of_lease(database):
    async with database.read() as connection:
        return (await connection.execute(sa.select(TABLE.c.expires_at))).scalar_one()


async def test_a_kept_lease_outlives_its_term_and_is_given_back(database, monkeypatch):
    pauses = []

    async def pause(seconds):
        """Take the pause between two renewals for over at once: whatever holds this test up is shorter than a term."""
        pauses.append(seconds)
        await asyncio.sleep(0.1)

    monkeypatch.setattr("mesh.leases.asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": pause}))
    lease = await claimed(database, "a")
    async with kept(database, TABLE, lease, LONG):
        async with asyncio.timeout(60):
            while await end_of_lease(database) < lease.expires_at + timedelta(seconds=0.5):
                assert await claimed(database, "b") is None
        assert await claimed(database, "b") is None
    assert await claimed(database, "b") is not None
    assert set(pauses) == {LONG.total_seconds() / 3}


async def test_a_block_that_loses_its_lease_is_stopped(database):
    ttl = timedelta(seconds=0.6)
    lease = await claimed(database, "a", ttl)
    with pytest.raises(Aborted) as refusal:
        async with kept(database, TABLE, lease, ttl):
            async with database.begin() as connection:
                await connection.execute(sa.update(TABLE).values(token=99, holder="b"))
            await asyncio.Event().wait()
    assert refusal.value.reason == "lease_lost"


async def test_an_error_of_the_block_is_not_hidden(database):
    lease = await claimed(database, "a")
    with pytest.raises(TimeoutError, match="mine"):
        async with kept(database, TABLE, lease, LONG):
            raise TimeoutError("mine")


async def test_who_is_cancelled_while_the_lease_is_given_back_stays_cancelled(database):
    async with database.begin() as connection:
        lease = await claim(connection, TABLE, "work", "one", LONG)

    async def work() -> None:
        async with kept(database, TABLE, lease, LONG):
            asyncio.get_running_loop().call_soon(task.cancel)
        await asyncio.sleep(3600)

    task = asyncio.create_task(work())
    async with asyncio.timeout(60):
        await asyncio.wait([task])
    assert task.cancelled()
