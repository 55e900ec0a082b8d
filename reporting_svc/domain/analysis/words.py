"""Analyses in words that claim no more than the intervals do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from reporting_svc.domain.analysis.comparison import Comparison, Verdict
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.trend import Direction, Interval, TrendAnalysis

_BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def number(value: float) -> str:
    """Write a number with three significant digits and thousands apart."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.0f}" if size >= 100 else f"{value:.1f}"
    return f"{value:.3g}" if size >= 0.001 else f"{value:.5f}"


def percent(value: float) -> str:
    """Write a share, 0 to 1, in percent."""
    return f"{100 * value:.1f} %"


def points(value: float) -> str:
    """Write a difference of shares, 0 to 1, in percentage points."""
    return f"{100 * value:.1f} points"


def amount(value: float, unit: str) -> str:
    """Write a service metric with its unit: `204 MB`, `22.5 %`, `46.4 ms`."""
    match unit:
        case "bytes":
            name, size = next((one for one in _BYTES if abs(value) >= one[1]), ("bytes", 1.0))
            return f"{number(value / size)} {name}"
        case "percent":
            return f"{number(value)} %"
        case "seconds":
            return f"{number(1000 * value)} ms" if abs(value) < 1 else f"{number(value)} s"
    return f"{number(value)} {unit}".rstrip()


def between(interval: Interval, write: Callable[[float], str] = number) -> str:
    """Write an interval."""
    return f"{write(interval.lower)} to {write(interval.upper)}"


def day(time: datetime) -> str:
    """Write a day: `1 November 2026`."""
    return f"{time.day} {time:%B %Y}"


def span(start: datetime, end: datetime) -> str:
    """Write a range by the last day that belongs to it, in whole months where it is made of them."""
    last = end - timedelta(microseconds=1)
    if all(each == each.replace(day=1, hour=0, minute=0, second=0, microsecond=0) for each in (start, end)):
        first = f"{start:%B %Y}"
        return first if (start.year, start.month) == (last.year, last.month) else f"{first} to {last:%B %Y}"
    return day(start) if start.date() == last.date() else f"{day(start)} to {day(last)}"


def moment(time: datetime) -> str:
    """Write a moment in UTC; midnight, at which a period ends, as the day."""
    there = time.astimezone(UTC)
    return day(there) if (there.hour, there.minute) == (0, 0) else f"{day(there)}, {there:%H:%M} UTC"


def trend(name: str, analysis: TrendAnalysis, write: Callable[[float], str] = number) -> str:
    """Say what a series shows, in one or two sentences; `write` writes a change."""
    change = analysis.total_change
    apart = f"{write(change.lower)} and {write(change.upper)}"
    if analysis.points == 0:
        return f"{name}: there are no values."
    if not analysis.conclusive and not analysis.fitted:
        return f"{name}: {analysis.points} values are too few to tell a trend."
    match analysis.direction:
        case Direction.RISING | Direction.FALLING:
            way = "rose" if analysis.direction is Direction.RISING else "fell"
            size = Interval(abs(change.value), *sorted((abs(change.lower), abs(change.upper))))
            said = f"{name} {way} by about {write(size.value)} over the range (95 % interval {between(size, write)})."
        case Direction.STEADY:
            said = f"{name} stayed level: any change over the range lies between {apart}."
        case Direction.UNDECIDED:
            said = f"{name}: the data cannot say whether it rose or fell (change between {apart})."
    if analysis.change_points:
        days = ", ".join(day(point.time) for point in analysis.change_points)
        said += f" Its level changed suddenly around {days}."
    if analysis.seasonality is not None:
        said += f" A pattern repeats every {analysis.seasonality.season_length} values."
    return said


def comparison(
    name: str,
    sides: tuple[str, str],
    result: Comparison,
    write: Callable[[float], str] = number,
    write_change: Callable[[float], str] = number,
) -> str:
    """Say how a side compares with its baseline; `sides` name both: `in May 2026`, `in April 2026`."""
    values = f"{name} is {write(result.current.value)} {sides[0]} and {write(result.baseline.value)} {sides[1]}"
    interval = f"difference {between(result.difference, write_change)}, 95 % interval"
    match result.verdict:
        case Verdict.HIGHER | Verdict.LOWER:
            return f"{values}: {result.verdict.value} ({interval})."
        case Verdict.SIMILAR:
            return f"{values}: about the same, at most a small effect ({interval})."
        case Verdict.UNDECIDED:
            return f"{values}: the data tell no difference ({interval})."


def forecast(name: str, result: SeriesForecast, write: Callable[[float], str] = number) -> str:
    """Say what a series will do if it goes on as it did."""
    if not result.points:
        return f"{name}: too few values for a forecast."
    last = result.points[-1]
    return (
        f"If it goes on as it did, {name} will be about {write(last.value.value)} on {day(last.time)} "
        f"(95 % interval {between(last.value, write)})."
    )
