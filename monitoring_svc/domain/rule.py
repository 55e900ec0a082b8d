"""Rules as data, and the four that come with the service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitoring_svc.domain.severity import AlertType, Severity
from monitoring_svc.domain.signal import Signal

LOW_ENGAGEMENT = 0.3
LONG_SESSION_MINUTES = 120.0
LOW_SENTIMENT = 0.2

CRISIS_LANGUAGE = "crisis_language"
"""The rule that cannot be switched off."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on signals that asks for an intervention."""

    rule_id: str
    title: str
    """One line for people; the alert's title."""
    description: str
    """What to do; the alert's message."""
    condition: str
    """CEL; of a built-in rule what its predicate says, in the same words."""
    severity: Severity
    alert_type: AlertType
    intervention: str = ""
    for_seconds: int = 0
    """How long the condition must have held before it fires."""
    cooldown_seconds: int = 0
    """How long after an alert was resolved the rule stays quiet for the same player."""
    auto_resolve_seconds: int = 0
    """How long the condition must not have held before the alert resolves by itself; 0 for never."""
    enabled: bool = True
    built_in: bool = False
    version: int = 1
    disabled_reason: str = ""
    """Why the service switched it off; empty otherwise."""


BUILT_IN: tuple[Rule, ...] = (
    Rule(
        CRISIS_LANGUAGE,
        "Crisis language",
        "The player's last messages speak of danger. Reach the player.",
        "crisis_severity == 'moderate' || crisis_severity == 'high' || crisis_severity == 'imminent'",
        Severity.CRITICAL,
        AlertType.SAFETY_CONCERN,
        intervention="crisis_support",
        built_in=True,
    ),
    Rule(
        "low_engagement",
        "Low engagement",
        "The player hardly takes part. Offer another activity or a check-in.",
        f"engagement_score < {LOW_ENGAGEMENT}",
        Severity.MEDIUM,
        AlertType.USER_ENGAGEMENT,
        intervention="engagement_check_in",
        auto_resolve_seconds=900,
        built_in=True,
    ),
    Rule(
        "long_session",
        "Long session",
        "The session has lasted over two hours. Suggest a break.",
        f"session_duration_minutes > {LONG_SESSION_MINUTES}",
        Severity.LOW,
        AlertType.USER_ENGAGEMENT,
        intervention="suggest_break",
        auto_resolve_seconds=900,
        built_in=True,
    ),
    Rule(
        "low_sentiment",
        "Low sentiment",
        "The player's mood is low. Offer support.",
        f"sentiment_score < {LOW_SENTIMENT}",
        Severity.HIGH,
        AlertType.THERAPEUTIC_INTERVENTION,
        intervention="supportive_message",
        auto_resolve_seconds=900,
        built_in=True,
    ),
)
"""The rules that come with the service. The severity of crisis language follows the recogniser."""

Predicate = Callable[[Signal], bool | None]
"""Returns None where the signal lacks what the condition needs."""

PREDICATES: Mapping[str, Predicate] = MappingProxyType(
    {
        CRISIS_LANGUAGE: lambda signal: None if signal.crisis_severity is None else True,
        "low_engagement": lambda signal: (
            None if signal.engagement_score is None else signal.engagement_score < LOW_ENGAGEMENT
        ),
        "long_session": lambda signal: (
            None if signal.session_duration_minutes is None else signal.session_duration_minutes > LONG_SESSION_MINUTES
        ),
        "low_sentiment": lambda signal: (
            None if signal.sentiment_score is None else signal.sentiment_score < LOW_SENTIMENT
        ),
    }
)
"""The compiled conditions of the built-in rules."""
