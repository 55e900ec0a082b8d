"""What a series will do if it goes on as it did.

Trend (only where one is seen), season and last level of the decomposition go on; where the series bends, its newest
stretch does. Errors fade with their autocorrelation. The prediction interval adds the spread of new errors, what
earlier errors still carry, and the uncertainty of the coefficients.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy import special

from reporting_svc.domain.analysis import change_points, season, trend
from reporting_svc.domain.analysis.autoregression import Fit, fit
from reporting_svc.domain.analysis.series import Matrix, Series, Vector
from reporting_svc.domain.analysis.trend import Interval

FEWEST = 8
"""Fewer values carry no forecast."""

STRAIGHT = 45
"""The newest stretch of a series that bends has at least so many values, and an eighth of the series."""

METHOD = "regression on trend and season with autoregressive errors"


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """One value ahead."""

    time: datetime
    value: Interval


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """Values ahead, with what was tried on the past; see `analysis.proto`."""

    points: tuple[ForecastPoint, ...]
    method: str
    backtest_error: float | None
    naive_error: float | None
    cautions: tuple[str, ...]
    conclusive: bool


def forecast(series: Series, horizon: int, season_length: int = 0) -> SeriesForecast:
    """Forecast `horizon` values, 1 to 365, with 95 % prediction intervals; none where fewer than FEWEST are known."""
    if series.size < FEWEST:
        reason = f"{series.size} values are too few for a forecast; {FEWEST} are needed."
        return SeriesForecast((), METHOD, None, None, (reason,), False)
    said = trend.cautions(series)
    parts = trend.decompose(series, season_length)
    start = parts.places[-1] if parts.places and series.size - parts.places[-1] >= max(FEWEST, 20) else 0
    if start:
        said.append("The level changed suddenly before; the forecast goes on from the newest level.")
    kept = _straight(series.tail(start), parts.season)
    if bends := kept.size < series.size - start:
        said.append(f"The series bends; the forecast goes on from its last {kept.size} values.")
    found = _seen(kept, parts.season)
    change = _change(parts)
    trending = bends or change.lower > 0 or change.upper < 0
    if not trending:
        said.append("No trend can be told; the forecast stays at the level and its season.")
    design = _design(kept.steps, trending, found)
    result = fit(design, kept.values, kept.noise_variance)
    ahead = kept.steps[-1] + np.arange(1, horizon + 1)
    values, deviations = _ahead(result, _design(ahead, trending, found), kept.values)
    half = special.stdtrit(max(result.degrees, 3.0), 0.975) * deviations
    if horizon > series.size / 3:
        said.append("The forecast reaches far beyond what was seen; its end is a guess.")
    own, naive = _backtest(design, kept.values, result.correlation, round(found.length) if found else 1)
    if own is not None and naive is not None and own > naive:
        said.append("On the past, repeating the last value would have done as well.")
    points = tuple(
        ForecastPoint(
            series.time(series.size + index), Interval(float(value), float(value - reach), float(value + reach))
        )
        for index, (value, reach) in enumerate(zip(values, half, strict=True))
    )
    return SeriesForecast(points, METHOD, own, naive, tuple(said), True)


def _seen(series: Series, found: season.Season | None) -> season.Season | None:
    """Return the season where the series is long enough to tell it."""
    return found if found is not None and series.size >= season.SEASONS_NEEDED * found.length else None


def _straight(series: Series, found: season.Season | None) -> Series:
    """Return the series, or its newest stretch where it bends: a short one is nearly straight."""
    newest = max(STRAIGHT, series.size // 8)
    if series.size < 2 * newest or not change_points.bent(
        _design(series.steps, True, _seen(series, found)), series.values
    ):
        return series
    return series.tail(series.size - newest)


def _change(parts: trend.Decomposition) -> Interval:
    unit = np.zeros(len(parts.fit.coefficients))
    unit[1] = 1.0
    return Interval(*parts.fit.interval(unit))


def _design(steps: Vector, trending: bool, found: season.Season | None) -> Matrix:
    columns = [np.ones(len(steps))[:, None]]
    if trending:
        columns.append(steps[:, None])
    if found is not None:
        columns.append(season.harmonics(steps, found.length))
    return np.column_stack(columns)


def _ahead(result: Fit, design: Matrix, values: Vector) -> tuple[Vector, Vector]:
    """Return expected values and standard deviations of what comes, each of shape (horizon,)."""
    reach = np.arange(1, len(design) + 1)
    memory = max(result.correlation, 0.0)
    fades = memory**reach
    centre = design @ result.coefficients + fades * result.residuals[-1]
    innovation = float(result.innovations @ result.innovations) / max(len(values) - len(result.coefficients), 1)
    carried = innovation * (1 - memory ** (2 * reach)) / max(1 - memory**2, 1e-3)
    uncertain = np.einsum("ij,jk,ik->i", design, result.covariance, design)
    return centre, np.sqrt(carried + uncertain)


def _backtest(design: Matrix, values: Vector, correlation: float, length: int) -> tuple[float | None, float | None]:
    """Mean absolute errors one step ahead over the last fifth: the method's, and repeating the last value or season."""
    size, count = design.shape
    tries = range(max(size - max(size // 5, 3), count + 4, length), size)
    if len(tries) < 3:
        return None, None
    own, naive = [], []
    for end in tries:
        coefficients = np.linalg.lstsq(design[:end], values[:end], rcond=None)[0]
        last = values[end - 1] - design[end - 1] @ coefficients
        own.append(abs(values[end] - design[end] @ coefficients - max(correlation, 0.0) * last))
        naive.append(abs(values[end] - values[end - length]))
    return float(np.mean(own)), float(np.mean(naive))
