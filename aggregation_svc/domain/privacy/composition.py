"""Tighter composition, for information: the privacy loss distribution of the charges of a window.

A mechanism that is epsilon-DP is dominated by randomised response with that epsilon (Kairouz, Oh and Viswanath, 2015,
"The composition theorem for differential privacy"): its loss is +epsilon with chance e^epsilon / (1 + e^epsilon), else
-epsilon. The loss of all is the sum; its distribution is convolved on a grid on which every loss is rounded up, so that
what comes out is a bound and no estimate. The cap is kept by basic composition and not by this.
"""

import math
from collections.abc import Sequence

import numpy as np

from aggregation_svc.domain.privacy.accountant import MICRO

GRID_MICRO = 1_000
"""Width of the grid, in micro-epsilon."""


def tighter_epsilon(charges_micro: Sequence[int], delta: float) -> float:
    """Return an epsilon that holds for all charges together but for a chance of `delta`.

    Args:
        charges_micro: micro-epsilon of each charge.
        delta: above 0; what the charges spend of delta themselves is already taken off.
    """
    steps = [math.ceil(micro / GRID_MICRO) for micro in charges_micro if micro > 0]
    total = sum(steps)
    chances = np.ones(1)
    for step in steps:
        epsilon = step * GRID_MICRO / MICRO
        likely = 1 / (1 + math.exp(-epsilon))
        wider = np.zeros(len(chances) + 2 * step)
        wider[2 * step :] += likely * chances
        wider[: len(chances)] += (1 - likely) * chances
        chances = wider
    losses = (np.arange(len(chances)) - total) * GRID_MICRO / MICRO

    def exceeded(epsilon: float) -> float:
        above = losses > epsilon
        return float((chances[above] * -np.expm1(epsilon - losses[above])).sum())

    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if exceeded(middle * GRID_MICRO / MICRO) <= delta:
            high = middle
        else:
            low = middle + 1
    basic = sum(charges_micro) / MICRO
    return min(high * GRID_MICRO / MICRO, basic)
