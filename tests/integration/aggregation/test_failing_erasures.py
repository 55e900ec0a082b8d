"""One erasure or one service that fails holds back no other; what cannot be looked at does not count as done."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aggregation_svc.adapters.erased_exports import ErasedExports
from aggregation_svc.adapters.erasure_notice import notice
from aggregation_svc.adapters.fact_exports import COMMAND, ELSEWHERE, EMPTIED, SERVICE, FactExports
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.tables import erasures
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.ports import Actor
from aggregation_svc.rights_ports import OtherService
from aggregation_svc.usecases.erase_subject import EraseSubject, ForgetHere
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import Unavailable
from tests.integration.aggregation.test_keys import ADMIN, play

NOW = datetime.now(UTC)


class Asked(OtherService):
    """Another holder of facts, that forgets or fails, and remembers whom it was asked to forget."""

    def __init__(self, name: str, failure: Exception | None = None) -> None:
        self.name, self.failure = name, failure
        self.asked: list[str] = []

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        self.asked.append(canonical_id)
        if self.failure is not None:
            raise self.failure
        return Forgotten(done=True, removed={})

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        return ()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def erasing(on: Foundation, clock: Clock, *others: OtherService) -> EraseSubject:
    ids = (f"e{number}" for number in range(10))
    return EraseSubject(SqlRightsStore(on.store), others, canonical_user_id, clock, lambda: next(ids), notice)


async def test_a_service_that_fails_whatever_way_holds_back_no_other_service_and_no_other_erasure(
    foundation: Foundation, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good, clock = Asked("exports", OSError(5, "Input/output error")), Asked("monitoring"), Clock()
    erase = erasing(foundation, clock, broken, good)
    for user in ("ann", "bob"):
        erasure = await erase(ADMIN, user)
        assert [(part.service, part.done, part.failures) for part in erasure.parts] == [
            ("aggregation", True, 0),
            ("exports", False, 1),
            ("monitoring", True, 0),
        ]
    assert good.asked == broken.asked == ["ann", "bob"]
    assert [record.levelno for record in caplog.records if record.msg == "erasure_part_failed"] == [logging.ERROR] * 2
    assert await erase.carry_on_all() == 0
    clock.now += timedelta(minutes=1)
    assert await erase.carry_on_all() == 2
    broken.failure = None
    clock.now += timedelta(minutes=1)
    assert await erase.carry_on_all() == 2
    for number in range(2):
        assert (await erase.report(f"e{number}")).finished_at is not None


class Slow(OtherService):
    """A service that answers whoever asks first only after it has answered the next."""

    name = "monitoring"

    def __init__(self, first: Forgotten | None, second: Forgotten) -> None:
        self.answers = [first, second]
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        answer = self.answers.pop(0)
        if self.answers:
            self.asked.set()
            await self.go_on.wait()
        if answer is None:
            raise Unavailable("away", "It is away.")
        return answer

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        return ()


@pytest.mark.parametrize("late", [None, Forgotten(done=True, removed={}), Forgotten(done=False, removed={"logs": 1})])
async def test_a_late_answer_takes_nothing_back_of_what_another_asker_was_told(
    foundation: Foundation, late: Forgotten | None
) -> None:
    slow, clock = Slow(late, Forgotten(done=True, removed={"alerts": 3})), Clock()
    erase = erasing(foundation, clock, slow)
    waiting = asyncio.create_task(erase(ADMIN, "ann"))
    async with asyncio.timeout(60):
        await slow.asked.wait()
        await erase.carry_on("e0")
        slow.go_on.set()
        erasure = await waiting
    assert erasure.finished_at is not None
    assert [(part.done, part.failures) for part in erasure.parts] == [(True, 0), (True, 0)]
    assert erasure.parts[1].removed == {"alerts": 3} | (dict(late.removed) if late else {})
    clock.now += timedelta(hours=2)
    assert await erase.carry_on_all() == 0
    async with foundation.database.read() as connection:
        told = await foundation.audit.list(connection, action="subject_erased_in_service", limit=10)
    assert len(told) == 1


async def test_an_erasure_whose_seal_does_not_open_waits_like_one_that_fails_and_holds_back_no_other(
    foundation: Foundation,
) -> None:
    good, clock = Asked("monitoring"), Clock()
    erase = erasing(foundation, clock, good)
    await erase.many(ADMIN, ["ann", "bob"])
    async with foundation.database.begin() as connection:
        broken = sa.update(erasures).where(erasures.c.erasure_id == "e0").values(sealed=b"\x01" + bytes(40))
        await connection.execute(broken)
    assert await erase.carry_on_all() == 2
    assert good.asked == ["bob"]
    assert (await erase.report("e1")).finished_at is not None
    assert [part.failures for part in (await erase.report("e0")).parts] == [0, 1]
    assert await erase.carry_on_all() == 0


async def test_an_erasure_that_cannot_be_carried_on_is_told_after_the_others_had_their_turn(
    foundation: Foundation, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, clock = Asked("monitoring"), Clock()
    erase = erasing(foundation, clock, good)
    await erase.many(ADMIN, ["ann", "bob"])
    carry_on = erase.carry_on

    async def failing(erasure_id: str) -> None:
        if erasure_id == "e0":
            raise OSError("the database is away")
        await carry_on(erasure_id)

    monkeypatch.setattr(erase, "carry_on", failing)
    with pytest.raises(OSError, match="away"):
        await erase.carry_on_all()
    assert good.asked == ["bob"]


async def test_what_lies_beside_the_store_and_fails_is_not_done_for_whoever_else_orchestrates(
    foundation: Foundation,
) -> None:
    await play(foundation, "ann")
    beside = [Asked("exports", OSError(116, "Stale file handle")), Asked("more")]
    forget = ForgetHere(SqlRightsStore(foundation.store), canonical_user_id, beside, notice)
    answer = await forget(Actor("orchestrator", administrator=True), "ann", "e")
    assert not answer.done
    assert answer.removed["sessions"] == 1
    assert [one.asked for one in beside] == [["ann"], ["ann"]]


@pytest.mark.usefixtures("exports_awaited")
async def test_exports_whose_folder_is_not_there_are_not_done_until_it_is(
    foundation: Foundation, tmp_path: Path
) -> None:
    folder = tmp_path / "facts"
    await play(foundation, "ann", "bob")
    exports = FactExports(foundation.database, foundation.audit, folder, SERVICE)
    for month in await exports.months():
        await exports.refresh(month)
    beside, clock = ErasedExports(exports, foundation.database), Clock()
    erase = erasing(foundation, clock, beside)
    for empty in (False, True):
        folder.rename(tmp_path / "away")
        if empty:
            folder.mkdir()
        erasure = await erase(ADMIN, "bob" if empty else "ann")
        assert [(part.service, part.done) for part in erasure.parts] == [("aggregation", True), ("exports", False)]
        if empty:
            folder.rmdir()
        (tmp_path / "away").rename(folder)
        clock.now += timedelta(hours=1)
        assert await erase.carry_on_all() == 1
        assert (await erase.report(erasure.erasure_id)).finished_at is not None
    await beside.close()


async def test_exports_that_were_removed_on_purpose_hold_nobody(foundation: Foundation, tmp_path: Path) -> None:
    folder = tmp_path / "facts"
    await play(foundation, "ann")
    exports = FactExports(foundation.database, foundation.audit, folder, COMMAND)
    for month in await exports.months():
        await exports.refresh(month)
    folder.rename(tmp_path / "removed")
    folder.mkdir()
    (folder / EMPTIED).touch()
    erase = erasing(foundation, Clock(), ErasedExports(exports, foundation.database))
    assert (await erase(ADMIN, "ann")).finished_at is not None


async def test_exports_to_another_folder_are_not_looked_for_in_this_one(foundation: Foundation, tmp_path: Path) -> None:
    await play(foundation, "ann")
    elsewhere = FactExports(foundation.database, foundation.audit, tmp_path / "own", ELSEWHERE)
    for month in await elsewhere.months():
        await elsewhere.refresh(month)
    exports = FactExports(foundation.database, foundation.audit, tmp_path / "facts", SERVICE)
    erase = erasing(foundation, Clock(), ErasedExports(exports, foundation.database))
    assert (await erase(ADMIN, "ann")).finished_at is not None
