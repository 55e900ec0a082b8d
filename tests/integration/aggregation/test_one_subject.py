"""One human is one subject, whichever keys the replicas know, and whatever a rotation meets."""

import asyncio
import secrets
from typing import Any

import pytest
import sqlalchemy as sa

from aggregation_svc import bootstrap
from aggregation_svc.adapters.erasure_notice import notice
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.tables import sessions, subject_keys, subject_seals, subjects
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.consent import Consent
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import FailedPrecondition
from mesh.settings import SettingError
from tests.integration.aggregation.test_keys import ADMIN, BOTH, KNOWN, NEW, OLD, play, process, rotate, versions
from tests.prepared import prepared

FIRST, SECOND = f"1:{OLD}", f"2:{NEW}"


@pytest.fixture(autouse=True)
async def tables(settings: AggregationSettings) -> None:
    await prepared(settings.database(bootstrap.NAME), bootstrap.PACKAGE)


async def count(on: Foundation, table: sa.Table) -> int:
    async with on.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


async def split(on: Foundation, user: str) -> None:
    """Make the player two subjects, each under one version of the key: what no call does."""
    async with on.store.facts() as facts:
        first = (await facts.enrol([user], Consent(analytics=True, changed_at=1), []))[user].subject_id
        other = {"subject_id": first + 1}
        newer = sa.update(subject_keys).where(subject_keys.c.key_version == 2, subject_keys.c.subject_id == first)
        await facts.connection.execute(newer.values(other))
        sealed = on.identity.seal(user, first + 1)
        await facts.connection.execute(sa.insert(subject_seals).values(**other, key_version=2, sealed=sealed))
        await facts.connection.execute(
            sa.insert(subjects).values(
                **other, analytics_consent=True, research_consent=False, consent_changed_at=0, created_at=0
            )
        )


async def test_a_pseudonym_key_that_is_taken_away_too_early_is_named(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as on:
        await play(on, "ann")
    with pytest.raises(SettingError, match="TTA_PSEUDONYM_KEY: lacks version 1"):
        async with process(settings, SECOND, FIRST):
            pass
    async with process(settings, BOTH, FIRST) as on:
        await play(on, "bob")
        assert await rotate(on)
    async with process(settings, SECOND, FIRST) as on:
        assert (await play(on, "ann", "bob")).unchanged == 2


async def test_a_pseudonym_key_that_is_replaced_in_place_is_named(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as on:
        await play(on, "ann")
    for keys in (f"1:{NEW}", f"1*:{NEW},2:{secrets.token_hex(32)}"):
        with pytest.raises(SettingError, match="TTA_PSEUDONYM_KEY: version 1 is another secret"):
            async with process(settings, keys, FIRST):
                pass


async def test_the_seal_key_rotates_alone(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as on:
        await play(on, "ann")
    async with process(settings, FIRST, BOTH) as on:
        assert await rotate(on)
    with pytest.raises(SettingError, match="TTA_SEAL_KEY: lacks"):
        async with process(settings, FIRST, FIRST):
            pass
    async with process(settings, FIRST, SECOND) as on:
        assert (await play(on, "ann")).unchanged == 1


async def test_a_player_whom_replicas_of_two_steps_meet_at_once_is_one_subject(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as older, process(settings, KNOWN) as newer:
        async with older.store.facts() as facts:
            made = await facts.enrol(["ann"], Consent(analytics=True, changed_at=1), [])
            other = asyncio.create_task(play(newer, "bob", "ann", "zoe"))
            if newer.database.dialect == "postgresql":
                await someone_waits(older)
        assert (await other).stored == 3
        assert await count(newer, subjects) == await count(newer, subject_seals) == 3
        async with newer.store.view() as view:
            assert (await view.subjects(["ann"]))["ann"].subject_id == made["ann"].subject_id
    async with process(settings, BOTH) as on, asyncio.timeout(60):
        await rotate(on)
        assert await count(on, subject_keys) == 6


async def someone_waits(on: Foundation) -> None:
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(60):
        while True:
            async with on.database.read() as connection:
                if (await connection.execute(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def test_a_rotation_ends_beside_a_player_of_two_subjects_and_says_that_it_is_not_done(
    settings: AggregationSettings,
) -> None:
    async with process(settings, FIRST) as on:
        await play(on, *(f"player{number}" for number in range(5)))
    async with process(settings, BOTH) as on:
        await split(on, "ann")
        async with asyncio.timeout(60):
            with pytest.raises(FailedPrecondition, match="1 players are two subjects"):
                await rotate(on)
        assert await versions(on, subject_seals) == {2}
        async with on.database.read() as connection:
            moved = sa.select(sa.func.count()).where(subject_keys.c.key_version == 2)
            assert (await connection.execute(moved)).scalar_one() == 6
            assert not await on.audit.list(connection, limit=10, action="keys_rotated")


async def test_an_erasure_reaches_every_subject_that_a_player_has(settings: AggregationSettings) -> None:
    async with process(settings, BOTH) as on:
        await split(on, "ann")
        ids = iter(range(10))
        erase = EraseSubject(SqlRightsStore(on.store), [], canonical_user_id, on.clock, lambda: str(next(ids)), notice)
        erasure = await erase(ADMIN, "ann")
        assert erasure.finished_at is not None
        assert erasure.parts[0].removed == {"subject": 2, "keys": 2, "seals": 2}
        for table in (subjects, subject_keys, subject_seals):
            assert await count(on, table) == 0


async def test_a_seal_that_does_not_open_keeps_no_other_player_from_being_moved(settings: AggregationSettings) -> None:
    users = [f"player{number}" for number in range(5)]
    async with process(settings, FIRST) as on:
        await play(on, *users)
        async with on.database.begin() as connection:
            first = sa.select(sa.func.min(subject_seals.c.subject_id)).scalar_subquery()
            broken = b"\x01" + bytes(40)
            await connection.execute(
                sa.update(subject_seals).where(subject_seals.c.subject_id == first).values(sealed=broken)
            )
    async with process(settings, BOTH) as on, asyncio.timeout(60):
        for _ in range(2):
            with pytest.raises(FailedPrecondition, match="1 seals do not open"):
                await rotate(on)
        async with on.database.read() as connection:
            for table in (subject_keys, subject_seals):
                moved = sa.select(sa.func.count()).select_from(table).where(table.c.key_version == 2)
                assert (await connection.execute(moved)).scalar_one() == 4
        assert (await play(on, *users)).unchanged == 5


async def test_a_lookup_key_that_leads_to_nobody_keeps_no_player_out(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as on:
        for user in ("ann", "bob"):
            await strand(on, user)
        decide: Any = SetConsent(on.store, on.identity.hashes, canonical_user_id, on.clock)
        assert (await decide(ADMIN, "ann", True, None)).analytics
        assert (await play(on, "ann", "bob")).stored == 2
        await strand(on, "eve")
    async with process(settings, BOTH) as on:
        await rotate(on)
        assert await count(on, subject_keys) == 4


async def strand(on: Foundation, user: str) -> None:
    """Leave a lookup key of a subject that is gone."""
    rows = {"pseudonym": on.identity.pseudonyms.pseudonym(user), "key_version": 1, "subject_id": secrets.randbits(62)}
    async with on.database.begin() as connection:
        await connection.execute(sa.insert(subject_keys).values(rows))


async def test_every_session_of_a_player_stays_with_the_one_subject(settings: AggregationSettings) -> None:
    async with process(settings, FIRST) as on:
        await play(on, "ann")
    async with process(settings, BOTH, FIRST) as on:
        assert (await play(on, "ann")).unchanged == 1
        await rotate(on)
        await rotate(on)
        assert await count(on, sessions) == await count(on, subjects) == 1
