"""Models as plain numbers: what is stored runs no code when it is read, and answers the same on every machine.

Three kinds: an ensemble of shallow trees, a linear score over filled-in, standardised features, and additive curves.
All answer with the log-odds of success.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.additive import Additive, additive_of

AT_ONCE = 512
"""Rows that all trees judge at once: about 10 MB of scratch space."""
LARGEST = np.finfo(np.float64).max
"""Stands for infinity, which JSON does not know."""
LIMIT = 6.0
"""Standard deviations at which a linear score cuts a feature: no single odd value decides."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Shallow trees, (trees, nodes) each; a leaf's children are itself."""

    base: float
    """Log-odds before any tree."""
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    """Log-odds that a leaf adds."""
    depth: int

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of success for rows (rows, features), NaN where missing."""
        parts = [self._some(rows[first : first + AT_ONCE]) for first in range(0, len(rows), AT_ONCE)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _some(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        tree = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(tree)), dtype=np.int64)
        for _ in range(self.depth):
            seen = np.take_along_axis(rows, self.feature[tree, node], axis=1)
            left = np.where(np.isnan(seen), self.missing_left[tree, node], seen <= self.threshold[tree, node])
            node = np.where(left, self.left[tree, node], self.right[tree, node])
        total: NDArray[np.float64] = self.base + self.value[tree, node].sum(axis=1)
        return total

    def stored(self) -> dict[str, Any]:
        """Return the trees as JSON values."""
        return {
            "kind": "trees",
            "base": self.base,
            "depth": self.depth,
            "feature": self.feature.tolist(),
            "threshold": np.clip(self.threshold, -LARGEST, LARGEST).tolist(),
            "missing_left": self.missing_left.tolist(),
            "left": self.left.tolist(),
            "right": self.right.tolist(),
            "value": self.value.tolist(),
        }


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear score: features filled with `typical` where missing, standardised, and marks of what was missing."""

    typical: NDArray[np.float64]
    """Medians, (features,)."""
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weight: NDArray[np.float64]
    missing_weight: NDArray[np.float64]
    """Log-odds that a missing value adds, (features,)."""
    base: float

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of success for rows (rows, features), NaN where missing."""
        rows = rows[:, : len(self.weight)]
        missing = np.isnan(rows)
        standard = (np.where(missing, self.typical, rows) - self.mean) / self.scale
        score: NDArray[np.float64] = (
            self.base + np.clip(standard, -LIMIT, LIMIT) @ self.weight + missing @ self.missing_weight
        )
        return score

    def stored(self) -> dict[str, Any]:
        """Return the score as JSON values."""
        named = ("typical", "mean", "scale", "weight", "missing_weight")
        return {"kind": "linear", "base": self.base, **{name: getattr(self, name).tolist() for name in named}}


Part = Trees | Linear | Additive
Member = tuple[Part, ...]
"""Parts that were trained on the same sample; their log-odds are averaged."""


def member_log_odds(members: Sequence[Member], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each member's log-odds, (members, rows)."""
    return np.array([np.mean([part.log_odds(rows) for part in member], axis=0) for member in members])


def part_of(stored: Mapping[str, Any]) -> Part:
    """Return what `stored` gave."""
    if stored["kind"] == "additive":
        return additive_of(stored)
    if stored["kind"] == "linear":
        named = ("typical", "mean", "scale", "weight", "missing_weight")
        return Linear(**{name: np.array(stored[name], dtype=np.float64) for name in named}, base=float(stored["base"]))
    return Trees(
        base=float(stored["base"]),
        feature=np.array(stored["feature"], dtype=np.int64),
        threshold=np.array(stored["threshold"], dtype=np.float64),
        missing_left=np.array(stored["missing_left"], dtype=np.bool_),
        left=np.array(stored["left"], dtype=np.int64),
        right=np.array(stored["right"], dtype=np.int64),
        value=np.array(stored["value"], dtype=np.float64),
        depth=int(stored["depth"]),
    )
