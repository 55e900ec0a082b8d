"""Listens for crisis language with two layers that fail differently. Whatever fails, somebody still listens."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from monitoring_svc.domain.crisis.decision import CrisisDecision, Severity
from monitoring_svc.domain.crisis_assessment import CrisisAssessment, CrisisLayer, graver
from monitoring_svc.domain.keywords import by_keywords
from monitoring_svc.ports import CrisisRecogniser, Failures, SemanticLayer

LAST_MESSAGES = 50
"""How many of a player's messages count."""
QUICK = 1_000
"""Characters that the rule layer reads at once: ordinary talk in 2 ms. More is read in a thread: the loop goes on."""
BATCHED_AT_ONCE = 4
"""Signals of batches that are with the semantic layer: enough that it never waits for them."""


@dataclass(frozen=True, slots=True)
class BatchTurns:
    """What all batches share, so that who comes alone finds the threads and the semantic layer's queue free."""

    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a long text is read in a thread."""
    meaning: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BATCHED_AT_ONCE))
    """Held while the semantic layer is asked."""


class CrisisAssessor:
    """Joins the rule layer and the semantic layer."""

    def __init__(self, rules: CrisisRecogniser, semantic: SemanticLayer, failures: Failures, deadline: float) -> None:
        """Wait `deadline` seconds for the semantic layer; `failures` hears of a rule layer that raised."""
        self._rules = rules
        self._semantic = semantic
        self._failures = failures
        self._deadline = deadline

    async def assess(self, messages: Sequence[str], turns: BatchTurns | None = None) -> CrisisAssessment | None:
        """Return what is said of a player's messages, oldest first; None where there are none.

        The signals of batches take `turns`.

        The rule layer always decides, or the strict keywords in its place. The semantic layer adds, and may take back
        what the rule layer decided, but never an imminent danger: that is not even put to it.
        """
        if not messages:
            return None
        skipped = max(0, len(messages) - LAST_MESSAGES)
        recent = messages[skipped:]
        if sum(map(len, recent)) <= QUICK:
            rule_layer, decision = self._decide(recent)
        else:
            async with turns.reading if turns else nullcontext():
                rule_layer, decision = await asyncio.to_thread(self._decide, recent)
        if decision is not None and decision.severity is Severity.IMMINENT:
            return CrisisAssessment(_shifted(decision, skipped), rule_layer, CrisisLayer.NOT_NEEDED)
        semantic_layer, both = await self._meaning(recent, turns)
        if both is not None or semantic_layer is not CrisisLayer.DECIDED or rule_layer is not CrisisLayer.DECIDED:
            both = graver(decision, both)
        return CrisisAssessment(_shifted(both, skipped), rule_layer, semantic_layer)

    async def _meaning(
        self, messages: Sequence[str], turns: BatchTurns | None
    ) -> tuple[CrisisLayer, CrisisDecision | None]:
        """Ask the semantic layer. Of a batch when it is its turn, for which it waits no longer than the deadline."""
        if turns is None:
            return await self._semantic.decide(messages, self._deadline)
        clock = asyncio.get_running_loop().time
        end = clock() + self._deadline
        try:
            async with asyncio.timeout_at(end):
                await turns.meaning.acquire()
        except TimeoutError:
            return CrisisLayer.LATE, None
        try:
            return await self._semantic.decide(messages, max(0.0, end - clock()))
        finally:
            turns.meaning.release()

    def _decide(self, messages: Sequence[str]) -> tuple[CrisisLayer, CrisisDecision | None]:
        try:
            return CrisisLayer.DECIDED, self._rules.decide(messages)
        except Exception as error:  # noqa: BLE001 whatever breaks here, the keywords must still be looked for
            self._failures.failed("crisis_rule_layer", error)
            return CrisisLayer.FAILED, by_keywords(messages)


def _shifted(decision: CrisisDecision | None, skipped: int) -> CrisisDecision | None:
    if decision is None or not skipped:
        return decision
    spans = tuple(replace(one, message=one.message + skipped) for one in decision.spans)
    return replace(decision, spans=spans)
