"""The plan of a release: what is measured, with which caps, at which level, for which share of epsilon.

Everything here is a public constant of a plan version. No caller can pass a plan; changing one means a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aggregation_svc.domain.cohorts import FREQUENCIES
from aggregation_svc.domain.periods import Grain

RESOLUTION = 1000
"""K: a value at its cap is this integer, a value at its floor is 0."""

OUTCOMES = ("positive", "neutral", "needs_attention", "excellent", "good", "moderate")
SUCCESSES = frozenset({"positive", "excellent", "good"})
"""The outcome categories that count as success."""

DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31}
"""Days that the caps of totals are made for."""


class Level(StrEnum):
    """How finely a statistic is cut."""

    ALL = "all"
    FOCUS = "focus"
    COHORT = "cohort"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number per player and period, clamped to [`floor`, cap] and mapped to an integer in [0, K]."""

    name: str
    unit: str
    """What one is, for people: `minutes`, `score`."""
    total: bool
    """Whether the period's values of a player are added up; otherwise they are averaged."""
    floor: float
    caps: Mapping[Grain, float]

    def reach(self, frequency: str) -> int:
        """Return the cap of players of that frequency, in thousandths of the measure's cap.

        A player who plays occasionally by definition stays far below what a daily player may reach: a lower cap of
        their own costs nothing and takes less noise. It is a public constant of the player's own cell.
        """
        return REACH[frequency] if self.total else RESOLUTION


REACH = dict(zip(FREQUENCIES, (1000, 500, 200), strict=True))


def _total(name: str, unit: str, day: float, week: float, month: float) -> Measure:
    return Measure(name, unit, True, 0.0, {Grain.DAY: day, Grain.WEEK: week, Grain.MONTH: month})


def _mean(name: str, floor: float = 0.0) -> Measure:
    return Measure(name, "score", False, floor, dict.fromkeys(Grain, 1.0))


MEASURES = (
    _total("sessions", "sessions", 5, 14, 40),
    _total("minutes", "minutes", 200, 500, 1400),
    _total("interactions", "interactions", 150, 400, 1100),
    _total("interventions", "interventions", 20, 50, 140),
    _total("markers", "markers", 20, 50, 140),
    _mean("engagement"),
    _mean("sentiment", floor=-1.0),
    _mean("overall_progress"),
    _mean("goal_completion"),
)
"""The measures, in the order in which every array of this package holds them."""

PLAYERS = "players"
CAPPED = "capped"
OUTCOME = "outcomes"
STATISTICS = (PLAYERS, *(measure.name for measure in MEASURES), CAPPED, OUTCOME)
"""What is measured at each level: see docs/privacy-model.md for the sensitivity of each."""

SELECTION = "focus_names"
"""The thresholded selection of undeclared focus names."""

Shares = Mapping[Level, Mapping[str, int]]
"""Micro-epsilon by level and statistic; what is absent is not measured."""


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """A version of everything about a release that is not in the question."""

    version: str
    shares: Shares
    """What the statistics cost. A statistic that has a share at all has one at the cohort level."""
    selection_micro: int
    """What the selection of undeclared focus names costs; 0 leaves it out, and every such name goes to `other`."""
    delta: float
    """At most this delta, spent by the selection."""
    patterns_micro: int = 0
    """What the patterns of a release of cohorts cost; 0 computes none."""
    retention_micro: int = 0
    """Declared for retention, charged by its own release."""

    def __post_init__(self) -> None:
        """Check that every statistic can be made consistent from the cohorts up."""
        cohort = self.shares.get(Level.COHORT, {})
        for level, shares in self.shares.items():
            for statistic, micro in shares.items():
                if statistic not in STATISTICS or micro <= 0 or statistic not in cohort:
                    raise ValueError(f"the plan's share for {statistic} at level {level} makes no sense")

    @property
    def charge_micro(self) -> int:
        """What the statistics of one period cost, in micro-epsilon."""
        return self.selection_micro + sum(sum(shares.values()) for shares in self.shares.values())

    @property
    def cohorts_micro(self) -> int:
        """What a release of cohorts costs: its statistics and its patterns."""
        return self.charge_micro + self.patterns_micro


WEIGHTS = {
    PLAYERS: 100,
    **{measure.name: 90 for measure in MEASURES},
    CAPPED: 30,
    OUTCOME: 60,
}
"""How a level's share is divided, of 1,000."""

LEVEL_MICROS = {Level.ALL: 60_000, Level.FOCUS: 90_000, Level.COHORT: 460_000}
"""Most goes to the smallest cells; the larger ones gain from them when all is made consistent."""


MONTHLY_PLAN = ReleasePlan(
    version="2026-1",
    shares={
        level: {statistic: micro * weight // 1000 for statistic, weight in WEIGHTS.items()}
        for level, micro in LEVEL_MICROS.items()
    },
    selection_micro=40_000,
    delta=1e-7,
    patterns_micro=250_000,
    retention_micro=100_000,
)
"""Epsilon 1.0 in all for a period: 0.65 statistics, 0.25 patterns, 0.1 retention."""


def inline_plan(micro: int) -> ReleasePlan:
    """Return the plan of an inline batch of that epsilon: the release's statistics, everything scaled alike.

    Undeclared names all go to `other`: a batch is small and selecting among its names would tell nothing.
    """
    total = sum(LEVEL_MICROS.values())
    shares = {
        level: {statistic: micro * share * weight // (total * 1000) for statistic, weight in WEIGHTS.items()}
        for level, share in LEVEL_MICROS.items()
    }
    shares[Level.COHORT][PLAYERS] += micro - sum(sum(level.values()) for level in shares.values())
    return ReleasePlan(version=f"{MONTHLY_PLAN.version}-inline", shares=shares, selection_micro=0, delta=0.0)
