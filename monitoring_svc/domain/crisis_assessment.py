"""What both layers of the recogniser together say of a player's last messages, and what an alert makes of it."""

from dataclasses import dataclass
from enum import StrEnum

from monitoring_svc.domain.crisis import decision as crisis
from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.severity import Severity


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
    crisis.Severity.MODERATE: Severity.MEDIUM,
    crisis.Severity.HIGH: Severity.HIGH,
    crisis.Severity.IMMINENT: Severity.CRITICAL,
}
"""How much an alert matters for each nearness of the danger."""


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
