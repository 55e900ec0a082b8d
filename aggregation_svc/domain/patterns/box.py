"""Place one: how many players there are, and between which values of each feature most of them lie.

Public bounds are chosen without looking and are usually too wide; a grid over empty space is wasted. One player counts
once in the total and once in each feature's histogram: the L1 sensitivity is the number of features plus one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.patterns.plan import MARGINAL_BINS, RESOLUTION
from aggregation_svc.domain.privacy.noise import Drawn

TAIL = 0.08
"""Share of players beyond each end of the box before padding, for each feature."""
SOLID = 1.4
"""Smoothed bins below this many noise scales count as empty."""
SEEN = 0.75
"""Share of all players that the solid bins must hold for a feature to be trimmed."""
PADDING = 0.2
"""What is added at each end, as a share of the box."""
LEAST_WIDTH = 4
"""Narrowest box of a feature, in bins."""


@dataclass(frozen=True, slots=True)
class Box:
    """The part of the public box that is worth a grid, in thousandths of the public bounds."""

    low: NDArray[np.float64]
    """(features,)."""
    high: NDArray[np.float64]
    """(features,), above `low`."""

    @property
    def width(self) -> NDArray[np.float64]:
        """Return (features,)."""
        return self.high - self.low


def counted(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what place one measures: the number of rows, then each feature's histogram."""
    bins = np.minimum(rows * MARGINAL_BINS // (RESOLUTION + 1), MARGINAL_BINS - 1)
    features = rows.shape[1]
    flat = (bins + MARGINAL_BINS * np.arange(features)).ravel()
    return np.concatenate([[len(rows)], np.bincount(flat, minlength=features * MARGINAL_BINS)]).astype(np.int64)


def sensitivity(features: int) -> int:
    """Return the L1 sensitivity of `counted` under adding or removing one player."""
    return features + 1


def trimmed(drawn: Drawn, features: int) -> tuple[float, Box]:
    """Return the noisy number of players and the box, from `counted` with noise."""
    values = np.array(drawn.values, dtype=np.float64)
    players = float(values[0])
    low, high = np.empty(features), np.empty(features)
    for feature, histogram in enumerate(values[1:].reshape(features, MARGINAL_BINS)):
        low[feature], high[feature] = _range(histogram, drawn.scale, players)
    edge = (RESOLUTION + 1) / MARGINAL_BINS
    return players, Box(low * edge, high * edge)


def _range(histogram: NDArray[np.float64], scale: float, players: float) -> tuple[float, float]:
    """Return the range of bins that holds all but the tails, padded. Bins that noise alone explains count as empty.

    Where the noise hides more players than the tails may hold, the public bounds stay: a group may be among them.
    """
    smooth = np.convolve(np.pad(histogram, 1, mode="edge"), np.full(3, 1.0 / 3.0), mode="valid")
    solid = np.where(smooth > SOLID * scale, smooth, 0.0)
    if solid.sum() < SEEN * players or solid.sum() <= 0.0:
        return 0.0, float(MARGINAL_BINS)
    share = np.concatenate([[0.0], np.cumsum(solid) / solid.sum()])
    edges = np.arange(MARGINAL_BINS + 1.0)
    low = float(np.interp(TAIL, share, edges))
    high = float(np.interp(1.0 - TAIL, share, edges))
    padding = max(PADDING * (high - low), (LEAST_WIDTH - (high - low)) / 2)
    return max(low - padding, 0.0), min(high + padding, float(MARGINAL_BINS))
