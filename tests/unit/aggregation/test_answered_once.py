"""One answer for a question: those who ask meanwhile wait for it, and not more of them than may."""

import asyncio
from datetime import UTC, datetime

import pytest

from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Act, Actor
from aggregation_svc.release_ports import Computed, Recording, Releases
from aggregation_svc.usecases.answered_once import MOST, AnsweredOnce
from aggregation_svc.usecases.ingest_room import IngestRoom
from mesh.refusal import ResourceExhausted

OLGA = Actor("olga")
MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), Grain.MONTH)
APRIL = MARCH.next


class FakeReleases(Releases):
    """Keeps answers in memory."""

    def __init__(self) -> None:
        self.held: dict[str, Release] = {}

    async def find(self, question: Question) -> Release | None:
        return self.held.get(question.name)

    async def settle(
        self, question: Question, answer: Answer, actor: str, act: Act, record: Recording | None = None
    ) -> Release:
        return self.held.setdefault(question.name, Release(question.name, question, answer, 1, 0))


class Computation:
    """An answer that takes until it is let through."""

    def __init__(self) -> None:
        self.runs = 0
        self.running = asyncio.Event()
        self.gate = asyncio.Event()

    async def __call__(self) -> Computed:
        self.runs += 1
        self.running.set()
        await self.gate.wait()
        return Computed(Answer("1", 1, 0.0))


def question(period: Period) -> Question:
    return Question(Kind.COHORTS, period)


async def waiting(once: AnsweredOnce, count: int) -> None:
    async with asyncio.timeout(5):
        while once.waiting < count:  # noqa: ASYNC110 what waits for a lock has no event
            await asyncio.sleep(0)


def asked(once: AnsweredOnce, compute: Computation, count: int) -> list[asyncio.Task[Release]]:
    """Ask for so many months at once."""
    months = [MARCH]
    while len(months) < count:
        months.append(months[-1].previous)
    return [asyncio.create_task(once(OLGA, question(month), compute)) for month in months]


async def test_who_asks_while_it_is_computed_gets_the_same_answer() -> None:
    once, compute = AnsweredOnce(FakeReleases()), Computation()
    asking = [asyncio.create_task(once(OLGA, question(MARCH), compute)) for _ in range(5)]
    await compute.running.wait()
    assert once.waiting == 1
    compute.gate.set()
    assert len({release.release_id for release in await asyncio.gather(*asking)}) == 1
    assert (compute.runs, once.waiting) == (1, 0)


async def test_more_questions_than_may_wait_are_refused_with_a_hint_and_what_is_stored_is_still_answered() -> None:
    once, compute = AnsweredOnce(FakeReleases()), Computation()
    compute.gate.set()
    stored = await once(OLGA, question(APRIL), compute)
    compute.gate.clear()
    asking = asked(once, compute, MOST)
    await waiting(once, MOST)
    with pytest.raises(ResourceExhausted) as refused:
        await once(OLGA, question(APRIL.next), compute)
    assert refused.value.reason == "questions_wait"
    assert refused.value.retry_after
    assert await once(OLGA, question(APRIL), compute) == stored
    compute.gate.set()
    await asyncio.gather(*asking)
    assert (await once(OLGA, question(APRIL.next), compute)).question == question(APRIL.next)


async def test_what_a_question_keeps_in_memory_is_counted_until_it_is_answered_though_its_caller_left() -> None:
    once, compute, room = AnsweredOnce(FakeReleases()), Computation(), IngestRoom(100)
    asking = asyncio.create_task(once(OLGA, question(MARCH), compute, room.held("inline", 80)))
    await compute.running.wait()
    asking.cancel()
    await asyncio.wait([asking])
    assert room.total == 80
    with pytest.raises(ResourceExhausted):
        await once(OLGA, question(APRIL), compute, room.held("inline", 80))
    compute.gate.set()
    await once(OLGA, question(MARCH), compute)
    assert (room.total, compute.runs) == (0, 1)


async def test_what_fails_waits_no_longer() -> None:
    once = AnsweredOnce(FakeReleases())

    async def refused() -> Computed:
        raise ResourceExhausted("budget_exceeded", "The cap would be passed.")

    with pytest.raises(ResourceExhausted):
        await once(OLGA, question(MARCH), refused)
    assert once.waiting == 0
