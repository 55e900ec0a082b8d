"""Has the level changed for good? Two cumulative sums of what one point does not tell from the one before.

Page's two-sided CUSUM (Page 1954) on the innovations of a first-order autoregression learned as the series goes: plain
values of a metric hang together, and their sums would wander off by themselves. A single wild point adds little
(its share is capped), each further one on the same side adds more, so that spikes do not alarm and shifts do.
A daily rhythm much larger than the noise is itself a change of level, twice a day: use `ValueNovelty` there.
"""

import math
from typing import Any, ClassVar, Self

from monitoring_svc.domain.detectors.detector import State, refuse_unusable

ALLOWANCE = 0.25
"""What each point may deviate without adding to a sum, in standard deviations of the innovations."""
LIMIT = 16.0
"""The sum at which the score is 1."""
CAP = 4.0
"""What the first point on one side adds at most; the n-th in a row at most n times this."""
RATE = 0.002
"""Rate at which level, variance and autocorrelation are forgotten; plain averages before 1 / RATE points."""
CATCH_UP = 0.05
"""Rate at which the level is learned anew once it has changed."""
WARM_UP = 100
"""Points that are learned before anything is summed."""
RELATIVE_FLOOR = 1e-3
"""Least standard deviation of the innovations, as a share of the level."""
MOST_ALIKE = 0.98
"""Highest autocorrelation that is taken out: beyond it a change of level and a wandering series are the same thing."""


class CumulativeSum:
    """The larger of the sums of upward and downward surprises, in units of the limit."""

    kind: ClassVar[str] = "cumulative_sum"
    version: ClassVar[int] = 1
    threshold: ClassVar[float] = 1.0

    __slots__ = ("_count", "_down", "_last", "_level", "_noise", "_product", "_run", "_square", "_up")

    def __init__(self) -> None:
        """Start with nothing known."""
        self._count = 0
        self._level = 0.0
        self._square = 0.0
        self._product = 0.0
        self._noise = 0.0
        self._last = 0.0
        self._run = 0
        self._up = 0.0
        self._down = 0.0

    def score(self, value: float, at: float) -> float:
        """Return the larger sum over the limit: from 1 on the level has changed; 0 during the warm-up."""
        refuse_unusable(value, at)
        self._count += 1
        if self._count == 1:
            self._level = self._last = value
            return 0.0
        before = self._last - self._level
        deviation = value - self._level
        alike = min(max(self._product / self._square, 0.0), MOST_ALIKE) if self._square > 0.0 else 0.0
        innovation = deviation - alike * before
        sigma = max(math.sqrt(self._noise), RELATIVE_FLOOR * abs(self._level), 1e-12)
        score = self._add(innovation / sigma) if self._count > WARM_UP else 0.0
        self._learn(deviation, before, innovation, sigma, changed=score >= self.threshold)
        return score

    def _add(self, surprise: float) -> float:
        side = 1 if surprise > 0.0 else -1
        self._run = self._run + side if self._run * side > 0 else side
        surprise = _within(surprise, CAP * abs(self._run))
        self._up = max(self._up + surprise - ALLOWANCE, 0.0)
        self._down = max(self._down - surprise - ALLOWANCE, 0.0)
        return max(self._up, self._down) / LIMIT

    def _learn(self, deviation: float, before: float, innovation: float, sigma: float, *, changed: bool) -> None:
        if changed:
            # The old level is over: follow the new one, and let the sums run out while its distance shrinks.
            self._last = self._level + deviation
            self._level += CATCH_UP * deviation
            self._up *= 1.0 - CATCH_UP
            self._down *= 1.0 - CATCH_UP
            return
        if self._count > WARM_UP:
            # What is learned from a wild point is bounded, or it would bend level and variance for long.
            deviation = _within(deviation, CAP * math.sqrt(self._square))
            innovation = _within(innovation, CAP * sigma)
        rate = max(RATE, 1.0 / self._count)
        self._last = self._level + deviation
        self._level += rate * deviation
        self._square += rate * (before * before - self._square)
        self._product += rate * (before * deviation - self._product)
        self._noise += rate * (innovation * innovation - self._noise)

    def snapshot(self) -> dict[str, Any]:
        """Return what was learned, and the sums."""
        return {
            "kind": self.kind,
            "version": self.version,
            **{name[1:]: getattr(self, name) for name in self.__slots__},
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """Continue from a snapshot."""
        detector = cls()
        for name in cls.__slots__:
            setattr(detector, name, state[name[1:]])
        return detector


def _within(value: float, cap: float) -> float:
    return min(max(value, -cap), cap)
