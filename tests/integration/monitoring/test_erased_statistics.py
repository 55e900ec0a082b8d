"""Rolling statistics of an erased player do not come back from a replica's memory."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import subject_rights_pb2

from mesh.bus import LOOK_YOURSELF, LocalBus
from mesh.database import Database
from monitoring_svc.adapters.store.selecting import upsert
from monitoring_svc.adapters.store.tables import signal_windows
from monitoring_svc.adapters.store.windows import WindowStore
from monitoring_svc.bootstrap import Parts
from monitoring_svc.bootstrap.forgotten import FORGOTTEN
from monitoring_svc.domain.rolling import Rolling, to_state
from monitoring_svc.domain.signal import Signal
from monitoring_svc.usecases.windows import Windows
from tests.integration.monitoring.conftest import Launch, Running, eventually
from tests.integration.monitoring.test_rules import create

FORGET = subject_rights_pb2.ForgetSubjectRequest(user_id="player-1", erasure_id="e1")


async def _rows(database: Database) -> int:
    async with database.read() as connection:
        counted = sa.select(sa.func.count()).select_from(signal_windows)
        count: int = (await connection.execute(counted)).scalar_one()
    return count


def _windows(running: Running) -> Windows:
    return running.wired.judge._windows


@pytest.fixture
def lasting_transactions(lasting_transactions: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Besides, have no replica look for erasures but at its start: only what a test asks for does anything."""
    monkeypatch.setattr(import_module("monitoring_svc.bootstrap.background"), "CHECKPOINT_EVERY", 3600.0)


async def test_a_replica_that_hears_of_no_erasure_does_not_write_the_statistics_again(
    postgres_url: str, launch: Launch
) -> None:
    one, other = await launch(postgres_url), await launch(postgres_url)  # without Redis: neither hears the other
    await create(one, "count.sentiment_score >= 2.0")
    await other.wired.rule_book.refresh()
    await other.signal("player-1", sentiment_score=0.5)
    await other.signal("player-2", sentiment_score=0.5)
    await _windows(other).checkpoint()
    assert await _rows(one.wired.database) == 2
    await other.signal("player-1", measures={"load": 1.0})
    await one.rights.ForgetSubject(FORGET)
    await _windows(other).checkpoint()
    assert await _rows(one.wired.database) == 1
    assert len(await _windows(other).erased()) == 1
    again = await other.signal("player-1", sentiment_score=0.5)
    assert "sad" not in {fired.rule_id for fired in again.fired}


async def test_a_checkpoint_between_the_rows_and_the_memory_of_the_same_replica_writes_nothing(
    monitoring: Running,
) -> None:
    await create(monitoring, "count.sentiment_score >= 2.0")
    await monitoring.signal("player-1", sentiment_score=0.5)
    subject = next(iter(_windows(monitoring)._known))
    await WindowStore(monitoring.wired.database).erase([subject])
    await _windows(monitoring).checkpoint()
    assert await _rows(monitoring.wired.database) == 0


async def test_a_replica_that_may_have_missed_an_erasure_looks_for_itself(database_url: str, launch: Launch) -> None:
    bus = LocalBus()
    running = await launch(database_url, Parts(bus=bus))
    await create(running, "count.sentiment_score >= 2.0")
    await running.signal("player-1", sentiment_score=0.5)
    known = _windows(running)._known
    await WindowStore(running.wired.database).erase(list(known))
    await bus.publish(FORGOTTEN, LOOK_YOURSELF)
    await eventually(lambda: not known)


class Nobody:
    """Nobody has said no."""

    async def refused(self, user_ids: Iterable[str]) -> set[str]:
        return set()


@pytest.fixture
async def store(postgres_url: str, launch: Launch) -> WindowStore:
    running = await launch(postgres_url)
    return WindowStore(running.wired.database)


async def test_an_erasure_waits_for_a_checkpoint_that_is_under_way(store: WindowStore) -> None:
    database, row = store._database, {"subject": b"p", "state": to_state(Rolling()), "updated_at": datetime.now(UTC)}
    async with database.begin() as connection:
        await upsert(connection, signal_windows, [row], ("state", "updated_at"))
        erasing = asyncio.create_task(store.erase([b"p"]))

        async def waits() -> bool:
            async with database.read() as looking:
                blocked = await looking.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
                return bool(blocked.scalar_one())

        await eventually(waits)
        assert not erasing.done()
    await erasing
    assert await _rows(database) == 0


async def test_a_checkpoint_that_waited_for_an_erasure_keeps_nothing_of_the_player(store: WindowStore) -> None:
    windows = Windows(store, Nobody(), lambda _: None)
    await windows.load()
    for subject in (b"p", b"q"):
        windows.take([subject], "player", Signal(datetime.now(UTC), sentiment_score=0.5))
    await asyncio.gather(store.erase([b"p"]), windows.checkpoint())
    assert await _rows(store._database) == 1
