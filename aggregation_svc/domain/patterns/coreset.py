"""Place two: a noisy histogram over a grid on the box; its solid cells stand for the players in them.

Every player is in exactly one cell: the L1 sensitivity is 1. Players outside the box count in the nearest cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.patterns.box import Box
from aggregation_svc.domain.privacy.noise import Drawn

FEWEST_BINS, MOST_BINS = 3, 8
"""Bins a feature."""
MOST_CELLS = 5000
"""Cells of the whole grid at most."""
SOLID = 3.0
"""A cell is kept from this many noise scales on."""


@dataclass(frozen=True, slots=True)
class Coreset:
    """Centres of solid cells with their noisy numbers of players; all of it is released."""

    points: NDArray[np.float64]
    """(cells, features), in thousandths of the public bounds."""
    weights: NDArray[np.float64]
    """(cells,), positive."""
    scale: float
    """Scale of the Laplace noise in each weight."""
    cell: NDArray[np.float64]
    """(features,): width of a cell, in thousandths of the public bounds."""

    def redrawn(self, random: np.random.Generator) -> "Coreset":
        """Return the coreset as it might have been, with its noise once more."""
        weights = self.weights + random.laplace(0.0, self.scale, len(self.weights))
        kept = weights > 0.0
        return Coreset(self.points[kept], weights[kept], self.scale, self.cell)


def bins_for(players: float, epsilon: float, features: int) -> int:
    """Return the bins a feature: more where more players stand above the noise, fewer where there are more features."""
    evidence = max(players * epsilon, 1.0)
    wanted = round(1.1 * evidence ** (1.0 / (features + 1)))
    affordable = int(MOST_CELLS ** (1.0 / features))
    return int(min(max(wanted, FEWEST_BINS), MOST_BINS, max(affordable, 2)))


def cells_of(rows: NDArray[np.int64], box: Box, bins: int) -> NDArray[np.int64]:
    """Return what place two measures: (bins ** features,) numbers of players."""
    where = np.clip(((rows - box.low) / box.width * bins).astype(np.int64), 0, bins - 1)
    features = rows.shape[1]
    flat = where @ (bins ** np.arange(features, dtype=np.int64))
    return np.bincount(flat, minlength=bins**features).astype(np.int64)


SENSITIVITY = 1


def coreset(drawn: Drawn, box: Box, bins: int) -> Coreset:
    """Return the solid cells of `cells_of` with noise."""
    values = np.array(drawn.values, dtype=np.float64)
    kept = np.flatnonzero(values > SOLID * drawn.scale)
    features = len(box.low)
    where = kept[:, None] // bins ** np.arange(features, dtype=np.int64) % bins
    return Coreset(box.low + (where + 0.5) / bins * box.width, values[kept], drawn.scale, box.width / bins)
