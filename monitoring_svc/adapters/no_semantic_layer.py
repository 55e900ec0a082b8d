"""Stands in for the semantic layer where it is not installed; says so in every answer."""

from collections.abc import Sequence

from monitoring_svc.domain.crisis_decision import CrisisDecision, CrisisLayer
from monitoring_svc.domain.keywords import by_keywords


class NoSemanticLayer:
    """Never adds anything."""

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        """Return that the layer is missing."""
        return CrisisLayer.MISSING, None


class KeywordRecogniser:
    """The strict keywords as rule layer."""

    def decide(self, messages: Sequence[str]) -> CrisisDecision | None:
        """Return what the keywords find."""
        return by_keywords(messages)
