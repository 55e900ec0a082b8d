"""Probabilities that mean what they say: Platt scaling (Platt 1999) of log-odds, and how sure its two numbers are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

ITERATIONS = 50
RIDGE = 1e-3
"""Keeps the fit finite where the classes are separated."""
BINS = 10
"""Bins of the predicted probability in which calibration is judged."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """log-odds -> intercept + slope x log-odds."""

    intercept: float = 0.0
    slope: float = 1.0
    covariance: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of intercept and slope: variance, covariance, variance."""

    def log_odds(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated log-odds."""
        return self.intercept + self.slope * raw

    def variance(self, raw: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the variance of calibrated log-odds, by the delta method.

        Args:
            raw: log-odds before calibration.
            spread: their standard error.
        """
        first, both, second = self.covariance
        found: NDArray[np.float64] = (self.slope * spread) ** 2 + first + 2.0 * raw * both + raw**2 * second
        return np.maximum(found, 0.0)


def calibrated(raw: NDArray[np.float64], successes: NDArray[np.bool_]) -> Calibration:
    """Fit by Newton's method on log-odds that were predicted for players who were not learned from."""
    inputs = np.column_stack([np.ones(len(raw)), raw])
    prior = np.array([0.0, 1.0])
    coefficients = prior.copy()
    information = np.eye(2)
    for _ in range(ITERATIONS):
        chance = expit(inputs @ coefficients)
        gradient = inputs.T @ (successes - chance) - RIDGE * (coefficients - prior)
        information = (inputs * (chance * (1.0 - chance))[:, None]).T @ inputs + RIDGE * np.eye(2)
        step = np.linalg.solve(information, gradient)
        coefficients = coefficients + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-9:
            break
    covariance = np.linalg.inv(information)
    return Calibration(
        float(coefficients[0]),
        float(max(coefficients[1], 0.0)),
        (float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])),
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """Players whose predicted probability fell into one bin."""

    predicted: float
    observed: float
    weight: float
    """Share of all players."""


def calibration_bins(probabilities: NDArray[np.float64], successes: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return predicted and observed shares in equal bins of the probability; empty bins are left out."""
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    found = []
    for one in np.unique(bins):
        inside = bins == one
        found.append(Bin(float(probabilities[inside].mean()), float(successes[inside].mean()), float(inside.mean())))
    return tuple(found)


def calibration_error(probabilities: NDArray[np.float64], successes: NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini et al. 2015): mean gap of predicted and observed share, weighted by bin."""
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=probabilities - successes, minlength=BINS)
    return float(np.abs(gaps).sum() / len(probabilities))
