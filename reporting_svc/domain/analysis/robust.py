"""The slope that outliers hardly move: the median of the slopes of all pairs (Theil; Sen, JASA 63, 1968)."""

import numpy as np

from reporting_svc.domain.analysis.autoregression import Fit, whiten
from reporting_svc.domain.analysis.series import Vector

MOST_PAIRED = 1500
"""Longer series are thinned to so many values before pairing: the pairs grow with the square."""


def theil_sen(places: Vector, values: Vector, result: Fit) -> tuple[float, float, float]:
    """Return the median slope and its 95 % interval, for values without their season, each of shape (n,).

    The interval is Sen's, from the variance of Kendall's statistic. The correlation of neighbouring errors is taken out
    before pairing; what a regression then knows of its own slope beyond that (`result`: memory that is not of the
    first order, a correlation that is itself uncertain) widens the interval by the same factor.
    """
    thin = max(1, int(np.ceil(len(values) / MOST_PAIRED)))
    memory = result.correlation if thin == 1 and result.correlation > 0.1 else 0.0
    spots = places[1:] - memory * places[:-1] if memory else places[::thin]
    levels = values[1:] - memory * values[:-1] if memory else values[::thin]
    left, right = np.triu_indices(len(levels), k=1)
    runs = spots[right] - spots[left]
    apart = np.abs(runs) > 1e-12
    slopes = np.sort((levels[right] - levels[left])[apart] / runs[apart])
    size = len(levels)
    widening = _widening(places, values, result) if thin == 1 else max(len(values) / max(result.worth, 2.0), 1.0) ** 0.5
    spread = 1.96 * (size * (size - 1) * (2 * size + 5) / 18) ** 0.5 * widening
    centre = len(slopes) / 2
    lower = slopes[max(int(np.floor(centre - spread / 2)) - 1, 0)]
    upper = slopes[min(int(np.ceil(centre + spread / 2)), len(slopes) - 1)]
    return float(np.median(slopes)), float(lower), float(upper)


def _widening(places: Vector, values: Vector, result: Fit) -> float:
    """Standard error of the regression's slope over the one that whitening alone would give; at least 1."""
    design = whiten(np.column_stack([np.ones(len(places)), places]), max(result.correlation, 0.0))
    target = whiten(values, max(result.correlation, 0.0))
    left = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
    plain = float(left @ left) / max(len(values) - 2, 1) * float(np.linalg.inv(design.T @ design)[1, 1])
    return max(float(result.covariance[1, 1]) / plain, 1.0) ** 0.5 if plain > 0 else 1.0
