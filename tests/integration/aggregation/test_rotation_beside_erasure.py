"""A rotation and an erasure meet: what was erased stays erased, whoever comes first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from aggregation_svc import bootstrap
from aggregation_svc.adapters import key_rotation
from aggregation_svc.adapters.bulk import insert_new
from aggregation_svc.adapters.erasure_notice import notice
from aggregation_svc.adapters.rights_store import FORGOTTEN, SqlRightsStore
from aggregation_svc.adapters.tables import erasures
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.rights import ErasurePart, Forgotten
from aggregation_svc.ports import Actor
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.pseudonyms import canonical_user_id
from tests.integration.aggregation.test_keys import ADMIN, BOTH, NEW, OLD, play, process, rotate
from tests.integration.aggregation.test_one_subject import count, someone_waits
from tests.integration.aggregation.test_rights import FakeService
from tests.prepared import prepared

ANN = Actor("ann", player=True)


@pytest.fixture(autouse=True)
async def tables(settings: AggregationSettings) -> None:
    await prepared(settings.database(bootstrap.NAME), bootstrap.PACKAGE)


def erasing(on: Foundation, *others: FakeService) -> EraseSubject:
    return EraseSubject(SqlRightsStore(on.store), others, canonical_user_id, on.clock, lambda: "e1", notice)


async def waits_or_ends(on: Foundation, task: asyncio.Task[Any]) -> None:
    """Return when the task waits for a lock of the database, or is done; SQLite tells nobody who waits."""
    if on.database.dialect == "postgresql":
        waits = asyncio.create_task(someone_waits(on))
        await asyncio.wait({task, waits}, return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()


async def test_an_erasure_while_pseudonyms_are_moved_leaves_none(
    settings: AggregationSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process(settings, f"1:{OLD}") as on:
        await play(on, "ann", "bob")
    read, may_go = asyncio.Event(), asyncio.Event()

    async def gated(*arguments: Any) -> int:
        read.set()
        await may_go.wait()
        return await insert_new(*arguments)

    monkeypatch.setattr(key_rotation, "insert_new", gated)
    async with process(settings, BOTH) as on, asyncio.timeout(60):
        rotating = asyncio.create_task(rotate(on))
        await read.wait()
        erased = asyncio.create_task(erasing(on)(ADMIN, "ann"))
        await waits_or_ends(on, erased)
        may_go.set()
        await asyncio.gather(rotating, erased)
        assert await held_of_anybody(on) == {"subject": 1, "consents": 1, "sessions": 1, "keys": 2, "seals": 1}
    async with process(settings, f"2:{NEW}") as on:
        decide: Callable[..., Awaitable[Any]] = SetConsent(on.store, on.identity.hashes, canonical_user_id, on.clock)
        assert (await decide(ANN, "ann", True, None)).analytics
        assert (await play(on, "ann", "bob")).stored == 1


async def held_of_anybody(on: Foundation) -> dict[str, int]:
    """Return the rows about anybody, by kind."""
    return {name: rows for name, table in FORGOTTEN if (rows := await count(on, table))}


async def test_an_erasure_that_ends_while_its_seal_is_renewed_keeps_none(settings: AggregationSettings) -> None:
    async with process(settings, f"1:{OLD}") as on:
        await play(on, "ann")
        assert (await erasing(on, FakeService())(ADMIN, "ann")).finished_at is None
    async with process(settings, BOTH) as on, asyncio.timeout(60):
        async with SqlRightsStore(on.store).records() as rights:
            done = ErasurePart(FakeService.name).after(Forgotten(done=True, removed={}), 1)
            await rights.keep_part("e1", done, 1)
            rotating = asyncio.create_task(rotate(on))
            await waits_or_ends(on, rotating)
        await rotating
        async with on.database.read() as connection:
            row = (await connection.execute(sa.select(erasures.c.finished_at, erasures.c.sealed))).one()
    assert (row.finished_at, row.sealed) == (1, None)
