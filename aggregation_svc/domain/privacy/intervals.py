"""Intervals: 95 % ranges of released figures, in two named parts.

The privacy part comes from simulated draws of all noise, pushed through the same linear estimator as the data; for a
ratio S / N the draws (S - e_S) / (N - e_N) give a fiducial interval as Fieller's theorem does, without assuming normal
noise. The part of the variation between players comes from the released spread. Both are post-processing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.privacy.consistency import Floats

CONFIDENCE = 0.95
TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
NORMAL = 1.959964
"""The normal distribution's quantile at `TAILS[1]`."""

TOO_WIDE = 0.25
"""A mean or share whose privacy margin exceeds this part of its range says nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A released value with its uncertainty, all in the value's unit."""

    value: float
    lower: float
    """Lower end of the 95 % interval of both parts."""
    upper: float
    """Upper end of the 95 % interval of both parts."""
    privacy_margin: float
    """Half the width of the 95 % interval of the privacy noise alone."""
    sampling_margin: float
    """Half the width of the 95 % interval of the variation between players alone."""
    noise_scale: float
    """Standard deviation of the privacy noise after all levels were made consistent; of a ratio, its margin / 1.96."""
    uninformative: bool
    """Whether the noise is so large that the value says nothing."""


def counts(values: Floats, errors: Floats) -> list[Figure]:
    """Return figures of counts and sums.

    They tell of the players of the period: no variation between players enters them. One says nothing where the noise
    alone could have made it from zero.

    Args:
        values: (cells,).
        errors: (cells, draws).
    """
    low, high = np.quantile(errors, TAILS, axis=-1)
    margin, spread = (high - low) / 2, np.std(errors, axis=-1)
    return [
        Figure(
            value=float(values[i]),
            lower=float(values[i] - high[i]),
            upper=float(values[i] - low[i]),
            privacy_margin=float(margin[i]),
            sampling_margin=0.0,
            noise_scale=float(spread[i]),
            uninformative=bool(abs(values[i]) <= margin[i]),
        )
        for i in range(len(values))
    ]


@dataclass(frozen=True, slots=True)
class Moments:
    """Noisy n, sum x and sum x^2 (x in units of the cap) of some cells, with simulated errors."""

    values: Floats
    """(cells, 3)."""
    errors: Floats
    """(cells, 3, draws)."""
    reach: Floats
    """(cells,): the largest x of a player of the cell, in units of the cap."""


def means(
    moments: Moments, floor: float, width: float, random: np.random.Generator
) -> tuple[list[Figure | None], Floats]:
    """Return the mean of each cell and the standard deviation between its players.

    Args:
        moments: of the cells.
        floor: the value at x = 0.
        width: the cap minus the floor.
        random: for simulation.

    Returns:
        A figure for each cell, None where the noisy count of players is not above its noise, so that there is nothing
        to divide by; and the standard deviations (cells,), in the value's unit, NaN where there is no figure.
    """
    count, total, squares = moments.values.T
    supported = count > np.quantile(-moments.errors[:, 0], TAILS[1], axis=-1)
    safe = np.where(supported, count, np.nan)
    mean = total / safe
    with np.errstate(invalid="ignore", divide="ignore"):
        plausible = np.where(
            (moments.values[:, :1] - moments.errors[:, 0]) > 0,
            (moments.values[:, 1:2] - moments.errors[:, 1]) / (moments.values[:, :1] - moments.errors[:, 0]),
            np.nan,
        )
    ratios = np.where(np.isnan(plausible), random.uniform(0, moments.reach[:, None], plausible.shape), plausible)
    slack = np.std(moments.errors[:, 2], axis=-1) / safe
    variance = np.clip(squares / safe - mean**2 + slack, 0.0, (moments.reach / 2) ** 2)
    sampling = np.sqrt(variance / np.maximum(safe, 1.0))
    return _figures(mean, ratios, sampling, (floor, width, moments.reach), random), np.sqrt(variance) * width


def shares(
    part: tuple[Floats, Floats], whole: tuple[Floats, Floats], random: np.random.Generator
) -> list[Figure | None]:
    """Return part / whole of each cell, given as values (cells,) and errors (cells, draws); None as in `means`."""
    (top, top_errors), (bottom, bottom_errors) = part, whole
    supported = bottom > np.quantile(-bottom_errors, TAILS[1], axis=-1)
    safe = np.where(supported, bottom, np.nan)
    share = top / safe
    below = bottom[:, None] - bottom_errors
    with np.errstate(invalid="ignore", divide="ignore"):
        plausible = np.where(below > 0, (top[:, None] - top_errors) / below, np.nan)
    ratios = np.where(np.isnan(plausible), random.uniform(0, 1, plausible.shape), plausible)
    chance = np.clip(share, 0.5 / np.maximum(safe, 1.0), 1 - 0.5 / np.maximum(safe, 1.0))
    sampling = np.sqrt(np.clip(chance * (1 - chance), 0, 0.25) / np.maximum(safe, 1.0))
    return _figures(share, ratios, sampling, (0.0, 1.0, np.ones(len(share))), random)


def _figures(
    mean: Floats, ratios: Floats, sampling: Floats, scale: tuple[float, float, Floats], random: np.random.Generator
) -> list[Figure | None]:
    floor, width, reach = scale
    low, high = np.quantile(ratios, TAILS, axis=-1)
    margin = (high - low) / 2
    both = ratios + np.nan_to_num(sampling)[:, None] * random.standard_normal(ratios.shape)
    lower, upper = np.quantile(both, TAILS, axis=-1)
    lower, upper = np.clip(lower, 0.0, reach), np.clip(upper, 0.0, reach)
    silent: NDArray[np.bool_] = margin > TOO_WIDE * reach
    return [
        None
        if np.isnan(mean[i])
        else Figure(
            value=float(floor + width * mean[i]),
            lower=float(floor + width * lower[i]),
            upper=float(floor + width * upper[i]),
            privacy_margin=float(width * margin[i]),
            sampling_margin=float(width * NORMAL * sampling[i]),
            noise_scale=float(width * margin[i] / NORMAL),
            uninformative=bool(silent[i]),
        )
        for i in range(len(mean))
    ]
