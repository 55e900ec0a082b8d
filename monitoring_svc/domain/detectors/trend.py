"""Is the series going somewhere? The slope over the last points, against an error that knows that points are alike.

Neighbouring points of a metric resemble each other, so a least-squares slope looks surer than it is. Its error is
computed as if only `n (1 - r) / (1 + r)` of the n points were independent (Bayley and Hammersley 1946), r being the
lag-1 autocorrelation of the residuals, corrected for its bias in short windows (Marriott and Pope 1954). A wandering
series, whose residuals hang together, has few independent points and no significant trend.
"""

import math
from collections import deque
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from monitoring_svc.domain.detectors.detector import State, refuse_unusable

LEAST_INDEPENDENT = 4.0
"""With fewer independent points than this, no trend is claimed."""
RELATIVE_FLOOR = 1e-6
"""Least standard error of the whole rise over a window, as a share of the series' level."""


class Trend:
    """Slope over the last `window` points in units of its honest standard error."""

    kind: ClassVar[str] = "trend"
    version: ClassVar[int] = 1
    threshold: ClassVar[float] = 5.0

    __slots__ = ("_times", "_values", "_window")

    def __init__(self, window: int = 120) -> None:
        """Look at the last `window` points (at least 20); earlier ones score 0."""
        self._window = window
        self._times: deque[float] = deque(maxlen=window)
        self._values: deque[float] = deque(maxlen=window)

    def score(self, value: float, at: float) -> float:
        """Return the absolute slope over its standard error; 0 until the window is full or where time stood still."""
        refuse_unusable(value, at)
        self._times.append(at)
        self._values.append(value)
        if len(self._values) < self._window:
            return 0.0
        return _significance(np.array(self._times), np.array(self._values))

    def snapshot(self) -> dict[str, Any]:
        """Return the window's points."""
        return {
            "kind": self.kind,
            "version": self.version,
            "window": self._window,
            "times": list(self._times),
            "values": list(self._values),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """Continue from a snapshot."""
        detector = cls(state["window"])
        detector._times.extend(state["times"])
        detector._values.extend(state["values"])
        return detector


def _significance(times: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Absolute slope over its standard error, by the number of points that are worth an independent one."""
    count = len(values)
    span = float(times.max() - times.min())
    if span <= 0.0:
        return 0.0
    clock = (times - times.mean()) / span
    level = float(values.mean())
    around = values - level
    squares = float(clock @ clock)
    slope = float(clock @ around) / squares
    residuals = around - slope * clock
    total = float(residuals @ residuals)
    alike = float(residuals[1:] @ residuals[:-1]) / total if total > 0.0 else 0.0
    alike = min(max(alike + (2.0 + 4.0 * alike) / count, 0.0), 0.999)
    independent = count * (1.0 - alike) / (1.0 + alike)
    if independent < LEAST_INDEPENDENT:
        return 0.0
    variance = total / count * independent / (independent - 2.0)
    error = math.sqrt(variance / (squares * independent / count))
    return abs(slope) / max(error, RELATIVE_FLOOR * abs(level), 1e-12)
