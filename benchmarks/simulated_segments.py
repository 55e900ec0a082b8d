"""Simulated players with known segments, for measuring how well segments are found. Simulated, and nothing else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

FEATURES = 4
SMALLEST = 0.08
"""Share of the smallest segment, at least."""
PLAIN_AGREEMENT = (0.87, 0.94)
"""Populations are drawn until k-means without noise agrees with the truth so well: neither trivial nor hopeless."""


@dataclass(frozen=True, slots=True)
class Population:
    """Players of 4 to 6 unequal segments."""

    values: NDArray[np.float64]
    """(players, FEATURES), 0 to 1."""
    segments: NDArray[np.int64]
    """(players,): the truth."""
    count: int
    plain: float
    """Adjusted Rand index of k-means without noise."""

    def rows(self, width: float) -> NDArray[np.int64]:
        """Return (players, FEATURES) integers 0 to 1000 where the public bounds are `width` times as wide as needed."""
        scaled = (self.values - 0.5) / width + 0.5
        return np.clip(np.rint(scaled * 1000), 0, 1000).astype(np.int64)


def drawn(players: int, random: np.random.Generator) -> Population:
    """Draw a population."""
    while True:
        count = int(random.integers(4, 7))
        shares = SMALLEST + (1 - SMALLEST * count) * random.dirichlet(np.full(count, 3.0))
        centres = random.uniform(0.15, 0.85, (count, FEATURES))
        spreads = random.uniform(0.06, 0.12, (count, FEATURES))
        segments = random.choice(count, players, p=shares)
        noise = spreads[segments] * random.standard_normal((players, FEATURES))
        values = np.clip(centres[segments] + noise, 0.0, 1.0)
        found = KMeans(count, n_init=5, random_state=0).fit_predict(values[:20_000])
        plain = float(adjusted_rand_score(segments[:20_000], found))
        if PLAIN_AGREEMENT[0] <= plain <= PLAIN_AGREEMENT[1]:
            return Population(values, segments.astype(np.int64), count, plain)
