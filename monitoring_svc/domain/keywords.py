"""The strict fallback: a few phrases that always count, whatever else fails. It cannot be switched off.

It stands in where the rule layer raises. It errs on the side of an alert: no negation, no context, no learning.
"""

import re
from collections.abc import Sequence

from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity, Span

MAX_CHARACTERS = 20_000
"""How much of each message is looked at, from its end: what was said last."""

_PHRASES = (
    (
        Category.SUICIDAL_IDEATION,
        Severity.IMMINENT,
        r"\b(?:kill(?:ing)?\s+myself|end(?:ing)?\s+my\s+life|commit\s+suicide|take\s+my\s+own\s+life)\b",
    ),
    (
        Category.SUICIDAL_IDEATION,
        Severity.HIGH,
        r"\b(?:suicid(?:e|al)|want(?:ed)?\s+to\s+die|better\s+off\s+dead|don'?t\s+want\s+to\s+(?:live|be\s+alive)|"
        r"no\s+reason\s+to\s+live|wish\s+i\s+(?:was|were)\s+dead)\b",
    ),
    (
        Category.SELF_HARM,
        Severity.HIGH,
        r"\b(?:hurt(?:ing)?\s+myself|harm(?:ing)?\s+myself|self[\s-]?harm|cut(?:ting)?\s+myself)\b",
    ),
    (
        Category.SUBSTANCE_EMERGENCY,
        Severity.HIGH,
        r"\b(?:overdos(?:e|ed|ing)|took\s+(?:all|too\s+many)\s+.{0,20}pills)\b",
    ),
)
_COMPILED = tuple((category, severity, re.compile(phrase, re.IGNORECASE)) for category, severity, phrase in _PHRASES)


def by_keywords(messages: Sequence[str]) -> CrisisDecision | None:
    """Return the gravest danger that a phrase names, with its place; None where none does."""
    for category, severity, phrase in _COMPILED:
        for index, message in enumerate(messages):
            skipped = max(0, len(message) - MAX_CHARACTERS)
            if found := phrase.search(message.replace("\u2019", "'"), skipped):
                span = Span(index, found.start(), found.end(), "keyword")
                return CrisisDecision(category, severity, 0.5, Layer.RULES, (span,))
    return None
