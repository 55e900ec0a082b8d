"""What a service reports of one player now, without the player's id and messages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

NUMBERS = ("engagement_score", "session_duration_minutes", "sentiment_score", "interaction_count")
"""The fields of every signal that are numbers; their rolling statistics are kept."""

EMOTIONAL_STATES = ("calm", "engaged", "anxious", "overwhelmed", "distressed", "crisis")
"""The game's words for how a player feels."""

CRISIS_SEVERITIES = ("moderate", "high", "imminent")
"""The recogniser's words for how near a danger is."""

Value = float | bool | str


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal as rules see it. None is missing and fires nothing."""

    observed_at: datetime
    engagement_score: float | None = None
    """0 to 1."""
    session_duration_minutes: float | None = None
    sentiment_score: float | None = None
    """-1 to 1."""
    interaction_count: float | None = None
    emotional_state: str | None = None
    """One of `EMOTIONAL_STATES`."""
    requires_therapeutic_intervention: bool | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    """Further numbers by name."""
    crisis_severity: str | None = None
    """One of `CRISIS_SEVERITIES`, set by the recogniser."""
    crisis_category: str | None = None

    def numbers(self) -> Iterator[tuple[str, float]]:
        """Yield the numbers that are there, by name."""
        for name in NUMBERS:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def facts(self) -> dict[str, Value]:
        """Return everything that is there and may stand in an alert's data: numbers, enumerations, booleans."""
        facts: dict[str, Value] = dict(self.numbers())
        for name in ("emotional_state", "requires_therapeutic_intervention", "crisis_severity", "crisis_category"):
            value = getattr(self, name)
            if value is not None:
                facts[name] = value
        return facts
