"""Linear regression whose errors remember each other.

The correlation of neighbouring errors is not estimated and then believed: coefficients and their variance are
averaged over its restricted likelihood (REML, first-order autoregression, flat prior). What the first order misses is
made good by the long-run variance of the whitened residuals (prewhitening and recolouring; Andrews and Monahan,
Econometrica 60, 1992). Degrees of freedom follow the number of values that the series is worth. Coverage on simulated
series: `benchmarks/trends.py`.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from reporting_svc.domain.analysis.series import Matrix, Vector

GRID: Vector = np.linspace(-0.9, 0.98, 189)
"""Correlations that are weighed."""

RECOLOUR_BOUNDS = (0.6, 4.0)
"""How far the long-run variance may correct the first-order one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A regression with p coefficients on n values."""

    coefficients: Vector
    """Shape (p,)."""
    covariance: Matrix
    """Shape (p, p)."""
    correlation: float
    """Of neighbouring errors, averaged over its likelihood."""
    residuals: Vector
    """Values minus fitted values, shape (n,)."""
    innovations: Vector
    """Residuals minus what their predecessors foretell, shape (n,)."""
    degrees: float
    """Degrees of freedom for intervals."""
    worth: float
    """How many independent values the series is worth."""

    def interval(self, direction: Vector) -> tuple[float, float, float]:
        """Return estimate and 95 % interval of a combination of the coefficients, shape (p,)."""
        value = float(direction @ self.coefficients)
        variance = max(float(direction @ self.covariance @ direction), 0.0)
        half = float(special.stdtrit(self.degrees, 0.975)) * variance**0.5
        return value, value - half, value + half


def whiten(matrix: Matrix, correlation: float) -> Matrix:
    """Take what its predecessor foretells out of each row, shape (n, ...); the first row gets the same variance."""
    white = matrix.copy()
    white[1:] -= correlation * matrix[:-1]
    white[0] *= (1 - correlation**2) ** 0.5
    return white


@dataclass(frozen=True, slots=True)
class _Likelihood:
    criterion: Vector
    coefficients: Matrix
    inverses: Matrix
    squares: Vector


def _likelihood(design: Matrix, values: Vector) -> _Likelihood:
    """Minus twice the restricted log-likelihood at every correlation of the grid, from three moment matrices."""
    joint = np.column_stack([design, values])
    size, count = design.shape
    cross = joint[1:].T @ joint[:-1]
    inner = joint[1:-1].T @ joint[1:-1]
    rho = GRID[:, None, None]
    moments = joint.T @ joint + rho**2 * inner - rho * (cross + cross.T)
    inverses = np.linalg.pinv(moments[:, :count, :count], hermitian=True)
    right = moments[:, :count, count]
    coefficients = np.einsum("kij,kj->ki", inverses, right)
    squares = np.maximum(moments[:, count, count] - (right * coefficients).sum(1), 1e-300)
    _, determinants = np.linalg.slogdet(moments[:, :count, :count])
    criterion = (size - count) * np.log(squares) - np.log(1 - GRID**2) + determinants
    return _Likelihood(criterion, coefficients, inverses, squares)


def likely_correlation(design: Matrix, values: Vector) -> tuple[float, float]:
    """Return the most likely correlation of neighbouring errors, and minus twice its log-likelihood."""
    criterion = _likelihood(design, values).criterion
    best = int(np.argmin(criterion))
    return float(GRID[best]), float(criterion[best])


def recolouring(innovations: Vector) -> float:
    """Return long-run variance over variance of the innovations, by an autoregression of the order that AIC likes."""
    size = len(innovations)
    orders = 8 if size >= 200 else 4 if size >= 40 else 1 if size >= 20 else 0
    centred = innovations - innovations.mean()
    ahead = centred[orders:]
    total = float(ahead @ ahead)
    if orders == 0 or total <= 0:
        return 1.0
    best: tuple[float, float] = (len(ahead) * float(np.log(total)), 1.0)
    for order in range(1, orders + 1):
        past = np.column_stack([centred[orders - lag : size - lag] for lag in range(1, order + 1)])
        weights = np.linalg.lstsq(past, ahead, rcond=None)[0]
        left = float(np.sum((ahead - past @ weights) ** 2))
        gain = max(1 - float(weights.sum()), 0.1)
        best = min(
            best,
            (
                len(ahead) * float(np.log(max(left, 1e-300))) + 2 * order,
                len(ahead) / (len(ahead) - 2 * order) * left / total / gain**2,
            ),
        )
    return float(np.clip(best[1], *RECOLOUR_BOUNDS))


def fit(design: Matrix, values: Vector, noise_variance: float = 0.0) -> Fit:
    """Regress values, shape (n,), on the columns of a design, shape (n, p), n > p + 1.

    `noise_variance` is known variance of each value (privacy noise): the errors are never taken to be smaller.
    """
    size, count = design.shape
    likelihood = _likelihood(design, values)
    weights = np.exp(-0.5 * (likelihood.criterion - likelihood.criterion.min()))
    weights /= weights.sum()
    coefficients = weights @ likelihood.coefficients
    correlation = float(weights @ GRID)
    variances = np.maximum(likelihood.squares / (size - count), noise_variance)
    away = likelihood.coefficients - coefficients
    covariance = np.einsum("k,kij->ij", weights * variances, likelihood.inverses)
    covariance += np.einsum("k,ki,kj->ij", weights, away, away)
    residuals = values - design @ coefficients
    innovations = whiten(residuals, correlation)
    covariance *= recolouring(innovations)
    worth = size * (1 - correlation) / (1 + correlation) if correlation > 0 else float(size)
    return Fit(
        coefficients=coefficients,
        covariance=covariance,
        correlation=correlation,
        residuals=residuals,
        innovations=innovations,
        degrees=max(min(size - count, worth - 2), 3.0),
        worth=worth,
    )
