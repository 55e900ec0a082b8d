"""A large batch of signals takes turns with everything else: a crisis beside it is heard at once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from monitoring_svc.domain.crisis_assessment import CrisisAssessment
from monitoring_svc.domain.signal import Signal
from monitoring_svc.usecases.crisis_assessment import BatchTurns
from monitoring_svc.usecases.judge_signals import Incoming
from tests.integration.monitoring.conftest import CRISIS, Running
from tests.integration.monitoring.test_rules import create
from tests.loop_turns import patience, turns_watched

TALK = "I went to the old mill and talked to the miller about his daughter and the river. " * 11


def batch(size: int, words: str) -> list[Incoming]:
    """Return signals of as many players."""
    now = datetime.now(UTC)
    return [
        Incoming(f"player-{number}", Signal(now, sentiment_score=0.5, measures={"load": 1.0}), (f"{words}{number}",))
        for number in range(size)
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("size", "words"), [(1000, TALK), (150, TALK * 2)], ids=["short", "long"])
async def test_a_lone_crisis_is_answered_while_a_batch_with_messages_is_judged(
    on_postgres: Running, size: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = on_postgres.wired.judge
    for number in range(10):
        await create(on_postgres, f"measures.load > {number}.5 && sentiment_score < 0.{number}", rule_id=f"r{number}")
    await judge.judge([Incoming("p", Signal(datetime.now(UTC)), (CRISIS,))])

    # However long the database takes for the lone one: the batch does not end before it is answered.
    answered, assess = asyncio.Event(), judge._crisis.assess

    async def the_last_waits(messages: Sequence[str], turns: BatchTurns | None = None) -> CrisisAssessment | None:
        said = await assess(messages, turns)
        if messages[0] == f"{words}{size - 1}":
            await answered.wait()
        return said

    monkeypatch.setattr(judge._crisis, "assess", the_last_waits)
    async with turns_watched() as longest:
        judging = asyncio.create_task(judge.judge(batch(size, words)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        async with asyncio.timeout(120):
            (alone,) = await judge.judge([Incoming("q", Signal(datetime.now(UTC)), (words, CRISIS))])
        answered.set()
        assert len(await judging) == size

    assert [one.rule_id for one in alone.fired] == ["crisis_language"]
    assert longest.milliseconds < patience()
