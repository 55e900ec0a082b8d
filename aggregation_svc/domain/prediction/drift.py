"""How far the players of today are from those a model learned from: population stability (Siddiqi 2006).

The index is the symmetric divergence between two histograms over the tenths of the first. From samples it comes out
above 0 even where nothing moved, by about (bins - 1) (1/n + 1/m); that much is taken off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
LEAST = 100
"""Recent players below which nothing is said."""
FAR = 0.25
"""An index from which on the players are far from those learned from."""
WORSE = 1.25
"""A model whose recent error is that many times what was measured is worse than it was."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Histograms of what a model learned from: its features, then its scores as the last column."""

    edges: NDArray[np.float64]
    """Inner edges, (columns, BINS - 1)."""
    shares: NDArray[np.float64]
    """Share of players in each bin, missing last, (columns, BINS + 1)."""
    players: int

    def stability(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the index of each column of recent players (players, columns), NaN where missing."""
        found = np.empty(columns.shape[1])
        for index in range(columns.shape[1]):
            now = _shares(columns[:, index], self.edges[index])
            then = self.shares[index]
            least = 0.5 / max(self.players, len(columns))
            then_safe, now_safe = np.maximum(then, least), np.maximum(now, least)
            raw = float(((now_safe - then_safe) * np.log(now_safe / then_safe)).sum())
            used = int(((then > 0.0) | (now > 0.0)).sum())
            found[index] = max(0.0, raw - (used - 1) * (1.0 / self.players + 1.0 / len(columns)))
        return found

    def stored(self) -> dict[str, Any]:
        """Return the histograms as JSON values."""
        return {"edges": self.edges.tolist(), "shares": self.shares.tolist(), "players": self.players}


def reference_of(stored: Mapping[str, Any]) -> Reference:
    """Return what `Reference.stored` gave."""
    return Reference(np.array(stored["edges"]), np.array(stored["shares"]), int(stored["players"]))


def reference(columns: NDArray[np.float64]) -> Reference:
    """Return the histograms of columns (players, columns), NaN where missing."""
    edges = np.zeros((columns.shape[1], BINS - 1))
    for index, column in enumerate(columns.T):
        known = column[~np.isnan(column)]
        if len(known):
            edges[index] = np.quantile(known, np.arange(1, BINS) / BINS)
    shares = np.array([_shares(column, edges[index]) for index, column in enumerate(columns.T)])
    return Reference(edges, shares, len(columns))


def _shares(column: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    known = column[~np.isnan(column)]
    counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=BINS)
    found: NDArray[np.float64] = np.append(counts, len(column) - len(known)) / max(len(column), 1)
    return found


@dataclass(frozen=True, slots=True)
class Drift:
    """What the watch found."""

    score_stability: float
    features: tuple[tuple[str, float], ...]
    """The features that moved most, with their index."""
    recent_brier: float | None
    trained_brier: float
    checked_at: int
    """Microseconds since 1970."""

    @property
    def verdict(self) -> str:
        """Whether to train anew, in words."""
        said = []
        if self.score_stability > FAR:
            said.append("Scores have moved far from those it learned from.")
        if self.features and self.features[0][1] > FAR:
            said.append(f"The feature {self.features[0][0]} has moved far.")
        if self.recent_brier is not None and self.recent_brier > WORSE * self.trained_brier:
            said.append("Its recent error is well above what was measured.")
        return " ".join([*said, "Train it anew."]) if said else "It still fits the players of today."
