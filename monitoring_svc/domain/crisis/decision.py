"""What the recogniser says of a player's last messages, and how sure and how urgent it is."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Category(StrEnum):
    """What kind of danger is spoken of."""

    SUICIDAL_IDEATION = "suicidal_ideation"
    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    SUBSTANCE_EMERGENCY = "substance_emergency"
    EATING_DISORDER_EMERGENCY = "eating_disorder_emergency"
    MEDICAL_EMERGENCY = "medical_emergency"


class Severity(IntEnum):
    """How soon a human must look; ordered, so that the worst of several is their maximum."""

    MODERATE = 1
    HIGH = 2
    IMMINENT = 3

    @property
    def label(self) -> str:
        """Lower-case short name, as in files and answers."""
        return self.name.lower()


class Layer(StrEnum):
    """Which way of looking decided."""

    RULES = "rules"
    SEMANTIC = "semantic"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the messages a reason was found. For the clinician's view at that moment; never stored."""

    message: int
    """Index of the message, from 0 for the oldest given."""
    start: int
    """First character in that message as it was received."""
    end: int
    """One past the last character."""
    rule: str
    """Name of the rule that the words met."""


@dataclass(frozen=True, slots=True)
class CrisisDecision:
    """A danger that was recognised. No danger is None, not a decision."""

    category: Category
    severity: Severity
    score: float
    """0..1; from 0.5 on the layer would alarm by itself. An order, not a probability."""
    layer: Layer
    spans: tuple[Span, ...] = ()
    note: str = ""
    """Why a layer did not take part (`late`, `missing`, `corrupt`, `overloaded`); empty when all did."""
