"""From bounded sums to an answer: select names, draw noise, settle the account, make consistent, add intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.cohorts import LEAVES, OTHER, UNSPECIFIED, Cohort
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy import intervals
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.consistency import Floats, Tree
from aggregation_svc.domain.privacy.intervals import Figure, Moments
from aggregation_svc.domain.privacy.measurement import (
    EVERYBODY,
    Estimated,
    Raw,
    Statistic,
    estimated,
    measured,
    statistics_of,
)
from aggregation_svc.domain.privacy.noise import Noise, Selected
from aggregation_svc.domain.release_plan import (
    CAPPED,
    OUTCOME,
    OUTCOMES,
    PLAYERS,
    RESOLUTION,
    SELECTION,
    SUCCESSES,
    Level,
    Measure,
    ReleasePlan,
)
from aggregation_svc.domain.release_statistics import Cell, MeasureFigures, RawMeasurement, Statistics

DRAWS = 500
"""Simulated draws of all noise, for intervals: their ends are then within about 5 % of the margin."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The public side of a release: nothing here depends on players."""

    grain: Grain
    plan: ReleasePlan
    declared: tuple[str, ...]
    """Public focus names."""
    min_cohort: int
    """Cells with a smaller noisy count of players are hidden; 0 hides none."""


def released(sums: BoundedSums, terms: Terms, noise: Noise, random: np.random.Generator) -> Statistics:
    """Compute the private statistics of one period.

    Args:
        sums: exact bounded sums; they leave this function only through `noise`.
        terms: the public side.
        noise: the mechanism.
        random: for the simulation of intervals, never for noise on data.

    Raises:
        CompositionError: what was measured is not what the plan charges; nothing may be stored or answered.
    """
    plan, accountant = terms.plan, Accountant()
    selection = _selection(sums, terms, noise, accountant)
    selected = selection.names if selection else ()
    focuses = (*sorted({*terms.declared, *selected} - {UNSPECIFIED, OTHER}), UNSPECIFIED, OTHER)
    statistics = statistics_of(sums.tabulated(focuses))
    raw = {statistic.name: measured(statistic, plan, noise, accountant) for statistic in statistics}
    accountant.settle(plan.charge_micro, plan.delta)
    known = {
        statistic.name: estimated(statistic, raw[statistic.name], DRAWS, random)
        for statistic in statistics
        if raw[statistic.name]
    }
    cells = tuple(
        cell for level in Level for cell in _LevelFigures(level, focuses, terms, random).cells(statistics, raw, known)
    )
    return Statistics(cells, accountant.micro, accountant.delta, selected, selection.threshold if selection else None)


def _selection(sums: BoundedSums, terms: Terms, noise: Noise, accountant: Accountant) -> Selected | None:
    if not terms.plan.selection_micro:
        return None
    selection = noise.select(sums.undeclared(terms.declared), terms.plan.selection_micro, terms.plan.delta)
    accountant.record("names", SELECTION, EVERYBODY, selection.loss)
    return selection


@dataclass(frozen=True, slots=True)
class _LevelFigures:
    """Builds the cells of one level."""

    level: Level
    focuses: tuple[str, ...]
    terms: Terms
    random: np.random.Generator

    def cohorts(self) -> list[Cohort]:
        match self.level:
            case Level.ALL:
                return [Cohort()]
            case Level.FOCUS:
                return [Cohort(focus) for focus in self.focuses]
            case Level.COHORT:
                return [Cohort(focus, *leaf) for focus in self.focuses for leaf in LEAVES]

    def of(self, tree: Tree) -> Floats:
        """Return the level's nodes as (cells, d, columns)."""
        match self.level:
            case Level.ALL:
                return tree.all[None]
            case Level.FOCUS:
                return tree.focus
            case Level.COHORT:
                return tree.cohort.reshape(-1, *tree.cohort.shape[2:])

    def cells(
        self, statistics: Sequence[Statistic], raw: dict[str, Raw], known: dict[str, Estimated]
    ) -> Iterator[Cell]:
        cohorts = self.cohorts()
        values = {name: self.of(estimate.values)[..., 0] for name, estimate in known.items()}
        errors = {name: self.of(estimate.errors) for name, estimate in known.items()}
        players = intervals.counts(values[PLAYERS][:, 0], errors[PLAYERS][:, 0]) if PLAYERS in known else None
        measures = {
            statistic.name: self._measure(statistic.measure, cohorts, values[statistic.name], errors[statistic.name])
            for statistic in statistics
            if statistic.measure is not None and statistic.name in known
        }
        capped: list[Figure | None] = [None] * len(cohorts)
        if CAPPED in known and PLAYERS in known:
            capped = intervals.shares(
                (values[CAPPED][:, 0], errors[CAPPED][:, 0]),
                (values[PLAYERS][:, 0], errors[PLAYERS][:, 0]),
                self.random,
            )
        outcomes = _Outcomes(values[OUTCOME], errors[OUTCOME], self.random) if OUTCOME in known else None
        drawn = [
            _as_drawn(statistic, self.level, raw[statistic.name], len(cohorts), len(self.focuses))
            for statistic in statistics
            if self.level in raw[statistic.name]
        ]
        for i, cohort in enumerate(cohorts):
            if players is not None and self.terms.min_cohort > 0 and players[i].value < self.terms.min_cohort:
                yield Cell(self.level, cohort, hidden=True)
                continue
            yield Cell(
                level=self.level,
                cohort=cohort,
                hidden=False,
                players=players[i] if players else None,
                measures={name: figures[i] for name, figures in measures.items()},
                capped_share=capped[i],
                outcomes=outcomes.counts(i) if outcomes else {},
                outcome_shares=outcomes.shares(i) if outcomes else {},
                success_rate=outcomes.success(i) if outcomes else None,
                raw=tuple(statistic[i] for statistic in drawn),
            )

    def _measure(self, measure: Measure, cohorts: list[Cohort], values: Floats, errors: Floats) -> list[MeasureFigures]:
        cap = measure.caps[self.terms.grain]
        width = cap - measure.floor
        reach = np.array(
            [1.0 if cohort.frequency is None else measure.reach(cohort.frequency) / RESOLUTION for cohort in cohorts]
        )
        totals = np.array([measure.floor, width])
        counts = intervals.counts(values[:, 0], errors[:, 0])
        sums = intervals.counts(values[:, :2] @ totals, totals @ errors[:, :2])
        means, spreads = intervals.means(Moments(values, errors, reach), measure.floor, width, self.random)
        return [
            MeasureFigures(
                counts[i],
                sums[i],
                means[i],
                None if np.isnan(spreads[i]) else float(spreads[i]),
                float(measure.floor + width * reach[i]),
            )
            for i in range(len(cohorts))
        ]


class _Outcomes:
    """Counts, shares and success rates of outcomes."""

    def __init__(self, values: Floats, errors: Floats, random: np.random.Generator) -> None:
        whole = values.sum(axis=1), errors.sum(axis=1)
        good = [i for i, category in enumerate(OUTCOMES) if category in SUCCESSES]
        self._counts = [intervals.counts(values[:, i], errors[:, i]) for i in range(len(OUTCOMES))]
        self._shares = [intervals.shares((values[:, i], errors[:, i]), whole, random) for i in range(len(OUTCOMES))]
        self._success = intervals.shares((values[:, good].sum(axis=1), errors[:, good].sum(axis=1)), whole, random)

    def counts(self, cell: int) -> dict[str, Figure]:
        return {category: self._counts[i][cell] for i, category in enumerate(OUTCOMES)}

    def shares(self, cell: int) -> dict[str, Figure]:
        known = {category: self._shares[i][cell] for i, category in enumerate(OUTCOMES)}
        return {category: figure for category, figure in known.items() if figure is not None}

    def success(self, cell: int) -> Figure | None:
        return self._success[cell]


def _as_drawn(statistic: Statistic, level: Level, raw: Raw, cells: int, focuses: int) -> list[RawMeasurement]:
    """Return what was drawn for each cell of a level, in the order of its cohorts."""
    placed: list[RawMeasurement | None] = [None] * cells
    for block, drawn in raw[level].items():
        leaves = statistic.blocks(level)[block]
        positions = (
            [focus * len(LEAVES) + leaf for focus in range(focuses) for leaf in leaves]
            if level is Level.COHORT
            else range(cells)
        )
        for row, position in enumerate(positions):
            placed[position] = RawMeasurement(
                statistic.name, drawn.scale, drawn.sensitivity, tuple(drawn.values[row].tolist())
            )
    return [raw_measurement for raw_measurement in placed if raw_measurement is not None]
