"""What is known of one player, in the order of time, and what of it was known at a cut-off."""

from dataclasses import dataclass
from typing import NamedTuple

SUCCESSES = frozenset({"positive", "excellent", "good"})
"""Outcome categories that count as success where a training names none."""


class Play(NamedTuple):
    """One session. None is missing."""

    day: float
    """Days since the player's first fact."""
    focus: str | None = None
    minutes: float | None = None
    interactions: float | None = None
    interventions: float | None = None
    markers: float | None = None
    engagement: float | None = None
    sentiment: float | None = None


class Standing(NamedTuple):
    """One progress snapshot."""

    day: float
    overall_progress: float | None = None
    goal_completion: float | None = None


class Result(NamedTuple):
    """One outcome, or one test of an instrument."""

    day: float
    category: str | None = None
    score: float | None = None
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All facts of one player, each kind in the order of time, days counted from the first of all."""

    subject: int
    """Who: predictions are judged on players whom the model has not seen."""
    entered: float
    """When the first fact was, in days since 1970: predictions are judged on players who came later."""
    plays: tuple[Play, ...] = ()
    standings: tuple[Standing, ...] = ()
    results: tuple[Result, ...] = ()

    def until(self, day: float) -> "History":
        """Return what was known at the end of `day`: nothing of it is later."""
        return History(
            self.subject,
            self.entered,
            tuple(fact for fact in self.plays if fact.day <= day),
            tuple(fact for fact in self.standings if fact.day <= day),
            tuple(fact for fact in self.results if fact.day <= day),
        )

    def last_outcome_after(self, day: float) -> Result | None:
        """Return the last outcome with a category after `day`; None where there is none."""
        later = [result for result in self.results if result.day > day and result.category is not None]
        return later[-1] if later else None

    def outcome_after(self, day: float) -> str | None:
        """Return the category of the last outcome after `day`; None where there is none."""
        last = self.last_outcome_after(day)
        return None if last is None else last.category

    def decided_by(self, day: float) -> bool:
        """Tell whether an outcome category was already recorded at `day`: there is nothing to predict any more."""
        return any(result.category is not None and result.day <= day for result in self.results)
