"""Moments at which the level changed, told apart from slopes, seasons and slow waves.

A step must win twice. Against chance: the largest statistic over all candidate moments, beside trend and season and
with the memory of the errors whitened out, is compared with what it reaches on pure noise of the same shape
(simulated, Gumbel tail), so that trying every moment is paid for. And against slowness: it must fit better than a
bend or one slow wave would (BIC); where these fit better, they join the trend and the search goes on beside them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reporting_svc.domain.analysis.autoregression import likely_correlation, whiten
from reporting_svc.domain.analysis.series import Matrix, Vector

CHANCE = 0.01
"""Probability of a first change point where there is none; the measured one is in `benchmarks/trends.py`."""

FEWEST = 30
"""Values needed before change points are looked for."""

MOST = 8
"""Change points looked for."""

DOUBT = 3.0
"""A step must fit better than a bend by so much (twice the log-likelihood)."""

CANDIDATES = 500
DRAWS = 200


@dataclass(frozen=True, slots=True)
class _Scan:
    places: NDArray[np.int64]
    directions: Matrix
    """Whitened unit steps with the base taken out, shape (n, candidates)."""
    basis: Matrix
    """Orthonormal basis of the whitened base, shape (n, p)."""


def bends(size: int) -> tuple[Matrix, ...]:
    """Return the slow alternatives to a step.

    One wave over the whole range, a bend, a double bend; each of shape (n, columns).
    """
    place = (np.arange(size) + 0.5) / size
    around = 2 * np.pi * place
    square = (place - 0.5) ** 2
    return (
        np.column_stack([np.cos(around), np.sin(around)]),
        square[:, None],
        np.column_stack([square, (place - 0.5) ** 3]),
    )


def step(size: int, place: int) -> Vector:
    """Return 0 before a place and 1 from it on, shape (n,)."""
    return (np.arange(size) >= place).astype(np.float64)


def _scan(base: Matrix, correlation: float, places: NDArray[np.int64]) -> _Scan:
    size = len(base)
    basis = np.linalg.qr(whiten(base, correlation))[0]
    steps = (np.arange(size)[:, None] >= places[None, :]).astype(np.float64)
    directions = whiten(steps, correlation)
    directions -= basis @ (basis.T @ directions)
    lengths = np.linalg.norm(directions, axis=0)
    return _Scan(places, directions / np.where(lengths > 1e-6, lengths, np.inf), basis)


def _statistics(scan: _Scan, whitened: Matrix) -> Matrix:
    """Squared t statistics of all candidates for each column of values, shape (candidates, columns)."""
    left = whitened - scan.basis @ (scan.basis.T @ whitened)
    squares = (left**2).sum(0)
    gains = (scan.directions.T @ left) ** 2
    return np.asarray(gains / np.maximum(squares - gains, 1e-300) * (len(left) - scan.basis.shape[1] - 1))


def find(base: Matrix, values: Vector, generator: np.random.Generator) -> list[int]:
    """Return the indexes at which a new level begins, in order; base is trend and season, shape (n, p)."""
    size = len(values)
    if size < FEWEST:
        return []
    margin = max(5, size // 40)
    places = np.unique(np.linspace(margin, size - margin, min(CANDIDATES, size - 2 * margin + 1)).astype(np.int64))
    slow: Matrix = np.empty((size, 0))
    found: list[int] = []
    while len(found) < MOST:
        design = np.column_stack([base, slow, *(step(size, place) for place in found)])
        open_places = places[[all(abs(place - other) >= margin for other in found) for place in places]]
        if len(open_places) == 0 or size < design.shape[1] + 10:
            break
        place = _clearest(design, values, open_places, generator)
        if place is None:
            break
        bend = _smoother(design, place, values) if slow.shape[1] == 0 else None
        if bend is not None:
            slow, found = bend, []
            continue
        found.append(place)
    return sorted(found)


def bent(design: Matrix, values: Vector) -> bool:
    """Tell whether a bend explains values, shape (n,), clearly better than a design, shape (n, p), does alone."""
    straight = _price(design, values, 0)
    return any(
        _price(np.column_stack([design, bend]), values, bend.shape[1]) + DOUBT < straight for bend in bends(len(values))
    )


def _smoother(design: Matrix, place: int, values: Vector) -> Matrix | None:
    """Return the slow alternative that explains the values better than a step at that place, or None."""
    size = len(values)
    own = _price(np.column_stack([design, step(size, place)]), values, 2)
    priced = [(_price(np.column_stack([design, bend]), values, bend.shape[1]), bend) for bend in bends(size)]
    price, bend = min(priced, key=lambda one: one[0])
    return bend if price < own + DOUBT else None


def _price(design: Matrix, values: Vector, parameters: int) -> float:
    """Minus twice the log-likelihood with autoregressive errors, plus log n for each parameter not shared."""
    size = len(values)
    correlation, _ = likely_correlation(design, values)
    white, target = whiten(design, correlation), whiten(values, correlation)
    left = target - white @ np.linalg.lstsq(white, target, rcond=None)[0]
    return float(
        size * np.log(max(float(left @ left), 1e-300)) - np.log(1 - correlation**2) + parameters * np.log(size)
    )


def _clearest(design: Matrix, values: Vector, places: NDArray[np.int64], generator: np.random.Generator) -> int | None:
    size = len(values)
    options = []
    for assumed in (0.0, likely_correlation(design, values)[0]):
        statistics = _statistics(_scan(design, assumed, places), whiten(values[:, None], assumed))[:, 0]
        place = int(places[int(np.argmax(statistics))])
        correlation, criterion = likely_correlation(np.column_stack([design, step(size, place)]), values)
        options.append((criterion, correlation))
    correlation = _cautious(min(options)[1], size, design.shape[1])
    scan = _scan(design, correlation, places)
    statistics = _statistics(scan, whiten(values[:, None], correlation))[:, 0]
    best = int(np.argmax(statistics))
    peaks = _statistics(scan, generator.standard_normal((size, DRAWS))).max(0)
    scale = float(np.std(peaks)) * np.sqrt(6) / np.pi
    limit = float(np.mean(peaks)) - scale * (0.5772 + np.log(-np.log(1 - CHANCE)))
    return int(places[best]) if statistics[best] > limit else None


def _cautious(correlation: float, size: int, count: int) -> float:
    """Raise a correlation by half a standard error: choosing the best step has lowered it."""
    return float(np.clip(correlation + 0.5 * np.sqrt(max(1 - correlation**2, 0.05) / max(size - count, 5)), -0.5, 0.97))
