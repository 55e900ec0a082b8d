"""What a recogniser of crisis language says of a player's last messages."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from monitoring_svc.domain.severity import Severity


class CrisisCategory(StrEnum):
    """What danger the messages speak of."""

    SELF_HARM = "self_harm"
    SUICIDAL_IDEATION = "suicidal_ideation"
    ABUSE = "abuse"
    SUBSTANCE = "substance"
    EATING_DISORDER = "eating_disorder"
    MEDICAL = "medical"


class CrisisSeverity(IntEnum):
    """How near the danger is. Ordered; the numbers are those of the wire format."""

    MODERATE = 1
    HIGH = 2
    IMMINENT = 3

    @property
    def label(self) -> str:
        """The short lower-case name."""
        return self.name.lower()


class CrisisLayer(StrEnum):
    """What became of one layer of the recogniser for one signal."""

    DECIDED = "decided"
    LATE = "late"
    MISSING = "missing"
    OVERLOADED = "overloaded"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"
    """It was not asked: the other layer had already heard the gravest danger."""


ALERT_SEVERITY = {
    CrisisSeverity.MODERATE: Severity.MEDIUM,
    CrisisSeverity.HIGH: Severity.HIGH,
    CrisisSeverity.IMMINENT: Severity.CRITICAL,
}
"""How much an alert matters for each nearness of the danger."""


@dataclass(frozen=True, slots=True)
class CrisisSpan:
    """Words that decided, as a place in the messages. Shown to the sender at that moment, never stored."""

    message_index: int
    """Which message, from 0."""
    start: int
    """First character, from 0."""
    end: int
    """The character after the last."""
    reason: str
    """The rule that matched, or the kind of score that was passed."""


@dataclass(frozen=True, slots=True)
class CrisisDecision:
    """A danger that was recognised."""

    category: CrisisCategory
    severity: CrisisSeverity
    score: float
    """Confidence from 0 to 1; no probability."""
    spans: tuple[CrisisSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class CrisisAssessment:
    """What both layers together say, and what became of each."""

    decision: CrisisDecision | None
    rule_layer: CrisisLayer
    semantic_layer: CrisisLayer


def graver(one: CrisisDecision | None, other: CrisisDecision | None) -> CrisisDecision | None:
    """Return the graver of two decisions; of equally grave ones that with the higher score, else the first."""
    if one is None or other is None:
        return one or other
    return other if (other.severity, other.score) > (one.severity, one.score) else one
