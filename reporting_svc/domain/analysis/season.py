"""Patterns that repeat: harmonics, kept only where chance hardly makes them."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from reporting_svc.domain.analysis.autoregression import likely_correlation, whiten
from reporting_svc.domain.analysis.series import Matrix, Series, Vector

CHANCE = 0.01
"""A season is kept where chance alone makes one as strong with at most this probability, over all that were tried."""

CUSTOMARY = {1: (7.0, 365.25), 7: (52.18,), 30: (12.0,)}
"""Season lengths in steps, by the days of a step."""

SEASONS_NEEDED = 2.0
"""A season must be seen so often."""


@dataclass(frozen=True, slots=True)
class Season:
    """A pattern that repeats."""

    length: float
    """In steps."""
    columns: int
    """Of the design that draws it."""
    p_value: float
    """Probability of a season this strong by chance, over all lengths that were tried."""


def harmonics(steps: Vector, length: float) -> Matrix:
    """Return waves of a season, shape (n, columns).

    Up to three for short seasons (7 steps: any shape), two for long ones.
    """
    count = min(int(length // 2), 3 if length <= 60 else 2)
    waves = []
    for order in range(1, count + 1):
        angle = 2 * np.pi * order * steps / length
        waves.append(np.cos(angle))
        if order * 2 != length:
            waves.append(np.sin(angle))
    return np.column_stack(waves)


def _lengths(series: Series, residuals: Vector) -> list[float]:
    size = series.size
    nearest = min(CUSTOMARY, key=lambda days: abs(np.log(series.step_days / days)))
    lengths = [length for length in CUSTOMARY[nearest] if size >= SEASONS_NEEDED * length]
    if size >= 40:
        power = np.abs(np.fft.rfft(residuals)) ** 2
        power[:4] = 0
        free = size / int(np.argmax(power))
        lengths += [free] if all(abs(free - length) > 0.05 * length for length in lengths) and free >= 2.5 else []
    return lengths


def find(series: Series, base: Matrix, given: int = 0) -> Season | None:
    """Return the clearest season on top of a base design, shape (n, p), or None.

    `given` is the length in steps to try alone; 0 tries the customary ones and the strongest of the periodogram; 1
    tries none. The strongest of the periodogram pays for having been chosen: its probability is multiplied by the
    number of frequencies.
    """
    if given == 1 or series.size < 14:
        return None
    values = series.values
    residuals = values - base @ np.linalg.lstsq(base, values, rcond=None)[0]
    scale = float(np.std(residuals))
    if scale <= 1e-12 * max(float(np.max(np.abs(values))), 1e-300):
        return None
    lengths = [float(given)] if given else _lengths(series, residuals)
    customary = {length for days in CUSTOMARY.values() for length in days} | {float(given)}
    best: Season | None = None
    for length in lengths:
        waves = harmonics(series.steps, length)
        full = np.column_stack([base, waves])
        size, count = full.shape
        if size < count + 6:
            continue
        correlation, _ = likely_correlation(full, values)
        left = [_squares(whiten(design, correlation), whiten(values, correlation)) for design in (base, full)]
        ratio = (left[0] - left[1]) / waves.shape[1] / max(left[1] / (size - count), 1e-300)
        tried = len(lengths) * (1 if length in customary else size / 2)
        p_value = min(float(special.fdtrc(waves.shape[1], size - count, max(ratio, 0.0))) * tried, 1.0)
        if p_value <= CHANCE and (best is None or p_value < best.p_value):
            best = Season(length, waves.shape[1], p_value)
    return best


def _squares(design: Matrix, values: Vector) -> float:
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(left @ left)
