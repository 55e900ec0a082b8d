"""The slope that outliers hardly move: the median of the slopes of all pairs (Theil; Sen, JASA 63, 1968)."""

import numpy as np

from reporting_svc.domain.analysis.series import Vector

MOST_PAIRED = 1500
"""Longer series are thinned to so many values before pairing: the pairs grow with the square."""


def theil_sen(places: Vector, values: Vector, correlation: float, worth: float) -> tuple[float, float, float]:
    """Return the median slope and its 95 % interval, for values without their season, each of shape (n,).

    The interval is Sen's, from the variance of Kendall's statistic, widened for correlated errors by n over the
    number of values that the series is worth. `correlation` of neighbouring errors is taken out before pairing, as it
    would make the median noisy.
    """
    thin = max(1, int(np.ceil(len(values) / MOST_PAIRED)))
    memory = correlation if thin == 1 and correlation > 0.1 else 0.0
    spots = places[1:] - memory * places[:-1] if memory else places[::thin]
    levels = values[1:] - memory * values[:-1] if memory else values[::thin]
    left, right = np.triu_indices(len(levels), k=1)
    runs = spots[right] - spots[left]
    apart = np.abs(runs) > 1e-12
    slopes = np.sort((levels[right] - levels[left])[apart] / runs[apart])
    size = len(levels)
    widening = 1.0 if memory else max(len(values) / max(worth, 2.0), 1.0)
    spread = 1.96 * np.sqrt(size * (size - 1) * (2 * size + 5) / 18 * widening)
    centre = len(slopes) / 2
    lower = slopes[max(int(np.floor(centre - spread / 2)) - 1, 0)]
    upper = slopes[min(int(np.ceil(centre + spread / 2)), len(slopes) - 1)]
    return float(np.median(slopes)), float(lower), float(upper)
