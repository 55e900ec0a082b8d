"""What a series says: trend, season, change points, and when it cannot say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from reporting_svc.domain.analysis import change_points, season
from reporting_svc.domain.analysis.autoregression import Fit, fit
from reporting_svc.domain.analysis.robust import theil_sen
from reporting_svc.domain.analysis.series import Matrix, Series, Vector

FEWEST = 6
"""Fewer values carry no trend."""

STEADY = 0.5
"""A trend is called steady where its whole change surely stays below so many standard deviations of the series."""

SEED = 20260101
"""Of the simulated noise that change points are compared with: the same series has the same answer."""


class Direction(StrEnum):
    """Which way a series goes."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval, in the unit of the series."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Seasonality:
    """A pattern that repeats."""

    season_length: int
    """In steps."""
    strength: float
    """Share of the variation around the trend that it explains, 0 to 1."""
    p_value: float
    """Probability of such a season by chance."""
    profile: tuple[float, ...]
    """Deviation from the trend by place in the season, from the place of the first value on."""


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A moment at which the level changed."""

    time: datetime
    """First moment of the new level."""
    index: int
    shift: Interval


@dataclass(frozen=True, slots=True)
class TrendAnalysis:
    """What a series says. Slopes are per step; see `analysis.proto` for each field."""

    points: int
    step_days: float
    slope: Interval
    robust_slope: Interval
    total_change: Interval
    autocorrelation: float
    effective_points: float
    direction: Direction
    seasonality: Seasonality | None
    change_points: tuple[ChangePoint, ...]
    fitted: tuple[float, ...]
    cautions: tuple[str, ...]
    conclusive: bool


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The regression behind an analysis; forecasts go on from it."""

    season: season.Season | None
    places: tuple[int, ...]
    """Indexes at which new levels begin."""
    fit: Fit
    """Columns: level, slope a step, season, steps."""

    def design(self, steps: Vector) -> Matrix:
        """Return the design at places in time, in steps since the first value: shape (n, p)."""
        columns = [np.ones(len(steps))[:, None], steps[:, None]]
        if self.season is not None:
            columns.append(season.harmonics(steps, self.season.length))
        return np.column_stack(columns)


def base(series: Series) -> Matrix:
    """Return level and slope, shape (n, 2)."""
    return np.column_stack([np.ones(series.size), series.steps])


def decompose(series: Series, season_length: int = 0) -> Decomposition:
    """Fit trend, season and change points to at least FEWEST values."""
    straight = base(series)
    bent = np.column_stack([straight, change_points.bends(series.size)[0]]) if series.size >= 20 else straight
    found = season.find(series, bent, season_length)
    design = straight if found is None else np.column_stack([straight, season.harmonics(series.steps, found.length)])
    flat = float(np.ptp(series.values)) <= 1e-12 * max(float(np.max(np.abs(series.values))), 1e-300)
    places = [] if flat else change_points.find(design, series.values, np.random.default_rng(SEED))
    full = np.column_stack([design, *(change_points.step(series.size, place) for place in places)])
    return Decomposition(found, tuple(places), fit(full, series.values, series.noise_variance))


def cautions(series: Series) -> list[str]:
    """Say what limits any answer about a series."""
    said = []
    gaps = int(np.sum(np.diff(series.days) > 1.6 * series.step_days))
    if series.size < 12:
        said.append(f"Only {series.size} values: small changes cannot be seen.")
    if gaps:
        said.append(f"{gaps} gap{'s' if gaps > 1 else ''} in the series; values that are missing may matter.")
    if series.noise_variance > 0 and np.sqrt(series.noise_variance) > 0.5 * float(np.std(series.values)):
        said.append("Much of the movement is as large as the privacy noise makes by itself.")
    return said


def analyse(series: Series, season_length: int = 0) -> TrendAnalysis:
    """Say what a series shows.

    Fewer than FEWEST values give an answer that is not conclusive and holds no numbers but the count.
    """
    said = cautions(series)
    if series.size < FEWEST:
        nothing = Interval(0.0, 0.0, 0.0)
        said = [f"{series.size} values are too few for a trend; {FEWEST} are needed."]
        return TrendAnalysis(
            *(series.size, series.step_days, nothing, nothing, nothing, 0.0, float(series.size), Direction.UNDECIDED),
            *(None, (), (), tuple(said), False),
        )
    parts = decompose(series, season_length)
    result = parts.fit
    unit = np.zeros(len(result.coefficients))
    unit[1] = 1.0
    slope = Interval(*result.interval(unit))
    span = float(series.steps[-1])
    outliers = int(np.sum(np.abs(result.residuals) > 5 * _spread(result.residuals)))
    if outliers:
        said.append(
            f"{outliers} value{'s lie' if outliers > 1 else ' lies'} far from all others; compare the robust slope."
        )
    if parts.places:
        said.append("The level changed suddenly; the slope is the one between such changes.")
    if result.correlation > 0.3:
        said.append(
            f"Neighbouring values resemble each other: {series.size} values are worth about "
            f"{max(round(result.worth), 1)} independent ones."
        )
    change = Interval(slope.value * span, slope.lower * span, slope.upper * span)
    direction = _direction(change, float(np.std(result.residuals)))
    return TrendAnalysis(
        points=series.size,
        step_days=series.step_days,
        slope=slope,
        robust_slope=Interval(*theil_sen(series.steps, _straightened(series, parts), result)),
        total_change=change,
        autocorrelation=result.correlation,
        effective_points=result.worth,
        direction=direction,
        seasonality=_seasonality(series, parts),
        change_points=tuple(_change_point(series, parts, index) for index in range(len(parts.places))),
        fitted=tuple(float(value) for value in series.values - result.residuals),
        cautions=tuple(said),
        conclusive=direction is not Direction.UNDECIDED,
    )


def _spread(residuals: Vector) -> float:
    """Standard deviation by the median deviation; never zero."""
    return max(
        1.4826 * float(np.median(np.abs(residuals - np.median(residuals)))), 1e-9 + 0.05 * float(np.std(residuals))
    )


def _direction(change: Interval, spread: float) -> Direction:
    if change.lower > 0:
        return Direction.RISING
    if change.upper < 0:
        return Direction.FALLING
    return Direction.STEADY if max(-change.lower, change.upper) <= STEADY * spread else Direction.UNDECIDED


def _season_columns(parts: Decomposition) -> slice:
    return slice(2, 2 + (parts.season.columns if parts.season else 0))


def _straightened(series: Series, parts: Decomposition) -> Vector:
    """The values without season and steps."""
    straight = parts.fit.coefficients[0] + parts.fit.coefficients[1] * series.steps
    return np.asarray(straight + parts.fit.residuals)


def _seasonality(series: Series, parts: Decomposition) -> Seasonality | None:
    if parts.season is None:
        return None
    length = max(round(parts.season.length), 2)
    weights = parts.fit.coefficients[_season_columns(parts)]
    wave = season.harmonics(series.steps, parts.season.length) @ weights
    profile = season.harmonics(np.arange(length, dtype=np.float64), parts.season.length) @ weights
    strength = 1 - float(np.var(parts.fit.residuals)) / max(float(np.var(parts.fit.residuals + wave)), 1e-300)
    return Seasonality(length, min(max(strength, 0.0), 1.0), parts.season.p_value, tuple(float(one) for one in profile))


def _change_point(series: Series, parts: Decomposition, index: int) -> ChangePoint:
    unit = np.zeros(len(parts.fit.coefficients))
    unit[len(unit) - len(parts.places) + index] = 1.0
    place = parts.places[index]
    return ChangePoint(series.time(place), place, Interval(*parts.fit.interval(unit)))
