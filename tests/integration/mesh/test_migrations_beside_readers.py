"""A migration beside a backup or a long read: whoever uses the tables goes on, and it is made when that has ended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from mesh import migrations
from mesh.refusal import Unavailable

BEHIND = {
    "aggregation_svc": ("0005", "erasures"),
    "monitoring_svc": ("0002", "realtime_alerts"),
    "reporting_svc": ("0003", "schedule_runs"),
}
"""Package -> the revision before the newest that changes a table, and that table."""


@pytest.fixture
async def others(postgres_url: str) -> AsyncIterator[tuple[Any, Any]]:
    """Give two connections: one that reads for long, and a service's that writes."""
    reader, service = await asyncpg.connect(postgres_url), await asyncpg.connect(postgres_url)
    yield reader, service
    await reader.close()
    await service.close()


async def read_for_long(reader: Any, table: str) -> Any:
    """Begin to read as `pg_dump` and a release do: the table is held until the transaction ends."""
    reading = reader.transaction()
    await reading.start()
    await reader.execute(f"SELECT 1 FROM analytics.{table}")
    return reading


async def somebody_waits_for_a_table(connection: Any) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
    while not await connection.fetchval(waiting):  # noqa: ASYNC110 a lock of the server has no event
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("package", BEHIND)
async def test_writers_are_not_held_up_while_a_migration_waits_for_a_long_read(
    postgres_url: str, others: tuple[Any, Any], package: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(migrations, "PAUSE", timedelta(seconds=0.5))
    (before, table), (reader, service) = BEHIND[package], others
    await migrations.upgrade(postgres_url, package, before)
    reading = await read_for_long(reader, table)
    async with asyncio.TaskGroup() as beside:
        moving = beside.create_task(migrations.upgrade(postgres_url, package))
        for _ in range(2):
            async with asyncio.timeout(60):
                await somebody_waits_for_a_table(service)
            async with asyncio.timeout(60), service.transaction():
                await service.execute(f"LOCK TABLE analytics.{table} IN ROW EXCLUSIVE MODE")
        assert not moving.done()
        assert await migrations.current(postgres_url, package) == before
        await reading.rollback()
    assert await migrations.current(postgres_url, package) == migrations.head(package)


async def test_a_migration_that_never_gets_a_table_says_so_and_changes_nothing(
    postgres_url: str, others: tuple[Any, Any]
):
    before, table = BEHIND["monitoring_svc"]
    await migrations.upgrade(postgres_url, "monitoring_svc", before)
    reading = await read_for_long(others[0], table)
    with pytest.raises(Unavailable, match="backup or a long read"):
        await migrations.upgrade(postgres_url, "monitoring_svc", patience=timedelta())
    assert await migrations.current(postgres_url, "monitoring_svc") == before
    await reading.rollback()
