"""Features know no future, missing visits stay missing, and one-class outcomes are refused."""

import numpy as np
import pytest

from aggregation_svc.domain.prediction.calibration import calibration_error
from aggregation_svc.domain.prediction.features import NAMES, focus, vector
from aggregation_svc.domain.prediction.history import History, Play, Result, Standing
from aggregation_svc.domain.prediction.model import trained
from mesh.refusal import FailedPrecondition

HISTORY = History(
    subject=7,
    entered=20_000.0,
    plays=tuple(Play(float(day), "sleep", 30.0 + day, engagement=day / 100) for day in range(0, 60, 5)),
    standings=(Standing(10.0, 0.2), Standing(40.0, 0.5)),
    results=(Result(20.0, score=5.0), Result(90.0, "good")),
)


def feature(history: History, name: str, day: float = 30.0) -> float:
    return float(vector(history, day)[NAMES.index(name)])


def test_shuffling_the_future_changes_no_feature() -> None:
    random = np.random.default_rng(1)
    past = tuple(play for play in HISTORY.plays if play.day <= 30)
    values = random.permutation([100.0, -5.0, 3.0])
    future = tuple(Play(31.0 + day, "anger", float(value)) for day, value in enumerate(values))
    other = History(7, 20_000.0, past + future, (Standing(10.0, 0.2), Standing(31.0, 0.99)), (Result(20.0, score=5.0),))
    assert np.array_equal(vector(HISTORY, 30.0), vector(other, 30.0), equal_nan=True)
    assert focus(HISTORY, 30.0) == focus(other, 30.0) == "sleep"


def test_what_was_never_measured_is_missing_and_not_zero() -> None:
    assert np.isnan(feature(HISTORY, "sentiment_mean"))
    assert np.isnan(feature(History(1, 0.0), "sessions_days_since_last"))
    assert feature(History(1, 0.0), "sessions_count") == 0


def test_features_tell_level_direction_and_rhythm() -> None:
    assert feature(HISTORY, "sessions_count") == 7
    assert feature(HISTORY, "minutes_slope") == pytest.approx(30.0)
    assert feature(HISTORY, "overall_progress_last") == 0.2
    assert feature(HISTORY, "score_last") == 5.0
    assert feature(HISTORY, "sessions_gap_mean_days") == 5.0


def test_an_outcome_counts_only_after_the_cut_off() -> None:
    assert HISTORY.outcome_after(30.0) == "good"
    assert not HISTORY.decided_by(30.0)
    assert HISTORY.decided_by(90.0)


def test_outcomes_of_one_kind_are_refused_in_words() -> None:
    with pytest.raises(FailedPrecondition, match="both kinds"):
        trained(np.ones((20, 3)), np.ones(20, dtype=bool))


def test_a_model_learns_what_there_is_to_learn_and_bears_missing_values() -> None:
    random = np.random.default_rng(2)
    rows = random.standard_normal((800, 4))
    outcomes = rows[:, 1] + 0.3 * random.standard_normal(800) > 0
    rows[random.random((800, 4)) < 0.1] = np.nan
    model = trained(rows[:600], outcomes[:600])
    guess = model.probabilities(rows[600:])
    assert ((guess > 0.5) == outcomes[600:]).mean() > 0.85


def test_calibration_error_is_the_mean_gap() -> None:
    assert calibration_error(np.array([0.25, 0.25]), np.array([True, False])) == pytest.approx(0.25)
