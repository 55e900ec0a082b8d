"""The benchmark's scorer, on cases that a person can check."""

import math

import numpy as np
import pytest

from benchmarks.nab.scoring import (
    LOW_FALSE_NEGATIVES,
    LOW_FALSE_POSITIVES,
    STANDARD,
    Scored,
    best_threshold,
    earned,
    false_alarms,
    probation,
    score_at,
)

WINDOWS = ((400, 499), (800, 899))


def detecting(*indexes: int, points: int = 1000, windows: tuple[tuple[int, int], ...] = WINDOWS) -> list[Scored]:
    scores = np.zeros(points)
    scores[list(indexes)] = 1.0
    return [Scored(scores, windows)]


def test_silence_scores_nothing() -> None:
    assert score_at(detecting(), 0.5, STANDARD) == 0


def test_the_first_point_of_every_window_and_nothing_else_is_perfect() -> None:
    assert score_at(detecting(400, 800), 0.5, STANDARD) == pytest.approx(100)


def test_one_window_of_two_is_half() -> None:
    assert score_at(detecting(400), 0.5, STANDARD) == pytest.approx(50)


def test_the_end_of_a_window_earns_almost_nothing_above_a_miss() -> None:
    last = earned(-1 / 100) / earned(-1)
    assert score_at(detecting(499), 0.5, STANDARD) == pytest.approx(100 * (last + 1) / 4)


def test_the_middle_of_a_window_earns_by_the_sigmoid() -> None:
    position = -(499 - 450 + 1) / 100
    value = (2 / (1 + math.exp(5 * position)) - 1) / (2 / (1 + math.exp(-5)) - 1)
    assert score_at(detecting(450), 0.5, STANDARD) == pytest.approx(100 * (value + 1) / 4)


def test_a_window_counts_once_by_its_best_detection() -> None:
    assert score_at(detecting(400, 401, 450, 499, 800), 0.5, STANDARD) == pytest.approx(100)


def test_a_false_alarm_before_any_window_costs_its_full_weight() -> None:
    assert score_at(detecting(300), 0.5, STANDARD) == pytest.approx(100 * -0.11 / 4)
    assert score_at(detecting(300), 0.5, LOW_FALSE_POSITIVES) == pytest.approx(100 * -0.22 / 4)


def test_a_false_alarm_just_past_a_window_costs_less_than_one_far_past_it() -> None:
    near = score_at(detecting(501), 0.5, STANDARD)
    far = score_at(detecting(799), 0.5, STANDARD)
    assert far < near < 0
    assert near == pytest.approx(100 * 0.11 * earned(2 / 99) / 4)


def test_far_past_means_more_than_three_widths() -> None:
    assert earned(3.01) == -1.0
    assert earned(3.0) > -1.0


def test_missing_costs_twice_where_misses_weigh_twice() -> None:
    assert score_at(detecting(400), 0.5, LOW_FALSE_NEGATIVES) == pytest.approx(100 * (1 + 2) / (2 + 4))


def test_probation_is_fifteen_per_cent_of_at_most_five_thousand_points() -> None:
    assert probation(1000) == 150
    assert probation(20_000) == 750


def test_what_happens_on_probation_counts_for_nothing() -> None:
    assert score_at(detecting(0, 149), 0.5, STANDARD) == 0
    assert score_at(detecting(150), 0.5, STANDARD) < 0
    assert false_alarms(detecting(0, 149, 150), 0.5) == 1


def test_the_best_threshold_leaves_weaker_false_alarms_out() -> None:
    scores = np.zeros(1000)
    scores[[300, 301, 302]] = 0.4
    scores[400] = 0.5
    scores[800] = 0.9
    threshold, score = best_threshold([Scored(scores, WINDOWS)], STANDARD)
    assert threshold == 0.5
    assert score == pytest.approx(100)


def test_windows_of_different_files_are_different_windows() -> None:
    both = detecting(400, windows=((400, 499),)) + detecting(windows=((400, 499),))
    assert score_at(both, 0.5, STANDARD) == pytest.approx(50)


def test_false_alarms_are_counted_outside_windows_only() -> None:
    assert false_alarms(detecting(300, 450, 600, 850), 0.5) == 2
