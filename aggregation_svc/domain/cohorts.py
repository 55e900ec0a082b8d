"""Cohorts: focus x session frequency x engagement level, a function of one player's own facts and public constants.

No cut depends on other players, so that taking one player out changes one cell and no other.
"""

from dataclasses import dataclass
from types import MappingProxyType

UNSPECIFIED = "unspecified"
"""The focus or level of a player whose facts do not tell."""
OTHER = "other"
"""The focus cell of every name that is neither declared nor selected."""

FREQUENCIES = ("daily", "weekly", "occasional")
LEVELS = ("high", "medium", "low", UNSPECIFIED)
GIVEN_LEVELS = LEVELS[:3]

FREQUENCY_SYNONYMS = MappingProxyType(
    {
        "daily": "daily",
        "high": "daily",
        "weekly": "weekly",
        "medium": "weekly",
        "occasional": "occasional",
        "low": "occasional",
        "monthly": "occasional",
    }
)
"""What callers call a frequency and what it is called here. Any other word counts as not given."""

DAILY_SESSIONS_PER_WEEK = 4
"""From this many sessions in seven days on, a player counts as daily."""
WEEKLY_SESSIONS_PER_WEEK = 1
"""From this many sessions in seven days on, a player counts as weekly; below as occasional."""

HIGH_ENGAGEMENT = 0.67
"""From this mean engagement score on, a player's level is high."""
MEDIUM_ENGAGEMENT = 0.33
"""From this mean engagement score on, a player's level is medium; below it is low."""


@dataclass(frozen=True, slots=True, order=True)
class Cohort:
    """A cell of a release. None means: over all values of that coordinate."""

    focus: str | None = None
    frequency: str | None = None
    level: str | None = None

    @property
    def name(self) -> str:
        """The name as people read it: `all`, the focus, or `focus/frequency/level`."""
        if self.focus is None:
            return "all"
        if self.frequency is None or self.level is None:
            return self.focus
        return f"{self.focus}/{self.frequency}/{self.level}"


LEAVES = tuple((frequency, level) for frequency in FREQUENCIES for level in LEVELS)
"""The cells within one focus, in the order in which every array of this package holds them."""


def derived_frequency(sessions: int, days: int) -> str:
    """Return the frequency of a player with so many sessions in a period of so many days."""
    if sessions * 7 >= DAILY_SESSIONS_PER_WEEK * days:
        return FREQUENCIES[0]
    if sessions * 7 >= WEEKLY_SESSIONS_PER_WEEK * days:
        return FREQUENCIES[1]
    return FREQUENCIES[2]


def derived_level(engagement: float | None) -> str:
    """Return the level that follows from a player's mean engagement score in [0, 1]; None where there is none."""
    if engagement is None:
        return UNSPECIFIED
    if engagement >= HIGH_ENGAGEMENT:
        return LEVELS[0]
    return LEVELS[1] if engagement >= MEDIUM_ENGAGEMENT else LEVELS[2]
