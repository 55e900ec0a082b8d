"""How much a series usually varies: its spread and its usual step, both exponentially weighted."""

import math
from dataclasses import dataclass

RELATIVE_FLOOR = 1e-9
"""Least scale, as a share of the series' level: a constant series varies by rounding errors."""
ABSOLUTE_FLOOR = 1e-12
"""Least scale of a series about zero."""


@dataclass(slots=True)
class RunningScale:
    """Mean, variance and mean absolute step of a series; plain averages until 1 / `rate` points were seen."""

    rate: float
    mean: float = 0.0
    variance: float = 0.0
    step: float = 0.0
    last: float = 0.0
    count: int = 0

    def learn(self, value: float) -> None:
        """Take in the next value."""
        self.count += 1
        if self.count == 1:
            self.mean = self.last = value
            return
        rate = max(self.rate, 1.0 / self.count)
        deviation = value - self.mean
        self.mean += rate * deviation
        self.variance = (1.0 - rate) * (self.variance + rate * deviation * deviation)
        self.step += rate * (abs(value - self.last) - self.step)
        self.last = value

    @property
    def spread(self) -> float:
        """Standard deviation."""
        return math.sqrt(self.variance)

    @property
    def floor(self) -> float:
        """The least that anything may be divided by."""
        return max(RELATIVE_FLOOR * abs(self.mean), ABSOLUTE_FLOOR)
