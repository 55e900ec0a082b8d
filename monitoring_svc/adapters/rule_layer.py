"""The curated rules of crisis language as signals ask them."""

from collections.abc import Sequence

from monitoring_svc.domain.crisis import CrisisDecision, recognise


class RuleLayer:
    """The rule layer."""

    def decide(self, messages: Sequence[str]) -> CrisisDecision | None:
        """Return the gravest danger, None where there is none."""
        return recognise(messages)
