"""What the analysis of a series claims, and what it does not."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mesh.refusal import InvalidArgument
from reporting_svc.domain.analysis import comparison, forecast, trend, words
from reporting_svc.domain.analysis.comparison import Side, Verdict
from reporting_svc.domain.analysis.series import Series, series
from reporting_svc.domain.analysis.trend import Direction

START = datetime(2025, 1, 1, tzinfo=UTC)


def daily(values, margins=None) -> Series:
    return series([START + timedelta(days=day) for day in range(len(values))], list(values), margins)


def noise(size: int, seed: int = 3, memory: float = 0.0) -> np.ndarray:
    shocks = np.random.default_rng(seed).standard_normal(size)
    for day in range(1, size):
        shocks[day] += memory * shocks[day - 1]
    return shocks


def test_a_slope_is_found_with_an_interval_that_holds_it():
    result = trend.analyse(daily(0.02 * np.arange(365) + noise(365)))
    assert result.direction is Direction.RISING
    assert result.slope.lower < 0.02 < result.slope.upper
    assert result.robust_slope.lower < 0.02 < result.robust_slope.upper
    assert result.change_points == ()


def test_pure_noise_has_no_direction():
    assert trend.analyse(daily(noise(200))).direction in {Direction.UNDECIDED, Direction.STEADY}


def test_memory_widens_the_interval():
    free = trend.analyse(daily(noise(300)))
    bound = trend.analyse(daily(noise(300, memory=0.8)))
    assert bound.slope.upper - bound.slope.lower > 2 * (free.slope.upper - free.slope.lower)
    assert bound.effective_points < 100
    assert any("resemble" in caution for caution in bound.cautions)


def test_a_week_is_a_season_and_no_change_point():
    values = 3.0 * (np.arange(364) % 7 >= 5) + 0.01 * np.arange(364) + noise(364)
    result = trend.analyse(daily(values))
    assert result.seasonality is not None
    assert result.seasonality.season_length == 7
    assert result.seasonality.strength > 0.5
    assert result.change_points == ()


def test_a_step_on_a_slope_is_found_where_it_is():
    values = 0.01 * np.arange(300) + 3.0 * (np.arange(300) >= 180) + noise(300)
    (point,) = trend.analyse(daily(values)).change_points
    assert abs(point.index - 180) <= 3
    assert point.shift.lower < 3.0 < point.shift.upper


def test_an_outlier_moves_the_robust_slope_little():
    values = 0.05 * np.arange(60) + noise(60)
    values[58] += 60
    result = trend.analyse(daily(values))
    assert abs(result.robust_slope.value - 0.05) < 0.03
    assert any("far from all others" in caution for caution in result.cautions)


@pytest.mark.parametrize("size", [0, 1, 5])
def test_few_values_say_nothing(size):
    result = trend.analyse(daily(range(size)))
    assert not result.conclusive
    assert result.direction is Direction.UNDECIDED
    assert "too few" in result.cautions[0]


@pytest.mark.parametrize("values", [[4.0] * 50, [0.0] * 8])
def test_a_constant_series_is_steady(values):
    result = trend.analyse(daily(values))
    assert result.change_points == ()
    assert result.slope.value == pytest.approx(0, abs=1e-9)


def test_known_privacy_noise_is_never_taken_for_precision():
    straight = [10.0 + 0.1 * month for month in range(12)]
    exact = trend.analyse(daily(straight))
    noisy = trend.analyse(daily(straight, [2.0] * 12))
    assert noisy.slope.upper - noisy.slope.lower > exact.slope.upper - exact.slope.lower
    assert noisy.direction is Direction.UNDECIDED


def test_times_that_repeat_are_refused_with_their_index():
    with pytest.raises(InvalidArgument) as refused:
        series([START, START], [1.0, 2.0])
    assert refused.value.violations[0].field == "points[1].time"


def test_a_forecast_goes_on_with_trend_and_week():
    days = np.arange(140)
    result = forecast.forecast(daily(0.1 * days + 4 * np.sin(2 * np.pi * days / 7) + noise(140)), 14)
    truth = 0.1 * np.arange(140, 154) + 4 * np.sin(2 * np.pi * np.arange(140, 154) / 7)
    assert np.mean([abs(point.value.value - true) for point, true in zip(result.points, truth, strict=True)]) < 1.0
    assert result.backtest_error < result.naive_error or result.cautions


def test_a_forecast_of_months_lands_on_months():
    months = [datetime(2025, month, 1, tzinfo=UTC) for month in range(1, 13)]
    result = forecast.forecast(series(months, list(np.arange(12.0))), 2)
    assert [point.time.month for point in result.points] == [1, 2]


def test_too_few_values_give_no_forecast():
    result = forecast.forecast(daily([1.0, 2.0, 3.0]), 3)
    assert (result.points, result.conclusive) == ((), False)


def test_a_clear_difference_has_a_verdict_and_an_effect_size():
    result = comparison.compare(Side(12.0, 0.2, 4.0, 400), Side(10.0, 0.2, 4.0, 400), shared=False)
    assert result.verdict is Verdict.HIGHER
    assert result.effect_size.value == pytest.approx(0.5, abs=0.01)
    assert result.relative_change.lower < 0.2 < result.relative_change.upper


def test_a_wide_interval_is_undecided_and_a_narrow_one_similar():
    wide = comparison.compare(Side(10.4, 1.0, 4.0, 16), Side(10.0, 1.0, 4.0, 16), shared=True)
    narrow = comparison.compare(Side(10.01, 0.05, 4.0, 6400), Side(10.0, 0.05, 4.0, 6400), shared=False)
    assert (wide.verdict, narrow.verdict) == (Verdict.UNDECIDED, Verdict.SIMILAR)
    assert any("same players" in caution for caution in wide.cautions)
    assert "no difference" in words.comparison("Engagement", ("here", "there"), wide)


def test_a_baseline_near_zero_has_no_relative_change():
    assert comparison.compare(Side(1.0, 0.5, None, 50), Side(0.1, 0.5, None, 50), shared=False).relative_change is None
