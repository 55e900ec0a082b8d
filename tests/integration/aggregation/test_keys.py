"""Keys rotate without losing a link: the same player stays the same subject, and can still be revealed."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from aggregation_svc import bootstrap
from aggregation_svc.adapters.erasure_notice import notice
from aggregation_svc.adapters.key_rotation import KeyRotation
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.tables import sessions, store_keys, subject_keys, subject_seals
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.facts import Session
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Actor
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from mesh.migrations import upgrade
from mesh.pseudonyms import canonical_user_id
from mesh.settings import SettingError

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)
KNOWN = f"1*:{OLD},2:{NEW}"
"""The first step of a rotation: the new version is known, the old one still makes what is new."""
BOTH = f"1:{OLD},2:{NEW}"
ADMIN = Actor("ada", administrator=True)


@asynccontextmanager
async def process(settings: AggregationSettings, keys: str, seals: str | None = None) -> AsyncIterator[Foundation]:
    changed = settings.model_dump() | {"pseudonym_key": keys, "seal_key": seals or keys}
    foundation = await bootstrap.found(AggregationSettings(**changed))
    yield foundation
    await foundation.database.close()


async def play(on: Foundation, *users: str) -> Any:
    use = IngestSessions(
        on.store,
        on.identity.hashes,
        canonical_user_id,
        on.clock,
        grace=on.settings.period_grace,
        anyone_may_assert=False,
    )
    at = micros(datetime(2026, 1, 1, tzinfo=UTC))
    return await use.store(
        Message(ADMIN, await use.prepare([Session(user, f"{user}'s", at) for user in users]), ConsentBasis.ASSERTED)
    )


async def rotate(on: Foundation) -> bool:
    return await KeyRotation(on.database, on.identity, on.audit)()


async def versions(on: Foundation, table: sa.Table) -> set[int]:
    async with on.database.read() as connection:
        return set((await connection.execute(sa.select(table.c.key_version))).scalars())


async def test_a_rotated_store_knows_everybody_without_the_old_key(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    users = [f"player{number}" for number in range(5)]
    async with process(settings, f"1:{OLD}") as on:
        assert (await play(on, *users)).stored == 5
    async with process(settings, BOTH) as on:
        assert (await play(on, *users)).unchanged == 5
        assert await rotate(on)
        assert not await rotate(on)
    async with process(settings, f"2:{NEW}") as on:
        await rotate(on)
        for table in (subject_keys, subject_seals, store_keys):
            assert await versions(on, table) == {2}
        again = await play(on, *users, "somebody new")
        assert (again.unchanged, again.stored) == (5, 1)
        async with SqlRightsStore(on.store).view() as rights:
            known = await rights.subjects(users)
            assert {await rights.unseal(subject.subject_id) for subject in known.values()} == set(users)
        async with on.database.read() as connection:
            assert (await connection.execute(sa.select(sa.func.count()).select_from(sessions))).scalar_one() == 6
            actions = [entry.action for entry in await on.audit.list(connection, limit=10, action="keys_rotated")]
    assert len(actions) >= 1


async def test_replicas_of_neighbouring_steps_open_what_the_others_seal(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    for replaced, replacing in ((f"1:{OLD}", KNOWN), (KNOWN, BOTH), (BOTH, f"2:{NEW}")):
        async with process(settings, replaced) as older, process(settings, replacing) as newer:
            for one, other in ((older, newer), (newer, older)):
                user = secrets.token_hex(4)
                assert (await play(one, user)).stored == 1
                assert (await play(other, user)).unchanged == 1
                async with SqlRightsStore(other.store).view() as rights:
                    known = await rights.subjects([user])
                    assert await rights.unseal(known[user].subject_id) == user
            await rotate(newer)
            await rotate(older)


async def test_a_replica_that_is_not_restarted_yet_moves_nothing_back(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    async with process(settings, BOTH) as on:
        await play(on, "ann")
    async with process(settings, KNOWN) as on:
        assert not await rotate(on)
        assert await versions(on, subject_seals) == await versions(on, store_keys) == {2}


async def test_an_erased_player_stays_erased_through_a_rotation(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    async with process(settings, f"1:{OLD}") as on:
        await play(on, "ann")
        erase = EraseSubject(SqlRightsStore(on.store), [], canonical_user_id, on.clock, lambda: "e", notice)
        await erase(ADMIN, "ann")
    async with process(settings, BOTH) as on:
        await rotate(on)
    async with process(settings, f"2:{NEW}") as on:
        assert (await play(on, "ann")).refused == 1


async def test_a_key_that_is_taken_away_too_early_is_named(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    async with process(settings, f"1:{OLD}") as on:
        await play(on, "ann")
    for taken_away_or_replaced in (f"2:{NEW}", f"1:{NEW}"):
        with pytest.raises(SettingError, match="TTA_SEAL_KEY: lacks the key"):
            async with process(settings, taken_away_or_replaced):
                pass


async def test_a_key_that_one_player_is_still_sealed_under_is_named(settings: AggregationSettings) -> None:
    await upgrade(settings.database(bootstrap.NAME), bootstrap.PACKAGE)
    async with process(settings, BOTH) as on, on.database.begin() as connection:
        behind = {"subject_id": 1, "key_version": 1, "sealed": b"\x01"}
        await connection.execute(sa.insert(subject_seals).values(behind))
    with pytest.raises(SettingError, match="TTA_SEAL_KEY: lacks the key"):
        async with process(settings, f"2:{NEW}"):
            pass
