"""Two cohorts, or one in two periods, side by side: differences with intervals of both parts, and careful words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import ndtri

from aggregation_svc.domain.privacy.intervals import CONFIDENCE, NORMAL, Figure
from aggregation_svc.domain.release_statistics import Cell, MeasureFigures


@dataclass(frozen=True, slots=True)
class MeasureComparison:
    """One measure of two cells; differences are right minus left."""

    left: Figure
    right: Figure
    difference: Figure
    effect_size: Figure | None
    """The difference in standard deviations between players (Cohen's d); None where no spread is known."""
    verdict: str
    """`higher`, `lower` or `no clear difference`, of the right side."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two cells."""

    measures: Mapping[str, MeasureComparison]
    success_rate_difference: Figure | None
    summary: str


def difference(left: Figure, right: Figure) -> Figure:
    """Return right minus left; the parts of both sides add up as of independent figures."""
    privacy = math.hypot(left.privacy_margin, right.privacy_margin)
    sampling = math.hypot(left.sampling_margin, right.sampling_margin)
    value, margin = right.value - left.value, math.hypot(privacy, sampling)
    silent = left.uninformative or right.uninformative
    return Figure(value, value - margin, value + margin, privacy, sampling, privacy / NORMAL, silent)


def compared(left: Cell, right: Cell, only: str | None, *, shared: bool) -> Comparison:
    """Compare two cells in one measure, or in all that both have.

    A verdict asks for more than an interval without zero: it holds for all compared measures together with 95 %
    (Bonferroni), so that many comparisons do not make one of them look clear by chance.
    """
    names = [
        name
        for name, figures in left.measures.items()
        if only in (None, name) and figures.mean is not None and _mean(right, name) is not None
    ]
    measures = {name: _measure(left.measures[name], right.measures[name], len(names)) for name in names}
    success = (
        difference(left.success_rate, right.success_rate)
        if left.success_rate is not None and right.success_rate is not None
        else None
    )
    return Comparison(measures, success, _summary(measures, shared=shared))


def _mean(cell: Cell, name: str) -> Figure | None:
    figures = cell.measures.get(name)
    return None if figures is None else figures.mean


def _measure(left: MeasureFigures, right: MeasureFigures, comparisons: int) -> MeasureComparison:
    if left.mean is None or right.mean is None:
        raise ValueError("only measures with a mean on both sides are compared")
    found = difference(left.mean, right.mean)
    half_width = (found.upper - found.lower) / 2
    strict = half_width * float(ndtri(1 - (1 - CONFIDENCE) / 2 / comparisons)) / NORMAL
    if found.uninformative or abs(found.value) <= strict:
        verdict = "no clear difference"
    else:
        verdict = "higher" if found.value > 0 else "lower"
    return MeasureComparison(left.mean, right.mean, found, _effect(found, left.spread, right.spread), verdict)


def _effect(found: Figure, left: float | None, right: float | None) -> Figure | None:
    if left is None or right is None or left**2 + right**2 <= 0:
        return None
    pooled = math.sqrt((left**2 + right**2) / 2)
    return Figure(
        found.value / pooled,
        found.lower / pooled,
        found.upper / pooled,
        found.privacy_margin / pooled,
        found.sampling_margin / pooled,
        found.noise_scale / pooled,
        found.uninformative,
    )


def _summary(measures: Mapping[str, MeasureComparison], *, shared: bool) -> str:
    clear = [f"{name} is {one.verdict}" for name, one in measures.items() if one.verdict != "no clear difference"]
    if not measures:
        said = "No measure has a mean on both sides that noise leaves standing; nothing can be compared."
    elif clear:
        said = f"On the right {', '.join(clear)}; of {len(measures)} measures the others show no clear difference."
    else:
        said = f"None of {len(measures)} measures shows a clear difference; that does not mean that there is none."
    caution = " Groups that players chose for themselves differ in more than their name: this is no effect of a cause."
    if shared:
        caution += (
            " Some players may be on both sides. Their two values are not independent, which the intervals do not "
            "know: read them as approximate, and do not read a change of the group as a change of each player."
        )
    return said + caution
