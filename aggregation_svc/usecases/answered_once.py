"""One answer and one charge for a question: the stored answer, or a new one that is settled with its audit entry."""

import asyncio
from collections.abc import Awaitable, Callable

from aggregation_svc.domain.releases import Answer, Question, Release
from aggregation_svc.ports import Act, Actor
from aggregation_svc.release_ports import Releases


class AnsweredOnce:
    """Answers the questions of one kind, one at a time.

    Within one process the next request sees what this one stored and spent, before it reads or computes anything.
    Between replicas the store decides: whoever loses gets the winner's answer.
    """

    def __init__(self, releases: Releases) -> None:
        """Keep answers in `releases`."""
        self._releases = releases
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, actor: Actor, question: Question, compute: Callable[[], Awaitable[Answer]]) -> Release:
        """Return the stored answer, else what `compute` returns, charged; raises what `compute` raises.

        Raises:
            ResourceExhausted: the cap would be passed; nothing is stored.
        """
        if stored := await self._releases.find(question):
            return stored
        async with self._one_at_a_time:
            if stored := await self._releases.find(question):
                return stored
            answer = await compute()
            return await self._releases.settle(question, answer, actor.name, _created(actor, question, answer))


def _created(actor: Actor, question: Question, answer: Answer) -> Act:
    """Return the audit entry of a new release. It holds no count of players."""
    period = question.period
    return Act(
        actor.name,
        "release_created",
        None,
        {
            "kind": question.kind.value,
            "grain": period.grain.value if period else "",
            "period_start": f"{period.start:%Y-%m-%d}" if period else "",
            "revision": question.revision,
            "plan_version": answer.plan_version,
            "epsilon_micros": answer.epsilon_micro,
            "delta": answer.delta,
        },
    )
