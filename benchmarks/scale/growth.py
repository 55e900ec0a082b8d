"""How figures grow: over sizes, and over time."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

Point = tuple[float, float]


def beside_line(points: Sequence[Point]) -> float:
    """Return the last of three or more values as a multiple of what the line through the first and second says.

    1 is linear growth, whatever it starts from; points are (size, value) with rising sizes. Where a larger size took
    less than a smaller one, something else was measured than growth: the result is infinite, which reaches no target.
    """
    values = [value for _, value in points]
    if values != sorted(values) or values[0] <= 0:
        return math.inf
    (first, low), (second, high), *_, (last, value) = points
    return value / (high + (high - low) / (second - first) * (last - second))


def an_hour(readings: Sequence[Point]) -> float:
    """Return by how much readings of (second, value) rise in an hour, over the last three quarters of their time.

    The median of the slopes between all pairs (Theil and Sen): a single high reading means nothing. The first quarter
    is left out, in which memory is taken that is then kept.
    """
    times, values = np.array(readings, dtype=float).T
    late = times >= times[-1] / 4
    return float(stats.theilslopes(values[late], times[late]).slope * 3600)
