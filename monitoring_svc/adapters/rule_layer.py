"""The curated rules of crisis language, in the words that alerts use."""

from collections.abc import Sequence

from monitoring_svc.domain.crisis import decision as spoken
from monitoring_svc.domain.crisis.recognise import recognise
from monitoring_svc.domain.crisis_decision import CrisisCategory, CrisisDecision, CrisisSeverity, CrisisSpan

_CATEGORIES = {
    spoken.Category.SUICIDAL_IDEATION: CrisisCategory.SUICIDAL_IDEATION,
    spoken.Category.SELF_HARM: CrisisCategory.SELF_HARM,
    spoken.Category.ABUSE: CrisisCategory.ABUSE,
    spoken.Category.SUBSTANCE_EMERGENCY: CrisisCategory.SUBSTANCE,
    spoken.Category.EATING_DISORDER_EMERGENCY: CrisisCategory.EATING_DISORDER,
    spoken.Category.MEDICAL_EMERGENCY: CrisisCategory.MEDICAL,
}


def in_alert_words(decision: spoken.CrisisDecision | None) -> CrisisDecision | None:
    """Return a recogniser's decision in the words that alerts use."""
    if decision is None:
        return None
    spans = tuple(CrisisSpan(span.message, span.start, span.end, span.rule) for span in decision.spans)
    return CrisisDecision(_CATEGORIES[decision.category], CrisisSeverity(int(decision.severity)), decision.score, spans)


class RuleLayer:
    """The rule layer as signals ask it."""

    def decide(self, messages: Sequence[str]) -> CrisisDecision | None:
        """Return the gravest danger, None where there is none."""
        return in_alert_words(recognise(messages))
