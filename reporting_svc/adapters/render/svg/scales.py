"""From values to places: ticks that people like, on numbers and on time."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reporting_svc.domain.report import AxisScale


@dataclass(frozen=True, slots=True)
class Scale:
    """A line from values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value, kept within the frame."""
        span = self.high - self.low or 1.0
        place = self.start + (value - self.low) / span * (self.end - self.start)
        return min(max(place, min(self.start, self.end)), max(self.start, self.end))


def nice(values: Iterable[float], *, zero: bool, share: bool, count: int = 5) -> tuple[float, float, list[float]]:
    """Return bounds and ticks around values: steps of 1, 2 or 5 times a power of ten."""
    known = [value for value in values if math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9 * max(abs(high), abs(low), 1e-9):
        pad = abs(high) * 0.1 or 1.0
        low, high = low - pad, high + pad
    if share:
        low, high = max(low, 0.0), min(high, 1.0)
        if high <= low:
            low, high = 0.0, 1.0
    raw = (high - low) / count
    power = 10 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(index * step, 12) for index in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def label(value: float, scale: AxisScale, step: float) -> str:
    """Write a tick."""
    if scale is AxisScale.SHARE:
        return f"{100 * value:.{1 if step < 0.01 else 0}f} %"
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:g} M"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    return f"{value:,.{min(decimals, 6)}f}"


def seconds(text: str) -> float:
    """Return an RFC 3339 moment in seconds."""
    return datetime.fromisoformat(text).timestamp()


def named(moments: Sequence[str]) -> list[str]:
    """Write RFC 3339 moments as briefly as they can be told apart: as months, days or hours."""
    times = [datetime.fromisoformat(moment).astimezone(UTC) for moment in moments]
    if all(time == time.replace(day=1, hour=0, minute=0, second=0) for time in times):
        return [f"{time:%b %Y}" for time in times]
    if all(time == time.replace(hour=0, minute=0, second=0) for time in times):
        return [f"{time:%d %b}" for time in times]
    return [f"{time:%d %b %H:%M}" for time in times]


def time_ticks(low: float, high: float, count: int) -> list[tuple[float, str]]:
    """Return places and labels on a time axis: hours, days, or months, at most about `count`."""
    span = high - low
    if span <= 0:
        return [(low, f"{_at(low):%Y-%m-%d}")]
    if span < 3 * 86_400:
        step = next(hours for hours in (1, 2, 3, 6, 12, 24) if span / 3600 / hours <= count) * 3600.0
        first = math.ceil(low / step) * step
        return [
            (first + index * step, f"{_at(first + index * step):%d %b %H:%M}")
            for index in range(int((high - first) // step) + 1)
        ]
    if span < 90 * 86_400:
        step = next((days for days in (1, 2, 7, 14) if span / 86_400 / days <= count), 30) * 86_400.0
        first = math.ceil(low / 86_400) * 86_400
        return [
            (first + index * step, f"{_at(first + index * step):%d %b}")
            for index in range(int((high - first) // step) + 1)
        ]
    months = span / 86_400 / 30.4
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= count), 120)
    ticks: list[tuple[float, str]] = []
    year, month = _at(low).year, _at(low).month
    while True:
        moment = datetime(year, month, 1, tzinfo=UTC)
        if moment.timestamp() > high:
            return ticks
        if (
            moment.timestamp() >= low
            and (month - 1) % min(every, 12) == 0
            and (every <= 12 or year % (every // 12) == 0)
        ):
            ticks.append((moment.timestamp(), f"{moment:%Y}" if every >= 12 else f"{moment:%b %Y}"))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _at(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)
