"""Names of segments."""

import numpy as np

from aggregation_svc.domain.patterns.naming import distinct, name, standings

EQUAL = np.ones(3)
SURE = np.zeros(3)


def test_what_stands_out_is_relative_to_the_other_segments() -> None:
    calm = standings(np.array([1.0, 2.0, 3.0]), SURE, EQUAL)
    busy = standings(np.array([101.0, 102.0, 103.0]), SURE, EQUAL)
    assert calm == busy == ["low", "medium", "high"]


def test_what_the_noise_may_have_made_does_not_stand_out() -> None:
    assert standings(np.array([1.0, 2.0, 3.0]), np.full(3, 5.0), EQUAL) == ["medium"] * 3


def test_equal_centres_are_all_medium() -> None:
    assert standings(np.full(3, 7.0), SURE, EQUAL) == ["medium"] * 3


def test_small_segments_do_not_move_the_middle() -> None:
    assert standings(np.array([1.0, 1.0, 9.0]), SURE, np.array([500.0, 500.0, 1.0]))[2] == "high"


def test_a_name_tells_what_stands_out() -> None:
    assert name(["minutes", "overall_progress"], ["high", "low"]) == "high minutes, low overall progress"
    assert name(["minutes", "overall_progress"], ["medium", "low"]) == "low overall progress"
    assert name(["minutes"], ["medium"]) == "medium throughout"


def test_equal_names_are_numbered() -> None:
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
