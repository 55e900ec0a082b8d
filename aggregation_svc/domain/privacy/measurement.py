"""Measuring a table of bounded sums: which integers get noise, of which sensitivity, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aggregation_svc.domain.bounded import LEAVES_BY_FREQUENCY, Integers, Tabulated
from aggregation_svc.domain.cohorts import LEAVES
from aggregation_svc.domain.privacy import unity
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.consistency import Floats, Precisions, Tree, consistent
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import (
    CAPPED,
    MEASURES,
    OUTCOME,
    PLAYERS,
    RESOLUTION,
    Level,
    Measure,
    ReleasePlan,
)

EVERYBODY = "everybody"
"""The name of the one block where a level is not divided into blocks."""


@dataclass(frozen=True, slots=True, repr=False)
class Statistic:
    """One statistic's exact sums over a table, ready to be measured at every level."""

    name: str
    sums: Integers
    """(focuses, leaves, d): exact; for a measure n, sum x, sum x^2."""
    measure: Measure | None
    """Set where the sums are moments, measured through the partition of unity."""

    def blocks(self, level: Level) -> dict[str, tuple[int, ...]]:
        """Return the disjoint blocks of leaves that are measured with noise of their own."""
        if level is Level.COHORT and self.measure is not None and self.measure.total:
            return LEAVES_BY_FREQUENCY
        return {EVERYBODY: tuple(range(len(LEAVES)))}

    def cap(self, block: str) -> int:
        """Return the largest x in that block."""
        return RESOLUTION if self.measure is None or block == EVERYBODY else self.measure.reach(block)

    def sensitivity(self, block: str) -> int:
        """Return the most, in L1, by which one player of the block moves what is measured."""
        return 1 if self.measure is None else unity.sensitivity(self.cap(block))

    def exact(self, level: Level, block: str) -> Integers:
        """Return what is measured before noise: (cells, d) integers, d the statistic's width."""
        leaves = list(self.blocks(level)[block])
        sums = self.sums[:, leaves]
        match level:
            case Level.ALL:
                sums = sums.sum(axis=(0, 1))[None]
            case Level.FOCUS:
                sums = sums.sum(axis=1)
            case Level.COHORT:
                sums = sums.reshape(-1, sums.shape[-1])
        return sums if self.measure is None else unity.encoded(sums, self.cap(block))

    def reading(self, block: str) -> Floats:
        """Return the matrix from a measured vector over its sensitivity to the statistic's own numbers."""
        if self.measure is None:
            return np.eye(self.sums.shape[-1])
        return unity.decoding(self.cap(block), RESOLUTION)


def statistics_of(table: Tabulated) -> tuple[Statistic, ...]:
    """Return every statistic of `release_plan.STATISTICS` over the table."""
    return (
        Statistic(PLAYERS, table.players[..., None], None),
        *(Statistic(measure.name, table.measures[:, :, i], measure) for i, measure in enumerate(MEASURES)),
        Statistic(CAPPED, table.capped[..., None], None),
        Statistic(OUTCOME, table.outcomes, None),
    )


@dataclass(frozen=True, slots=True)
class RawBlock:
    """Noisy integers as drawn, over one block of one level."""

    scale: float
    """Scale of the noise in the unit of `values`."""
    sensitivity: int
    values: Integers
    """(cells, d), cells focus-major."""


Raw = Mapping[Level, Mapping[str, RawBlock]]
"""One statistic's measurements by level and block; unmeasured levels are absent."""


def measured(statistic: Statistic, plan: ReleasePlan, noise: Noise, accountant: Accountant) -> Raw:
    """Draw one statistic at each level that the plan gives a share, and record each draw."""
    levels: dict[Level, dict[str, RawBlock]] = {}
    for level, shares in plan.shares.items():
        micro = shares.get(statistic.name, 0)
        if not micro:
            continue
        levels[level] = {}
        for block in statistic.blocks(level):
            exact, sensitivity = statistic.exact(level, block), statistic.sensitivity(block)
            drawn = noise.laplace(exact.ravel().tolist(), sensitivity, micro)
            accountant.record(level, statistic.name, block, drawn.loss)
            values = np.array(drawn.values, dtype=np.int64).reshape(exact.shape)
            levels[level][block] = RawBlock(drawn.scale, sensitivity, values)
    return levels


@dataclass(frozen=True, slots=True)
class Estimated:
    """Consistent estimates of one statistic, and simulated errors that are distributed as theirs are."""

    values: Tree
    """One column."""
    errors: Tree
    """One column per simulated draw of all noise; independent of the data."""


def estimated(statistic: Statistic, raw: Raw, draws: int, random: np.random.Generator) -> Estimated:
    """Make one statistic's measurements consistent over the tree.

    Args:
        statistic: gives shapes and readings only; its exact sums are not looked at.
        raw: what was drawn; the cohort level is there.
        draws: how many errors to simulate.
        random: for the simulation of errors, never for noise on data.
    """
    width = statistic.sums.shape[-1]
    focuses = statistic.sums.shape[0]
    cells = {Level.ALL: (), Level.FOCUS: (focuses,), Level.COHORT: (focuses, len(LEAVES))}
    columns: dict[Level, Floats] = {}
    covariances: dict[Level, Floats] = {}
    for level, shape in cells.items():
        columns[level] = np.zeros((*shape, width, 1 + draws))
        covariances[level] = np.zeros((len(LEAVES), width, width))
        for block, drawn in raw.get(level, {}).items():
            leaves = list(statistic.blocks(level)[block])
            read, spread = statistic.reading(block), drawn.scale / drawn.sensitivity
            block_shape = (focuses, len(leaves)) if level is Level.COHORT else shape
            noisy = np.empty((*block_shape, width, 1 + draws))
            noisy[..., 0] = (drawn.values / drawn.sensitivity).reshape(*block_shape, width)
            noisy[..., 1:] = random.laplace(scale=spread, size=(*block_shape, width, draws))
            own = read @ noisy if statistic.measure is not None else noisy
            if level is Level.COHORT:
                columns[level][:, leaves] = own
            else:
                columns[level] = own
            covariances[level][leaves] = 2 * spread**2 * read @ read.T
    precisions = Precisions(
        *(
            np.linalg.inv(covariances[level][0]) if level in raw else np.zeros((width, width))
            for level in (Level.ALL, Level.FOCUS)
        )
    )
    tree = consistent(
        Tree(columns[Level.ALL], columns[Level.FOCUS], columns[Level.COHORT]), precisions, covariances[Level.COHORT]
    )
    return Estimated(
        Tree(tree.all[..., :1], tree.focus[..., :1], tree.cohort[..., :1]),
        Tree(tree.all[..., 1:], tree.focus[..., 1:], tree.cohort[..., 1:]),
    )
