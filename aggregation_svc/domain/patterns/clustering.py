"""What is done with the coreset after the noise, all free: k-means, how many segments, and how far to trust them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.patterns.coreset import Coreset
from aggregation_svc.domain.patterns.lloyd import nearest
from aggregation_svc.domain.patterns.plan import LEAST_SEGMENTS, MOST_SEGMENTS

STARTS = 10
"""Starts of k-means; the best fit is taken."""
REDRAWS = 20
"""Redraws of the coreset's noise for the stability."""
QUANTILE = 0.9
"""The share of a segment's weight within its radius."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A segmentation of a coreset."""

    points: NDArray[np.float64]
    """(segments, features): centres."""
    labels: NDArray[np.int64]
    """(cells,)."""


def fitted(cells: Coreset, segments: int, random: np.random.Generator, starts: int = STARTS) -> Fit:
    """Return the best of several weighted k-means fits."""
    # Takes a second to import: where segments are found, not wherever a process starts.
    from sklearn.cluster import KMeans

    model = KMeans(segments, n_init=starts, random_state=int(random.integers(2**31)))
    model.fit(cells.points, sample_weight=cells.weights)
    return Fit(model.cluster_centers_, model.labels_.astype(np.int64))


def agreement(first: NDArray[np.int64], second: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    """Adjusted Rand index of two segmentations of weighted cells (Hubert and Arabie 1985), at most 1."""
    table = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(table, (first, second), weights)
    total = weights.sum()
    pairs = (table**2).sum() / total**2
    rows, columns = (table.sum(axis=1) ** 2).sum() / total**2, (table.sum(axis=0) ** 2).sum() / total**2
    expected, most = rows * columns, (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most > expected else 1.0


def stability(cells: Coreset, fit: Fit, random: np.random.Generator, redraws: int = REDRAWS) -> float:
    """Return the mean agreement with the segmentations of the coreset under fresh noise of the same size, 0 to 1.

    It tells how much of the segmentation is due to the noise. The coreset already has its noise once, so the true
    agreement between two releases of the same players is about as high.
    """
    found = []
    for _ in range(redraws):
        again = cells.redrawn(random)
        if len(again.points) < len(fit.points):
            found.append(0.0)
            continue
        other = fitted(again, len(fit.points), random, starts=2)
        found.append(agreement(fit.labels, nearest(cells.points, other.points), cells.weights))
    return float(np.clip(np.mean(found), 0.0, 1.0))


def radii(cells: Coreset, fit: Fit) -> NDArray[np.float64]:
    """Return the L1 distance from each centre within which `QUANTILE` of its weight lies, (segments,)."""
    distances = np.abs(cells.points - fit.points[fit.labels]).sum(axis=1)
    result = np.empty(len(fit.points))
    for segment in range(len(fit.points)):
        own = fit.labels == segment
        order = np.argsort(distances[own])
        weight = np.cumsum(cells.weights[own][order])
        result[segment] = distances[own][order][np.searchsorted(weight, QUANTILE * weight[-1])]
    return result


LEAST_SHARE = 0.02
"""A smaller segment is a few cells that noise filled."""
CELLS_APART = 1.1
"""Nearer centres, in cells, may be one group that lies across a border of the grid."""
STEADY = 0.8
"""Stability below which fewer segments are tried."""
OVERLAP = 0.05
"""What one segment more is forgiven, per player, in the criterion's unit. Hard assignment understates how well segments
that overlap are told apart, by the entropy of the assignments (Biernacki, Celeux and Govaert 2000). Chosen on simulated
players other than the benchmark's: without it one segment too few was found in a third of 5,000 players' populations.
"""


def _evidence(cells: Coreset) -> float:
    """Return how many players without noise the coreset is worth: noise adds variance to the players' own."""
    total = float(cells.weights.sum())
    return total / (1.0 + len(cells.weights) * 2.0 * cells.scale**2 / total)


def _criterion(cells: Coreset, points: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Bayesian information criterion of a mixture of equal Gaussians with hard assignment (Pelleg and Moore 2000).

    Each feature has a variance of its own: with one for all, a feature that varies much would be cut into pieces.
    """
    total, evidence = float(cells.weights.sum()), _evidence(cells)
    # Players are spread within a cell as well (Sheppard's correction): segments cannot be sharper than the grid.
    within = np.average((cells.points - points[labels]) ** 2, axis=0, weights=cells.weights) + cells.cell**2 / 12.0
    share = np.bincount(labels, cells.weights, minlength=len(points)) / total
    share = share[share > 0.0]
    likelihood = evidence * (-0.5 * np.log(within).sum() + (share * np.log(share)).sum())
    parameters = len(points) * (len(within) + 1)
    return float(parameters * np.log(max(evidence, 2.0)) - 2.0 * likelihood)


def _apart(points: NDArray[np.float64], cell: NDArray[np.float64]) -> float:
    """Return the least distance between two centres: the largest over features, in cells."""
    distances = np.abs((points[:, None] - points[None]) / cell).max(axis=2)
    return float(distances[np.triu_indices(len(points), 1)].min())


def best_fit(cells: Coreset, random: np.random.Generator) -> tuple[Fit | None, float]:
    """Return the segmentation that the coreset supports with its stability; None where it supports no two segments."""
    mean = np.average(cells.points, axis=0, weights=cells.weights)[None]
    alone = _criterion(cells, mean, np.zeros(len(cells.points), dtype=np.int64))
    forgiven = OVERLAP * _evidence(cells)
    fits: list[tuple[float, Fit]] = []
    for segments in range(LEAST_SEGMENTS, min(MOST_SEGMENTS, len(cells.points) // 2) + 1):
        fit = fitted(cells, segments, random, starts=5)
        weights = np.bincount(fit.labels, cells.weights, minlength=segments).astype(np.float64)
        if weights.min() >= LEAST_SHARE * weights.sum() and _apart(fit.points, cells.cell) >= CELLS_APART:
            criterion = _criterion(cells, fit.points, fit.labels)
            if criterion < alone:
                fits.append((criterion - forgiven * segments, fit))
    for _, fit in sorted(fits, key=lambda each: each[0]):
        steadiness = stability(cells, fit, random)
        if steadiness >= STEADY:
            return fit, steadiness
    return None, 0.0
