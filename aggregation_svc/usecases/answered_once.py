"""One answer and one charge for a question: the stored answer, or a new one that is settled with its audit entry."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from aggregation_svc.domain.releases import Answer, Kind, Question, Release
from aggregation_svc.ports import Act, Actor
from aggregation_svc.release_ports import Computed, Releases
from mesh.refusal import Aborted, Refusal, ResourceExhausted, Unavailable

_LOG = logging.getLogger(__name__)

MOST = 100
"""Questions that are answered or wait for their turn, at most: those who asked may have left long ago."""


ATTEMPTS = 4
"""Times that an answer is settled while writers of facts get in its way."""

Compute = Callable[[], Awaitable[Computed]]


class AnsweredOnce:
    """Answers questions of periods one at a time, and beside them those of batches, which do not wait for a long one.

    Within one process an answer is computed only where it fits into the account whatever becomes of the one beside it,
    whose charge is set aside. Between replicas the store decides: whoever loses gets the winner's answer.

    Work on a question goes on when whoever asked it leaves, and whoever asks it again joins. Otherwise a caller with a
    short deadline could learn for nothing how long players' facts take to compute, and an answer that takes longer than
    every caller waits would never come to be.
    """

    def __init__(self, releases: Releases) -> None:
        """Keep answers in `releases`."""
        self._releases = releases
        periods, batches = asyncio.Lock(), asyncio.Lock()
        self._turns = {Kind.COHORTS: periods, Kind.RETENTION: periods, Kind.INLINE: batches}
        self._reserved: dict[str, int] = {}
        self._account = asyncio.Condition()
        self._at_work: dict[str, asyncio.Task[Release]] = {}
        self._draining = False

    @property
    def waiting(self) -> int:
        """Return how many questions are answered or wait for their turn."""
        return len(self._at_work)

    async def __call__(
        self,
        actor: Actor,
        question: Question,
        compute: Compute,
        place: ExitStack | None = None,
        again: Callable[[], Awaitable[None]] | None = None,
    ) -> Release:
        """Return the stored answer, else what `compute` returns, charged; raises what `compute` raises.

        What counts the memory that `compute` keeps is taken over from `place` where it is begun, and closed at its end.
        Where the answer is stored, `again` is what is left to do.

        Raises:
            ResourceExhausted: the cap would be passed; nothing is stored. Or too many questions wait.
            Unavailable: the process is about to stop.
        """
        if stored := await self._releases.find(question):
            if again:
                await again()
            return stored
        work = self._at_work.get(question.name) or self._begin(actor, question, compute, place or ExitStack())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if work.cancelled():
                raise _stopping() from None
            raise

    async def set_aside(self, question: Question, micro: int) -> None:
        """Make sure that an answer may be charged, before anything is read.

        Where that depends on the one beside, a period waits for the batch, which is soon done. A batch does not wait
        for a period, which may take an hour: others are behind it, and some of them fit.

        Raises:
            ResourceExhausted: the charge would pass the cap, or would if the answer to a period is charged that is
                being computed.
        """
        async with self._account:
            while True:
                beside = sum(self._reserved.values())
                try:
                    await self._releases.require_room(beside + micro)
                except ResourceExhausted:
                    if not beside:
                        raise
                    if question.kind is Kind.INLINE:
                        raise _set_aside() from None
                    await self._account.wait()
                else:
                    self._reserved[question.name] = micro
                    return

    async def drain(self) -> None:
        """Let begun answers come to their end; those that are left when this is cancelled end uncharged."""
        self._draining = True
        try:
            while self._at_work:
                await asyncio.wait(self._at_work.values())
        finally:
            unfinished = tuple(self._at_work.values())
            for work in unfinished:
                work.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    def _begin(self, actor: Actor, question: Question, compute: Compute, place: ExitStack) -> asyncio.Task[Release]:
        if self._draining:
            raise _stopping()
        if len(self._at_work) >= MOST:
            raise ResourceExhausted("questions_wait", "Too many questions wait for their answer.", retry_after=5.0)
        work = asyncio.create_task(self._answer(actor, question, compute), name="answer to a question")
        self._at_work[question.name] = work
        held = place.pop_all()

        def ended(work: asyncio.Task[Release]) -> None:
            held.close()
            del self._at_work[question.name]
            # Nobody may be left to hear of it.
            if not work.cancelled() and (error := work.exception()) and not isinstance(error, Refusal):
                _LOG.error("answer_failed", exc_info=error)

        work.add_done_callback(ended)
        return work

    async def _answer(self, actor: Actor, question: Question, compute: Compute) -> Release:
        async with self._turns[question.kind]:
            if stored := await self._releases.find(question):
                return stored
            try:
                return await self._settled(actor, question, await compute())
            finally:
                async with self._account:
                    self._reserved.pop(question.name, None)
                    self._account.notify_all()

    async def _settled(self, actor: Actor, question: Question, computed: Computed) -> Release:
        answer, attempt = computed.answer, 1
        act = _created(actor, question, answer)
        while True:
            try:
                return await self._releases.settle(question, answer, actor.name, act, computed.record)
            except Aborted:
                # Two writers of facts met in another order. What was read must not be thrown away uncharged for that.
                if attempt == ATTEMPTS:
                    raise
                attempt += 1


def _stopping() -> Unavailable:
    return Unavailable("stopping", "This process is about to stop; ask again.", retry_after=1.0)


def _set_aside() -> ResourceExhausted:
    return ResourceExhausted(
        "budget_set_aside",
        "What is left of the budget is set aside for a release that is being computed; ask again when it is done.",
        retry_after=60.0,
    )


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
