"""Stands in for the semantic layer where it is not installed; says so in every answer."""

from collections.abc import Sequence

from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.crisis_assessment import CrisisLayer


class NoSemanticLayer:
    """Never adds anything."""

    async def decide(self, messages: Sequence[str], deadline: float) -> tuple[CrisisLayer, CrisisDecision | None]:
        """Return that the layer is missing."""
        return CrisisLayer.MISSING, None
