"""A partition of unity: count, sum and sum of squares of one measure for the price of one count.

A player's value is an integer x in [0, c]. The three numbers

    x^2,   2 x (c - x),   (c - x)^2

are not negative and add up to (x + (c - x))^2 = c^2, whatever x is. Adding or removing a player who has a value
therefore moves the vector of their three sums by exactly c^2 in L1, and a player without a value moves it by nothing:
its L1 sensitivity is c^2, as one player's count is 1. The vector is a linear, invertible function of (n, sum x, sum
x^2):

    P2 = sum x^2
    P1 = 2 c sum x - 2 P2
    P0 = c^2 n - 2 c sum x + P2
"""

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.bounded import Integers


def encoded(moments: Integers, cap: int) -> Integers:
    """Return (..., 3) of P2, P1, P0 for `moments` (..., 3) of n, sum x, sum x^2 with x in [0, `cap`]."""
    count, total, squares = moments[..., 0], moments[..., 1], moments[..., 2]
    return np.stack([squares, 2 * cap * total - 2 * squares, cap * cap * count - 2 * cap * total + squares], axis=-1)


def sensitivity(cap: int) -> int:
    """Return the L1 sensitivity of `encoded` under adding or removing one player."""
    return cap * cap


def decoding(cap: int, resolution: int) -> NDArray[np.float64]:
    """Return the 3x3 matrix from (P2, P1, P0) / c^2 to (n, sum x / K, sum x^2 / K^2), K = `resolution`."""
    reach = cap / resolution
    return np.array([[1.0, 1.0, 1.0], [reach, reach / 2, 0.0], [reach * reach, 0.0, 0.0]])
