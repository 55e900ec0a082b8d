"""How a mean moves over released periods: weighted least squares on figures that carry their own errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aggregation_svc.domain.privacy.intervals import NORMAL, Figure

FEWEST = 3
"""Releases that a trend needs."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The change of a mean per period."""

    slope: Figure
    releases: int
    verdict: str
    """`rising`, `falling`, or `no clear change`."""


def trend(figures: Sequence[tuple[float, Figure]]) -> Trend | None:
    """Return the trend of (position in periods, figure); None with fewer than three figures.

    Weights are inverse variances of both parts. Many players are the same in neighbouring periods; what they share
    shifts all periods alike and leaves the slope, so that the interval is wider than it need be, not narrower.
    """
    known = [(at, figure) for at, figure in figures if not figure.uninformative]
    if len(known) < FEWEST:
        return None
    at = np.array([position for position, _ in known])
    value = np.array([figure.value for _, figure in known])
    noise = np.array([figure.privacy_margin for _, figure in known]) / NORMAL
    sampling = np.array([figure.sampling_margin for _, figure in known]) / NORMAL
    weight = 1 / np.maximum(noise**2 + sampling**2, 1e-18)
    lever = weight * (at - np.average(at, weights=weight))
    scale = float(lever @ at)
    if scale <= 0:
        return None
    slope = float(lever @ value) / scale
    privacy, between = (NORMAL * float(np.sqrt(((lever * part) ** 2).sum())) / scale for part in (noise, sampling))
    margin = float(np.hypot(privacy, between))
    figure = Figure(slope, slope - margin, slope + margin, privacy, between, privacy / NORMAL, abs(slope) <= privacy)
    verdict = "rising" if figure.lower > 0 else "falling" if figure.upper < 0 else "no clear change"
    return Trend(figure, len(known), verdict)
