"""A series of values in time, checked once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mesh.refusal import InvalidArgument, Violation

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Series:
    """Values in order of time. Use `series` to make one from points."""

    days: Vector
    """Moments as days since 1970, strictly increasing, shape (n,)."""
    values: Vector
    """Finite values, shape (n,)."""
    margins: Vector
    """Half widths of the 95 % intervals of the privacy noise, 0 where there is none, shape (n,)."""

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.values)

    @property
    def step_days(self) -> float:
        """Days from one value to the next: the median."""
        return float(np.median(np.diff(self.days))) if self.size > 1 else 1.0

    @property
    def steps(self) -> Vector:
        """Moments in steps since the first value: whole numbers where nothing is missing."""
        return np.asarray((self.days - self.days[0]) / self.step_days)

    @property
    def noise_variance(self) -> float:
        """Mean variance of the privacy noise, from the margins."""
        return float(np.mean((self.margins / 1.96) ** 2)) if self.size else 0.0

    def time(self, index: int) -> datetime:
        """Return the moment of a value; beyond the end, where the next ones would be. Months stay calendar months."""
        if index < self.size:
            return _moment(self.days[index])
        ahead = index - self.size + 1
        last = _moment(self.days[-1])
        if 28 <= self.step_days <= 31 and last.day == 1:
            month = last.month - 1 + ahead
            return last.replace(year=last.year + month // 12, month=month % 12 + 1)
        return last + timedelta(days=ahead * self.step_days)

    def tail(self, start: int) -> "Series":
        """Return the values from an index on."""
        return Series(self.days[start:], self.values[start:], self.margins[start:])


def _moment(days: float) -> datetime:
    return datetime.fromtimestamp(round(days * DAY_SECONDS), UTC)


def series(times: list[datetime], values: list[float], margins: list[float] | None = None) -> Series:
    """Make a series of points in order of time.

    Raises:
        InvalidArgument: where times repeat or run backwards, or a value is not finite; each with its index.
    """
    days = np.array([time.timestamp() / DAY_SECONDS for time in times])
    numbers = np.array(values, dtype=np.float64)
    violations = [
        Violation(f"points[{index + 1}].time", "increasing", "is not later than the time before it")
        for index in np.flatnonzero(np.diff(days) <= 0)[:20]
    ]
    violations += [
        Violation(f"points[{index}].value", "finite", "is not a finite number")
        for index in np.flatnonzero(~np.isfinite(numbers))[:20]
    ]
    if violations:
        raise InvalidArgument("points_invalid", "The points are no series.", violations=violations)
    return Series(days, numbers, np.array(margins if margins is not None else [0.0] * len(values), dtype=np.float64))
