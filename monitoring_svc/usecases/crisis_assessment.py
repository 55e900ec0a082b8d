"""Listens for crisis language with two layers that fail differently. Whatever fails, somebody still listens."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace

from monitoring_svc.domain.crisis.decision import CrisisDecision, Severity
from monitoring_svc.domain.crisis_assessment import CrisisAssessment, CrisisLayer, graver
from monitoring_svc.domain.keywords import by_keywords
from monitoring_svc.ports import CrisisRecogniser, Failures, SemanticLayer

LAST_MESSAGES = 50
"""How many of a player's messages count."""
QUICK = 1_000
"""Characters that the rule layer reads at once: ordinary talk in 2 ms. More is read in a thread: the loop goes on."""


class CrisisAssessor:
    """Joins the rule layer and the semantic layer."""

    def __init__(self, rules: CrisisRecogniser, semantic: SemanticLayer, failures: Failures, deadline: float) -> None:
        """Wait `deadline` seconds for the semantic layer; `failures` hears of a rule layer that raised."""
        self._rules = rules
        self._semantic = semantic
        self._failures = failures
        self._deadline = deadline

    async def assess(
        self, messages: Sequence[str], one_long: AbstractAsyncContextManager[None] | None = None
    ) -> CrisisAssessment | None:
        """Return what is said of a player's messages, oldest first; None where there are none.

        Of a batch only who holds `one_long` reads a long text in a thread: the other threads are for who comes alone.

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
            async with one_long or nullcontext():
                rule_layer, decision = await asyncio.to_thread(self._decide, recent)
        if decision is not None and decision.severity is Severity.IMMINENT:
            return CrisisAssessment(_shifted(decision, skipped), rule_layer, CrisisLayer.NOT_NEEDED)
        semantic_layer, both = await self._semantic.decide(recent, self._deadline)
        if both is not None or semantic_layer is not CrisisLayer.DECIDED or rule_layer is not CrisisLayer.DECIDED:
            both = graver(decision, both)
        return CrisisAssessment(_shifted(both, skipped), rule_layer, semantic_layer)

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
