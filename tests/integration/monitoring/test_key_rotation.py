"""One rotation at a time moves everything to the new keys, whoever is killed, holds rows or rotates too."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from tta.analytics.v1 import alert_pb2, monitoring_pb2

from mesh.audit import AuditLog
from mesh.database import Database
from mesh.pseudonyms import Sealer
from mesh.refusal import Refusal, Unavailable
from monitoring_svc.adapters.store.tables import alerts, audit_log
from monitoring_svc.adapters.subject_keys import pair
from tests.integration.monitoring.conftest import KEY, Launch, eventually
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.rotating import (
    BOTH,
    KNOWN,
    LOW,
    ONE,
    all_are_under_the_new_keys,
    both,
    collected,
    crisis,
    opened,
    paged_by,
    revealed,
    rotated,
    rotation,
    under,
)


async def test_one_of_two_replicas_rotates(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, **under(ONE))
    for number in range(20):
        await running.signal(f"p{number}", **LOW)
    await running.stop()
    await asyncio.gather(*(launch(postgres_url, **under(BOTH)) for _ in range(2)))
    await eventually(lambda: rotated(postgres_url), 60)
    async with opened(postgres_url) as database, database.read() as connection:
        entries = await AuditLog(audit_log, KEY.encode()).list(connection, limit=9, action="keys_rotated")
    assert len(entries) == 1


async def test_two_rotations_at_once_beside_signals_lose_nothing(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, **under(KNOWN))
    users = [f"p{number}" for number in range(60)]
    ids = {user: await crisis(running, user) for user in users}
    async with opened(postgres_url) as database:
        signals = asyncio.gather(*(crisis(running, user) for _ in range(4) for user in users))
        await asyncio.gather(*(rotation(database)() for _ in range(2)))
        assert await signals == [ids[user] for _ in range(4) for user in users]
        await eventually(rotation(database))  # what somebody holds at that moment is left for the next time
        await all_are_under_the_new_keys(database)
        async with database.read() as connection:
            counts = (await connection.execute(sa.select(alerts.c.count))).scalars().all()
    assert counts == [5] * 60


class Dying(Database):
    """A database whose process is killed at its nth transaction."""

    def __init__(self, url: str, lives: int) -> None:
        super().__init__(url)
        self.lives = lives

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        self.lives -= 1
        if self.lives < 0:
            raise Unavailable("killed", "The process was killed here.")
        async with super().begin() as connection:
            yield connection
            if self.lives == 0 and secrets.randbelow(2):
                raise Unavailable("killed", "The process was killed before it committed.")


async def test_what_a_killed_rotation_left_the_next_goes_on_with(database_url: str, launch: Launch) -> None:
    async with webhook() as receiver:
        running = await launch(database_url, **under(KNOWN))
        await paged_by(running, receiver)
        ids = {user: await crisis(running, user) for user in (f"p{number}" for number in range(60))}
        for user in list(ids)[:30]:
            await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=ids[user]))
        lives = 0
        while True:
            database = Dying(database_url, lives)
            try:
                complete = await rotation(database)()
            except Refusal:
                complete = False
            finally:
                await database.close()
            probe = f"p{secrets.randbelow(60)}"
            assert [one["alert_id"] for one in (await collected(running, probe))["alerts"]] == [ids[probe]]
            assert await revealed(running, ids[probe]) == probe
            if complete:
                break
            lives += 1
        assert lives > 4
        async with opened(database_url) as database:
            await all_are_under_the_new_keys(database)


async def test_rows_that_somebody_holds_are_not_waited_for(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, **under(ONE))
    held, free = await crisis(running, "ann"), await crisis(running, "ben")
    await running.stop()
    async with opened(postgres_url) as database:
        async with database.begin() as holding:
            await holding.execute(sa.select(alerts.c.alert_id).where(alerts.c.alert_id == held).with_for_update())
            async with asyncio.timeout(60):
                assert not await rotation(database)()
            async with database.read() as connection:
                moved = sa.select(alerts.c.alert_id).where(alerts.c.key_versions == pair(2, 2))
                assert list((await connection.execute(moved)).scalars()) == [free]
        assert await rotation(database)()
        await all_are_under_the_new_keys(database)


async def test_a_seal_that_does_not_open_holds_up_nothing_but_the_go_ahead(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, **under(KNOWN))
    broken, whole = await crisis(running, "ann"), await crisis(running, "ben")
    database = running.wired.database
    async with database.begin() as connection:
        other = Sealer({1: b"x" * 32}, 1).seal("ann", broken)
        await connection.execute(sa.update(alerts).where(alerts.c.alert_id == broken).values(sealed_subject=other))
    with pytest.raises(Refusal, match="1 seals do not open"):
        await rotation(database)()
    async with database.read() as connection:
        moved = sa.select(alerts.c.alert_id).where(alerts.c.key_versions == pair(2, 2))
        assert list((await connection.execute(moved)).scalars()) == [whole]
    assert not await rotated(postgres_url)


@pytest.mark.kills
@pytest.mark.timeout(600)
async def test_a_process_that_is_killed_while_it_rotates_goes_on_when_it_is_back(
    postgres_url: str, launch: Launch
) -> None:
    running = await launch(postgres_url, **under(KNOWN))

    async def batch() -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        signals = [monitoring_pb2.Signal(user_id=f"p{number}", **LOW) for number in range(500)]
        yield monitoring_pb2.IngestSignalsRequest(signals=signals)

    await running.game.IngestSignals(batch())
    await running.stop()
    process = Process(postgres_url, crisis_semantic="off", **under(BOTH))
    async with opened(postgres_url) as database:

        async def moved() -> int:
            under_new = alerts.c.subject == both().pseudonyms.pseudonym("p7")
            some = sa.select(sa.func.count()).where(sa.or_(under_new, alerts.c.key_versions == pair(2, 2)))
            async with database.read() as connection:
                return int((await connection.execute(some)).scalar_one())

        async with database.begin() as held:
            # Whatever the machine is busy with, one alert does not move before the kill.
            last = sa.select(sa.func.max(alerts.c.alert_id)).scalar_subquery()
            await held.execute(sa.select(alerts).where(alerts.c.alert_id == last).with_for_update())
            await process.start()
            await eventually(moved, 180)
            await process.kill()
        assert not await rotated(postgres_url)
        await process.start()
        await eventually(lambda: rotated(postgres_url), 240)
        await process.close()
        await all_are_under_the_new_keys(database)
