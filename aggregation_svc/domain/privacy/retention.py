"""Private retention: players who began in a period, and how many of them were active in each own week since.

One vector of counts: the players, then the active ones of weeks 0 to W - 1. A player is in at most all of them, so that
the L1 sensitivity is W + 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aggregation_svc.domain.privacy import intervals
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.privacy.noise import Noise

DRAWS = 4000
"""Simulated draws of the noise, for intervals."""


@dataclass(frozen=True, slots=True)
class RetentionStatistics:
    """The answer of a retention release."""

    players: Figure
    active: tuple[Figure, ...]
    """By week; week 0 holds every player."""
    shares: tuple[Figure | None, ...]
    """By week, of the players; None where there are too few."""
    raw: tuple[int, ...]
    """Players, then weeks, as drawn."""
    scale: float
    epsilon_micro: int


def released_retention(
    counts: Sequence[int], micro: int, noise: Noise, random: np.random.Generator
) -> RetentionStatistics:
    """Compute the private retention of one entry period.

    Args:
        counts: exact players, then the exact active ones by week; W + 1 numbers.
        micro: micro-epsilon to spend.
        noise: the mechanism.
        random: for the simulation of intervals.

    Raises:
        CompositionError: what was measured is not what is charged.
    """
    accountant = Accountant()
    drawn = noise.laplace(counts, len(counts), micro)
    accountant.record("all", "retention", "everybody", drawn.loss)
    accountant.settle(micro, 0.0)
    values = np.array(drawn.values, dtype=float)
    errors = random.laplace(scale=drawn.scale, size=(len(counts), DRAWS))
    # Week 0 and the players are the same number, drawn twice.
    values[:2], errors[:2] = values[:2].mean(), errors[:2].mean(axis=0)
    figures = intervals.counts(values, errors)
    weeks = len(counts) - 1
    whole = np.repeat(values[:1], weeks), np.repeat(errors[:1], weeks, axis=0)
    return RetentionStatistics(
        players=figures[0],
        active=tuple(figures[1:]),
        shares=tuple(intervals.shares((values[1:], errors[1:]), whole, random)),
        raw=drawn.values,
        scale=drawn.scale,
        epsilon_micro=accountant.micro,
    )
