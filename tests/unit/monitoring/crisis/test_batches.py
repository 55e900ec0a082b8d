"""The semantic layer's queue is bounded: a batch takes turns in it, so that who comes alone finds a place."""

import asyncio
from collections.abc import Sequence

from monitoring_svc.adapters.rule_layer import RuleLayer
from monitoring_svc.domain.crisis import CrisisDecision
from monitoring_svc.domain.crisis_assessment import CrisisAssessment, CrisisLayer
from monitoring_svc.ports import Failures, SemanticLayer
from monitoring_svc.usecases.crisis_assessment import BATCHED_AT_ONCE, BatchTurns, CrisisAssessor

TALK = ["what a lovely scene"]
DEADLINE = 60.0


class Busy(SemanticLayer):
    """Answers once it is free."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.asked = asyncio.Condition()
        self.waiting = 0
        self.most = 0

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        async with self.asked:
            self.asked.notify_all()
        try:
            async with asyncio.timeout(deadline):
                await self.free.wait()
                await asyncio.sleep(0)
        except TimeoutError:
            return CrisisLayer.LATE, None
        finally:
            self.waiting -= 1
        return CrisisLayer.DECIDED, None

    async def holds(self, count: int) -> None:
        """Return once so many wait."""
        async with asyncio.timeout(DEADLINE), self.asked:
            await self.asked.wait_for(lambda: self.waiting == count)


class Told(Failures):
    def failed(self, what: str, error: Exception) -> None:
        raise error


def outcomes(said: Sequence[CrisisAssessment | None]) -> set[CrisisLayer]:
    return {one.semantic_layer for one in said if one is not None}


async def test_batches_take_turns_in_the_queue_and_all_of_their_messages_are_heard() -> None:
    layer, turns = Busy(), BatchTurns()
    assessor = CrisisAssessor(RuleLayer(), layer, Told(), DEADLINE)
    batches = asyncio.gather(*(assessor.assess(TALK, turns) for _ in range(200)))
    await layer.holds(BATCHED_AT_ONCE)
    layer.free.set()
    assert outcomes(await batches) == {CrisisLayer.DECIDED}
    assert layer.most == BATCHED_AT_ONCE


async def test_who_comes_alone_is_asked_about_at_once_behind_a_batch_of_hundreds() -> None:
    layer, turns = Busy(), BatchTurns()
    assessor = CrisisAssessor(RuleLayer(), layer, Told(), DEADLINE)
    batches = asyncio.gather(*(assessor.assess(TALK, turns) for _ in range(200)))
    await layer.holds(BATCHED_AT_ONCE)
    alone = asyncio.create_task(assessor.assess(TALK))
    await layer.holds(BATCHED_AT_ONCE + 1)
    layer.free.set()
    assert outcomes([await alone, *await batches]) == {CrisisLayer.DECIDED}


async def test_a_batch_waits_for_its_turns_no_longer_than_the_deadline_and_gives_them_back() -> None:
    layer, turns = Busy(), BatchTurns()
    assessor = CrisisAssessor(RuleLayer(), layer, Told(), 0.05)
    said = await asyncio.gather(*(assessor.assess(["I will cut myself", *TALK], turns) for _ in range(20)))
    assert outcomes(said) == {CrisisLayer.LATE}
    assert all(one is not None and one.decision is not None for one in said)
    assert layer.most == BATCHED_AT_ONCE
    assert not turns.meaning.locked()
