"""What a release says: figures by cell, beside the noisy integers as they were drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.release_plan import Level


@dataclass(frozen=True, slots=True)
class MeasureFigures:
    """One measure of one cell. What could not be divided is None."""

    count: Figure
    """Players who have a value."""
    sum: Figure
    """The sum over players of their clamped values, in the measure's unit."""
    mean: Figure | None
    """The mean over players."""
    spread: float | None
    """The standard deviation between players, in the measure's unit."""
    cap: float
    """What a player's value was clamped to, in the measure's unit."""


@dataclass(frozen=True, slots=True)
class RawMeasurement:
    """Noisy integers of one statistic of one cell, signed, as drawn."""

    statistic: str
    scale: float
    """Scale of their Laplace noise, in their own unit."""
    sensitivity: int
    """By how much one player moves them together, in L1."""
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The statistics of one group of players. A hidden cell has its name and nothing else."""

    level: Level
    cohort: Cohort
    hidden: bool
    players: Figure | None = None
    measures: Mapping[str, MeasureFigures] = field(default_factory=dict)
    capped_share: Figure | None = None
    """The share of players of whom a cap cut at least one measure."""
    outcomes: Mapping[str, Figure] = field(default_factory=dict)
    """Players by the category of their last outcome."""
    outcome_shares: Mapping[str, Figure] = field(default_factory=dict)
    """Their shares among players who have an outcome; empty where there are too few."""
    success_rate: Figure | None = None
    """The share of positive, excellent and good among them."""
    raw: tuple[RawMeasurement, ...] = ()

    @property
    def uninformative(self) -> bool:
        """Whether even the count of players says nothing."""
        return self.players is None or self.players.uninformative


@dataclass(frozen=True, slots=True)
class Statistics:
    """The answer of a release: every cell of the tree, empty ones too."""

    cells: tuple[Cell, ...]
    """All, then every focus, then every cohort."""
    epsilon_micro: int
    """What was measured, as the accountant settled it."""
    delta: float
    selected: tuple[str, ...]
    """Undeclared focus names that passed the threshold."""
    selection_threshold: int | None
    """The noisy count of players that an undeclared name needed; None where none was selected among."""
