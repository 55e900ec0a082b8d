"""The well-known rolling z-score: how many standard deviations from the mean of the last points.

Kept because people ask for it and know how to read it. It alarms far more often than `ValueNovelty` on the same series.
"""

import math
from collections import deque
from typing import Any, ClassVar, Self

from monitoring_svc.domain.detectors.detector import State, refuse_unusable

RELATIVE_FLOOR = 1e-3
"""Least standard deviation, as a share of the mean: a series that stood still is not infinitely precise."""
ABSOLUTE_FLOOR = 1e-9
"""Least standard deviation of a series about zero."""


class RollingZScore:
    """Distance from the mean of the last `window` points, in their standard deviations; sums are kept, not redone."""

    kind: ClassVar[str] = "rolling_zscore"
    version: ClassVar[int] = 1
    threshold: ClassVar[float] = 3.0

    __slots__ = ("_origin", "_points", "_since", "_square", "_sum", "_window")

    def __init__(self, window: int = 100) -> None:
        """Compare with the last `window` points (at least 2); the first `window` points score 0."""
        self._window = window
        self._points: deque[float] = deque()
        self._origin = 0.0
        self._sum = 0.0
        self._square = 0.0
        self._since = 0

    def score(self, value: float, at: float) -> float:
        """Return the absolute z-score of `value` against the points before it, 0 while they are too few."""
        refuse_unusable(value, at)
        score = 0.0
        if len(self._points) == self._window:
            mean = self._sum / self._window
            spread = math.sqrt(max(self._square / self._window - mean * mean, 0.0))
            level = mean + self._origin
            score = abs(value - level) / max(spread, RELATIVE_FLOOR * abs(level), ABSOLUTE_FLOOR)
            oldest = self._points.popleft() - self._origin
            self._sum -= oldest
            self._square -= oldest * oldest
        self._points.append(value)
        shifted = value - self._origin
        self._sum += shifted
        self._square += shifted * shifted
        self._since += 1
        if self._since >= self._window:
            self._recount()
        return score

    def _recount(self) -> None:
        """Sum anew about the present mean, once a window, so that rounding errors cannot pile up."""
        self._origin = math.fsum(self._points) / len(self._points)
        shifted = [point - self._origin for point in self._points]
        self._sum = math.fsum(shifted)
        self._square = math.fsum(point * point for point in shifted)
        self._since = 0

    def snapshot(self) -> dict[str, Any]:
        """Return the window's points and their sums."""
        return {
            "kind": self.kind,
            "version": self.version,
            "window": self._window,
            "points": list(self._points),
            "sums": [self._origin, self._sum, self._square, self._since],
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """Continue from a snapshot."""
        detector = cls(state["window"])
        detector._points.extend(state["points"])
        detector._origin, detector._sum, detector._square, detector._since = state["sums"]
        return detector
