"""Work that comes round is done by one replica at a time, and goes on when that one stops."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh import housekeeping
from mesh.database import Database
from mesh.housekeeping import regularly
from mesh.leases import claim, lease_table

OFTEN = timedelta(milliseconds=5)
metadata = sa.MetaData()
leases = lease_table(metadata, "leases", schema=None)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


async def test_two_replicas_never_work_at_once_and_the_second_goes_on_when_the_first_stops(database: Database) -> None:
    at_work: set[str] = set()
    began = {name: asyncio.Event() for name in ("one", "other")}

    async def work(name: str) -> None:
        assert not at_work
        at_work.add(name)
        began[name].set()
        try:
            await asyncio.Event().wait()
        finally:
            at_work.clear()

    one = asyncio.create_task(regularly(database, leases, "work", OFTEN, lambda: work("one"))())
    async with asyncio.timeout(60):
        await began["one"].wait()
        other = asyncio.create_task(regularly(database, leases, "work", OFTEN, lambda: work("other"))())
        one.cancel()
        await began["other"].wait()
    other.cancel()
    ended = await asyncio.gather(one, other, return_exceptions=True)
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 2


async def test_work_of_a_period_is_done_once_by_all_and_again_where_who_did_it_stops(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, rounds = 0, asyncio.Queue[str]()

    async def looking(connection: AsyncConnection, table: sa.Table, name: str, holder: str, ttl: timedelta) -> Any:
        nonlocal looks
        looks += 1
        return await claim(connection, table, name, holder, ttl)

    async def work(name: str) -> None:
        rounds.put_nowait(name)

    monkeypatch.setattr(housekeeping, "claim", looking)
    # What keeps the others out must be that the period is not over, and not that a lease of the work still runs.
    monkeypatch.setattr(housekeeping, "HOLD", timedelta(seconds=1))
    often = partial(regularly, database, leases, "work", timedelta(hours=1))
    names = ("one", "two", "three")
    replicas = {name: asyncio.create_task(often(partial(work, name))()) for name in names}
    async with asyncio.timeout(120):
        first = await rounds.get()
        while looks < 8:  # noqa: ASYNC110 the others look by themselves
            await asyncio.sleep(0.01)
        assert rounds.empty()
        replicas[first].cancel()
        second = await rounds.get()
    assert second != first
    for replica in replicas.values():
        replica.cancel()
    await asyncio.gather(*replicas.values(), return_exceptions=True)


async def test_work_comes_round(database: Database) -> None:
    rounds = asyncio.Queue[int]()

    async def work() -> None:
        rounds.put_nowait(1)

    task = asyncio.create_task(regularly(database, leases, "work", OFTEN, work)())
    async with asyncio.timeout(60):
        assert [await rounds.get() for _ in range(3)] == [1, 1, 1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
