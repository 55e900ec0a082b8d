"""Replicas on one database and one folder: what one has compared for an erasure, the others know."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregation_svc.adapters.erased_exports import ErasedExports
from aggregation_svc.adapters.export_manifest import Fingerprint
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.file_locks import locked
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.tables import subject_changes
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.bootstrap.foundation import new_id
from aggregation_svc.domain.facts import Session
from aggregation_svc.domain.periods import Period
from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.ports import Actor
from aggregation_svc.rights_ports import OtherService
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.erase_subject import EraseSubject
from aggregation_svc.usecases.ingest_sessions import Message
from mesh.database import Database
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import Unavailable
from tests.exported_facts import manifest_of, players_in
from tests.integration.aggregation.test_replicas import AT, GAME, consent, ingest


class Counted(FactExports):
    """Notes how often a month was compared with the database."""

    comparisons = 0

    async def _seen(self, month: Period) -> tuple[int, dict[str, Fingerprint]]:
        self.comparisons += 1
        return await super()._seen(month)


@dataclass
class Replica:
    exports: Counted
    part: ErasedExports


class Away(OtherService):
    """Exports that cannot be asked now."""

    name = "exports"

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        raise Unavailable("away", "Is away.")

    async def collect(self, canonical_id: str) -> list[Records]:
        return []


@pytest.fixture
def settings(settings: AggregationSettings, tmp_path: Path) -> AggregationSettings:
    return settings.model_copy(update={"export_folder": tmp_path / "facts"})


@pytest.fixture
async def month(foundation: Foundation) -> Period:
    """The month in which two players have an exported session."""
    for user in ("ann", "bob"):
        await consent(foundation, user, True)
        use = ingest(foundation)
        await use.store(Message(GAME, await use.prepare([Session(user, "one", AT)])))
    (month,) = await foundation.exports().months()
    await foundation.exports().refresh(month)
    return month


@pytest.fixture
async def replicas(foundation: Foundation, settings: AggregationSettings) -> AsyncIterator[list[Replica]]:
    found = []
    for _ in range(2):
        database = Database(settings.database("aggregation"))
        exports = Counted(database, foundation.audit, settings.required_exports(), "tests")
        found.append((database, Replica(exports, ErasedExports(exports, database))))
    yield [replica for _, replica in found]
    for database, replica in found:
        await replica.part.close()
        await database.close()


async def erased(foundation: Foundation, user_id: str) -> str:
    """Erase a player and return the erasure, whose part of the exports is open."""
    store = SqlRightsStore(foundation.store)
    begin = EraseSubject(store, [Away()], canonical_user_id, foundation.clock, new_id, lambda *_: None)
    return (await begin(Actor("ada"), user_id)).erasure_id


@pytest.mark.usefixtures("exports_awaited")
async def test_what_one_replica_has_compared_for_an_erasure_no_other_compares_again(
    month: Period, foundation: Foundation, replicas: list[Replica]
) -> None:
    one, two = replicas
    erasure_id = await erased(foundation, "ann")
    # Others decide meanwhile: that is no reason to begin anew.
    await consent(foundation, "eve", True)
    assert (await one.part.forget("ann", erasure_id)).done
    await consent(foundation, "eve", False)
    assert (await two.part.forget("ann", erasure_id)).done
    assert (await one.part.forget("ann", erasure_id)).done
    assert (one.exports.comparisons, two.exports.comparisons) == (1, 0)
    assert len(players_in(foundation.settings.required_exports())) == 1


async def test_replicas_that_are_asked_at_once_share_the_work_and_keep_nothing_of_it(
    month: Period, foundation: Foundation, replicas: list[Replica]
) -> None:
    erasures = [await erased(foundation, user) for user in ("ann", "bob")]
    async with locked(foundation.exports().folder(month) / ".lock"):
        for replica in replicas:
            for erasure_id in erasures:
                with pytest.raises(Unavailable):
                    await replica.part.forget("whoever", erasure_id)
    for replica in replicas:
        if (work := replica.part._working) is not None:
            await work
    for replica in replicas:
        for erasure_id in erasures:
            assert (await replica.part.forget("whoever", erasure_id)).done
        assert replica.part._asked == {}
    assert sum(replica.exports.comparisons for replica in replicas) == 1
    assert players_in(foundation.settings.required_exports()) == set()


@pytest.mark.usefixtures("exports_awaited")
async def test_after_a_restore_no_erasure_trusts_comparisons_with_the_database_that_was_lost(
    month: Period, foundation: Foundation, replicas: list[Replica]
) -> None:
    one, two = replicas
    async with foundation.database.begin() as connection:
        kept = (await connection.execute(sa.select(subject_changes.c.changes))).scalar_one()
        await connection.execute(sa.update(subject_changes).values(changes=kept + 400))
    await one.exports.refresh(month)
    async with foundation.database.begin() as connection:
        await connection.execute(sa.update(subject_changes).values(changes=kept))
    first = await erased(foundation, "ann")
    assert (await one.part.forget("ann", first)).done
    assert len(players_in(foundation.settings.required_exports())) == 1
    # The first compared the month with this database: the second compares it once more, for it came after.
    second = await erased(foundation, "bob")
    assert (await two.part.forget("bob", second)).done
    assert players_in(foundation.settings.required_exports()) == set()


async def test_a_refresh_after_a_restore_counts_as_a_comparison_with_the_restored_database(
    month: Period, foundation: Foundation
) -> None:
    exports = foundation.exports()
    async with foundation.database.begin() as connection:
        kept = (await connection.execute(sa.select(subject_changes.c.changes))).scalar_one()
        await connection.execute(sa.update(subject_changes).values(changes=kept + 400))
    await exports.refresh(month)
    async with foundation.database.begin() as connection:
        await connection.execute(sa.update(subject_changes).values(changes=kept))
    assert not await exports.compared(kept)
    _, written = await exports.refresh(month)
    assert not written
    assert manifest_of(exports.folder(month)).changes == kept
    assert await exports.compared(kept)
    assert not await exports.compared(kept + 1)


@pytest.mark.usefixtures("exports_awaited")
async def test_one_erasure_that_is_asked_for_twice_at_once_is_done_for_both(
    month: Period, foundation: Foundation, replicas: list[Replica]
) -> None:
    erasure_id = await erased(foundation, "ann")
    both = await asyncio.gather(*(replicas[0].part.forget("ann", erasure_id) for _ in range(2)))
    assert [one.done for one in both] == [True, True]
    assert replicas[0].exports.comparisons == 1


async def test_an_erasure_is_open_while_a_release_still_reads_the_files_of_before(
    month: Period, foundation: Foundation, replicas: list[Replica]
) -> None:
    one, two = replicas
    folder = foundation.settings.required_exports()
    async with foundation.exports().reading(month) as manifest:
        erasure_id = await erased(foundation, "ann")
        with pytest.raises(Unavailable):
            await one.part.forget("ann", erasure_id)
        async with asyncio.timeout(60):
            while manifest_of(foundation.exports().folder(month)).version == manifest.version:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert len(players_in(folder)) == 2
        with pytest.raises(Unavailable):
            await two.part.forget("ann", erasure_id)
    for replica in replicas:
        if (work := replica.part._working) is not None:
            await work
        assert (await replica.part.forget("ann", erasure_id)).done
    assert len(players_in(folder)) == 1
