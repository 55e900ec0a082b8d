"""One answer for a question: those who ask meanwhile wait for it, and not more of them than may."""

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Act, Actor
from aggregation_svc.release_ports import Computed, Recording, Releases
from aggregation_svc.usecases.answered_once import MOST, AnsweredOnce
from aggregation_svc.usecases.ingest_room import BATCHES, IngestRoom
from mesh.refusal import ResourceExhausted

OLGA = Actor("olga")
MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), Grain.MONTH)
APRIL = MARCH.next


class FakeReleases(Releases):
    """Keeps answers in memory, and charges each under a cap."""

    def __init__(self, cap: int = 1000) -> None:
        self.held: dict[str, Release] = {}
        self.left = cap

    async def require_room(self, micro: int) -> None:
        await asyncio.sleep(0)
        if micro > self.left:
            raise ResourceExhausted("budget_exceeded", f"This needs {micro}; {self.left} is left.")

    async def find(self, question: Question) -> Release | None:
        return self.held.get(question.name)

    async def settle(
        self, question: Question, answer: Answer, actor: str, act: Act, record: Recording | None = None
    ) -> Release:
        await self.require_room(answer.epsilon_micro)
        self.left -= answer.epsilon_micro
        return self.held.setdefault(question.name, Release(question.name, question, answer, 1, 0))


class Computation:
    """An answer that takes until it is let through."""

    def __init__(self, micro: int = 1) -> None:
        self.micro, self.runs = micro, 0
        self.running = asyncio.Event()
        self.gate = asyncio.Event()

    async def __call__(self) -> Computed:
        self.runs += 1
        self.running.set()
        await self.gate.wait()
        return Computed(Answer("1", self.micro, 0.0))


def question(period: Period) -> Question:
    return Question(Kind.COHORTS, period)


def batch(name: str = "one") -> Question:
    return Question(Kind.INLINE, None, 0, name)


class Charged(Computation):
    """One that makes sure of its charge first."""

    def __init__(self, once: AnsweredOnce, question: Question, micro: int) -> None:
        super().__init__(micro)
        self._once, self._question = once, question

    async def __call__(self) -> Computed:
        await self._once.set_aside(self._question, self.micro)
        return await super().__call__()


async def waiting(once: AnsweredOnce, count: int) -> None:
    async with asyncio.timeout(60):
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
    once, compute, room = AnsweredOnce(FakeReleases()), Computation(), IngestRoom(100, kinds=BATCHES)

    async def ask() -> Release:
        with ExitStack() as place:
            place.enter_context(room.held("inline", 40))
            return await once(OLGA, batch(), compute, place)

    asking, joining = asyncio.create_task(ask()), asyncio.create_task(ask())
    await compute.running.wait()
    assert room.total == 80
    for caller, total in ((joining, 40), (asking, 40)):
        caller.cancel()
        await asyncio.wait([caller])
        assert room.total == total
    compute.gate.set()
    await once(OLGA, batch(), compute)
    assert (room.total, compute.runs) == (0, 1)
    await ask()
    assert room.total == 0


async def test_a_batch_is_answered_while_a_long_release_is_computed() -> None:
    once, long, short = AnsweredOnce(FakeReleases()), Computation(), Computation()
    asking = asyncio.create_task(once(OLGA, question(MARCH), long))
    await long.running.wait()
    short.gate.set()
    async with asyncio.timeout(60):
        assert (await once(OLGA, batch(), short)).question == batch()
    waits = asyncio.create_task(once(OLGA, question(APRIL), short))
    await waiting(once, 2)
    assert (short.runs, waits.done()) == (1, False)
    long.gate.set()
    await asyncio.gather(asking, waits)


@pytest.mark.parametrize("fails", [True, False])
async def test_what_fits_beside_an_answer_only_if_that_is_not_charged_waits_and_reads_nothing(fails: bool) -> None:
    releases = FakeReleases(cap=10)
    once = AnsweredOnce(releases)
    first, second = Charged(once, batch(), 9), Charged(once, question(MARCH), 5)
    asking = asyncio.create_task(once(OLGA, batch(), first))
    await first.running.wait()
    beside = asyncio.create_task(once(OLGA, question(MARCH), second))
    await waiting(once, 2)
    for _ in range(20):
        await asyncio.sleep(0)
    assert not second.runs
    second.gate.set()
    if fails:
        first.micro = 11
    first.gate.set()
    answers = await asyncio.gather(asking, beside, return_exceptions=True)
    assert [isinstance(one, ResourceExhausted) for one in answers] == [fails, not fails]
    assert (second.runs, releases.left) == ((1, 5) if fails else (0, 1))


async def test_a_batch_does_not_wait_for_the_charge_of_a_release_and_one_that_fits_is_answered_beside_it() -> None:
    releases = FakeReleases(cap=10)
    once = AnsweredOnce(releases)
    long, large, small = (
        Charged(once, asked, micro) for asked, micro in ((question(MARCH), 8), (batch("large"), 5), (batch("small"), 2))
    )
    asking = asyncio.create_task(once(OLGA, question(MARCH), long))
    await long.running.wait()
    small.gate.set()
    async with asyncio.timeout(60):
        with pytest.raises(ResourceExhausted) as refused:
            await once(OLGA, batch("large"), large)
        await once(OLGA, batch("small"), small)
    assert (refused.value.reason, bool(refused.value.retry_after)) == ("budget_set_aside", True)
    assert (large.runs, small.runs) == (0, 1)
    long.gate.set()
    await asking
    assert releases.left == 0


async def test_what_is_left_to_do_for_a_stored_answer_is_done_each_time_it_is_asked_again() -> None:
    once, compute, done = AnsweredOnce(FakeReleases()), Computation(), list[int]()

    async def again() -> None:
        done.append(1)

    compute.gate.set()
    for times in range(3):
        await once(OLGA, batch(), compute, again=again)
        assert (compute.runs, len(done)) == (1, times)


async def test_what_fails_waits_no_longer() -> None:
    once = AnsweredOnce(FakeReleases())

    async def refused() -> Computed:
        raise ResourceExhausted("budget_exceeded", "The cap would be passed.")

    with pytest.raises(ResourceExhausted):
        await once(OLGA, question(MARCH), refused)
    assert once.waiting == 0
