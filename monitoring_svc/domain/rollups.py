"""Roll-ups of a series by hour, day, ISO week and month in UTC. Two parts of one window merge into the whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt


class Window(StrEnum):
    """Over how long values are rolled up."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def window_start(window: Window, at: datetime) -> datetime:
    """Return the first moment of the window that holds `at` (UTC)."""
    if window is Window.HOUR:
        return at.replace(minute=0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if window is Window.DAY:
        return day
    if window is Window.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


@dataclass(slots=True)
class Rollup:
    """Points of one window, as count, mean and squared deviations (Welford; merged after Chan et al.)."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    """Sum of squared deviations from the mean."""
    minimum: float = float("inf")
    maximum: float = float("-inf")
    last: float = 0.0
    last_at: datetime | None = None

    def add(self, value: float, at: datetime) -> None:
        """Take in a point."""
        self.count += 1
        distance = value - self.mean
        self.mean += distance / self.count
        self.squares += distance * (value - self.mean)
        self.minimum, self.maximum = min(self.minimum, value), max(self.maximum, value)
        if self.last_at is None or at >= self.last_at:
            self.last, self.last_at = value, at

    def merge(self, other: "Rollup") -> None:
        """Take in another part of the same window."""
        if other.count == 0:
            return
        count = self.count + other.count
        distance = other.mean - self.mean
        self.squares += other.squares + distance * distance * self.count * other.count / count
        self.mean += distance * other.count / count
        self.count = count
        self.minimum, self.maximum = min(self.minimum, other.minimum), max(self.maximum, other.maximum)
        if other.last_at is not None and (self.last_at is None or other.last_at >= self.last_at):
            self.last, self.last_at = other.last, other.last_at

    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the points; 0 for one."""
        return sqrt(max(self.squares, 0.0) / (self.count - 1)) if self.count > 1 else 0.0
