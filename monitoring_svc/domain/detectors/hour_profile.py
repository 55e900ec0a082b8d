"""What a series usually shows at each hour of the day (UTC), learned as it goes."""

from dataclasses import dataclass, field

HOURS = 24
LEVEL_RATE = 0.002
"""Rate at which the level under the profile follows the series."""
HOUR_RATE = 0.1
"""Slowest rate at which an hour follows its points; a young hour is the plain mean of them."""


@dataclass(slots=True)
class HourProfile:
    """A slow level plus one usual deviation from it for each hour of the day."""

    level: float | None = None
    deviations: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    counts: list[int] = field(default_factory=lambda: [0] * HOURS)

    def residual(self, value: float, at: float) -> float:
        """Return `value` less what is usual at that hour (`at` in seconds since 1970), then learn it."""
        if self.level is None:
            self.level = value
        hour = int(at // 3600) % HOURS
        deviation = value - self.level
        usual = self.deviations[hour]
        self.level += LEVEL_RATE * deviation
        self.counts[hour] += 1
        self.deviations[hour] = usual + max(1.0 / self.counts[hour], HOUR_RATE) * (deviation - usual)
        return deviation - usual
