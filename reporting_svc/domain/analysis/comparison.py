"""A side and its baseline: difference with interval, effect size, and how sure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from reporting_svc.domain.analysis.autoregression import fit
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.analysis.trend import Interval

SMALL = 0.2
"""An effect below so many standard deviations is small (Cohen)."""


class Verdict(StrEnum):
    """How sure a comparison is."""

    HIGHER = "higher"
    LOWER = "lower"
    SIMILAR = "similar"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Side:
    """A mean with its uncertainty."""

    value: float
    error: float
    """Standard error of the value, privacy noise included."""
    deviation: float | None
    """Standard deviation of what the value is the mean of; None where it is not known."""
    count: float
    """How many independent values or players it rests on."""

    @property
    def interval(self) -> Interval:
        """The value with its 95 % interval."""
        reach = float(special.stdtrit(max(self.count - 1, 3.0), 0.975)) if self.count < 100 else 1.96
        return Interval(self.value, self.value - reach * self.error, self.value + reach * self.error)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison with its uncertainty; see `analysis.proto`."""

    current: Interval
    baseline: Interval
    difference: Interval
    relative_change: Interval | None
    effect_size: Interval | None
    verdict: Verdict
    cautions: tuple[str, ...]


def side(series: Series) -> Side:
    """Return the mean of a series, its error allowing for autocorrelation and privacy noise."""
    if series.size < 4:
        known = np.sqrt(series.noise_variance / series.size)
        spread = float(np.std(series.values, ddof=1)) if series.size > 1 else 0.0
        error = float(np.hypot(spread / np.sqrt(series.size), known))
        return Side(float(np.mean(series.values)), error, spread or None, float(series.size))
    result = fit(np.ones((series.size, 1)), series.values, series.noise_variance)
    error = float(np.sqrt(result.covariance[0, 0]))
    return Side(float(result.coefficients[0]), error, float(np.std(series.values, ddof=1)), max(result.worth, 2.0))


def compare(current: Side, baseline: Side, *, shared: bool) -> Comparison:
    """Compare a side with its baseline; `shared` says that the same players may be on both sides."""
    gap = current.value - baseline.value
    error = float(np.hypot(current.error, baseline.error))
    reach = float(special.stdtrit(_degrees(current, baseline), 0.975))
    difference = Interval(gap, gap - reach * error, gap + reach * error)
    said = []
    if shared:
        said.append("The same players may be on both sides; the interval takes them as different ones.")
    if min(current.count, baseline.count) < 8:
        said.append("One side rests on few values.")
    effect = _effect(current, baseline, difference)
    return Comparison(
        *(current.interval, baseline.interval, difference, _relative(current, baseline, difference), effect),
        *(_verdict(difference, effect), tuple(said)),
    )


def _degrees(current: Side, baseline: Side) -> float:
    """Welch and Satterthwaite's degrees of freedom."""
    squares = current.error**2, baseline.error**2
    counts = max(current.count - 1, 1.0), max(baseline.count - 1, 1.0)
    below = sum(square**2 / count for square, count in zip(squares, counts, strict=True))
    return max(sum(squares) ** 2 / below, 2.0) if below > 0 else 1e6


def _relative(current: Side, baseline: Side, difference: Interval) -> Interval | None:
    """Difference as share of the baseline with Fieller's interval; None where the baseline may be zero."""
    reach = (difference.upper - difference.value) / max(float(np.hypot(current.error, baseline.error)), 1e-300)
    hollow = (reach * baseline.error / baseline.value) ** 2 if baseline.value else 1.0
    if hollow >= 0.5:
        return None
    ratio = current.value / baseline.value
    centre = ratio / (1 - hollow)
    root = np.sqrt(current.error**2 * (1 - hollow) + ratio**2 * baseline.error**2)
    half = reach * float(root) / abs(baseline.value) / (1 - hollow)
    return Interval(ratio - 1, centre - half - 1, centre + half - 1)


def _effect(current: Side, baseline: Side, difference: Interval) -> Interval | None:
    """Hedges' g: the difference in pooled standard deviations, with the correction for few values."""
    if current.deviation is None or baseline.deviation is None:
        return None
    weights = max(current.count - 1, 1.0), max(baseline.count - 1, 1.0)
    pooled = np.sqrt((weights[0] * current.deviation**2 + weights[1] * baseline.deviation**2) / sum(weights))
    if pooled <= 0:
        return None
    scale = (1 - 3 / (4 * max(sum(weights), 2.0) - 1)) / float(pooled)
    return Interval(difference.value * scale, difference.lower * scale, difference.upper * scale)


def _verdict(difference: Interval, effect: Interval | None) -> Verdict:
    if difference.lower > 0:
        return Verdict.HIGHER
    if difference.upper < 0:
        return Verdict.LOWER
    if effect is not None and max(-effect.lower, effect.upper) < SMALL:
        return Verdict.SIMILAR
    return Verdict.UNDECIDED
