"""Level shifts, trends and z-scores."""

import numpy as np
import pytest
from scipy.stats import linregress

from monitoring_svc.domain.detectors import CumulativeSum, Detector, RollingZScore, Trend


def noise(points: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(points) + 100


def first_alarm(detector: Detector, values: np.ndarray) -> int | None:
    for index, value in enumerate(values):
        if detector.score(float(value), 60.0 * index) >= detector.threshold:
            return index
    return None


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("seed", range(5))
def test_cumulative_sums_find_a_lasting_shift_of_one_deviation_either_way(seed: int, sign: int) -> None:
    values = noise(1500, seed)
    values[1000:] += sign
    found = first_alarm(CumulativeSum(), values)
    assert found is not None
    assert 1000 <= found < 1100


def test_cumulative_sums_let_a_single_wild_point_pass() -> None:
    values = noise(1500, 1)
    values[1000] += 1000
    assert first_alarm(CumulativeSum(), values) is None


def test_cumulative_sums_score_a_larger_shift_higher() -> None:
    def worst(size: float) -> float:
        values = noise(1200, 2)
        values[1000:] += size
        detector = CumulativeSum()
        return max(detector.score(float(value), 60.0 * index) for index, value in enumerate(values))

    assert worst(300) > worst(30) > worst(3) > 1


def test_cumulative_sums_fall_silent_at_the_new_level() -> None:
    values = noise(2500, 3)
    values[1000:] += 5
    detector = CumulativeSum()
    scores = [detector.score(float(value), 60.0 * index) for index, value in enumerate(values)]
    assert max(scores[1000:1100]) >= 1
    assert max(scores[1800:]) < 1


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_slope_is_found_either_way(sign: int) -> None:
    values = noise(600, 1)
    values[300:] += sign * 0.05 * np.arange(300)
    found = first_alarm(Trend(), values)
    assert found is not None
    assert found >= 300


def test_the_slope_does_not_depend_on_the_sampling_interval() -> None:
    values = noise(200, 2) + 0.02 * np.arange(200)
    slow, fast = Trend(), Trend()
    for index, value in enumerate(values):
        a, b = slow.score(float(value), 3600.0 * index), fast.score(float(value), 0.5 * index)
        assert a == pytest.approx(b)


def test_a_wandering_series_alarms_ten_times_less_than_by_least_squares() -> None:
    honest = naive = 0
    clock = np.arange(120.0)
    for seed in range(10):
        values = 100 + np.cumsum(np.random.default_rng(seed).standard_normal(1000))
        detector = Trend(window=120)
        for index, value in enumerate(values):
            honest += detector.score(float(value), 60.0 * index) >= detector.threshold
            if index >= 119:
                fit = linregress(clock, values[index - 119 : index + 1])
                naive += abs(fit.slope) / fit.stderr >= detector.threshold
    assert honest * 10 < naive


def test_points_of_one_moment_have_no_slope() -> None:
    detector = Trend(window=30)
    assert {detector.score(float(value), 5.0) for value in noise(60, 1)} == {0.0}


def test_the_z_score_is_the_textbook_one() -> None:
    values = noise(500, 5)
    detector = RollingZScore(window=100)
    for index, value in enumerate(values):
        score = detector.score(float(value), float(index))
        if index >= 100:
            before = values[index - 100 : index]
            assert score == pytest.approx(abs(value - before.mean()) / before.std())


def test_the_z_score_keeps_its_precision_far_from_zero() -> None:
    values = 1e9 + np.random.default_rng(6).standard_normal(5000) * 1e7
    detector = RollingZScore(window=100)
    for index, value in enumerate(values):
        score = detector.score(float(value), float(index))
    before = values[-101:-1]
    assert score == pytest.approx(abs(values[-1] - before.mean()) / before.std(), rel=1e-6)


def test_the_z_score_of_a_step_after_standstill_is_large_but_finite() -> None:
    detector = RollingZScore(window=50)
    for index in range(60):
        detector.score(20.0, float(index))
    assert 10 < detector.score(21.0, 60.0) < 1000
