"""One transaction of the log at a time, over all replicas."""

import asyncio

import pytest

from mesh import migrations
from mesh.database import Database
from mesh.refusal import Unavailable
from monitoring_svc.adapters.store.log_postgres import PostgresLogSessions


@pytest.mark.timeout(120)
async def test_a_replica_that_stops_within_a_transaction_holds_the_others_up_for_seconds_only(
    postgres_url: str,
) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    database = Database(postgres_url)
    stopped, living = (PostgresLogSessions(postgres_url, database) for _ in range(2))

    with pytest.raises(Unavailable):
        async with stopped.begin(), asyncio.timeout(30), living.begin() as session:
            assert (await session.open([])).head == 0

    async with stopped.begin() as session:
        assert (await session.open([])).head == 0
    await asyncio.gather(stopped.aclose(), living.aclose(), database.close())
