"""Models as plain numbers answer as the library that trained them, and come back from storage as they were."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from aggregation_svc.adapters.model_codec import packed
from aggregation_svc.domain.prediction import learners
from aggregation_svc.domain.prediction.calibration import Calibration, calibrated, calibration_bins
from aggregation_svc.domain.prediction.learners import Algorithm, members
from aggregation_svc.domain.prediction.model import model_of, trained
from aggregation_svc.domain.prediction.portable import member_log_odds, part_of
from aggregation_svc.usecases.models import unpacked


@pytest.fixture
def table() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    rows = random.standard_normal((300, 6))
    outcomes = rows[:, 0] - rows[:, 2] + random.standard_normal(300) > 0
    rows[random.random((300, 6)) < 0.2] = np.nan
    rows[:, 5] = np.nan
    return rows, outcomes


def test_stored_trees_answer_as_scikit_learn_does(
    table: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, outcomes = table
    monkeypatch.setattr(learners, "ROUNDS", 40)
    (((trees),),) = members(rows, outcomes, Algorithm.BOOSTING, [7])
    drawn = np.random.default_rng(7).integers(0, len(rows), len(rows))
    theirs = HistGradientBoostingClassifier(
        max_iter=40,
        learning_rate=learners.RATE,
        max_depth=learners.DEPTH,
        min_samples_leaf=15,
        max_features=learners.FEATURE_SHARE,
        early_stopping=False,
        random_state=7,
    ).fit(rows[drawn][:, :5], outcomes[drawn])
    assert trees.log_odds(rows) == pytest.approx(theirs.decision_function(rows[:, :5]), abs=1e-9)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_model_comes_back_as_it_was(algorithm: Algorithm, table: tuple[np.ndarray, np.ndarray]) -> None:
    rows, outcomes = table
    model = trained(rows, outcomes, algorithm, seeds=[1, 2], calibration=Calibration(0.1, 0.9, (0.01, 0.0, 0.01)))
    back = unpacked(packed(model.stored()))
    assert np.array_equal(back.intervals(rows), model.intervals(rows))
    lower, middle, upper = model.intervals(rows)
    assert ((lower < middle) & (middle < upper)).all()
    assert model_of(json.loads(json.dumps(model.stored()))).calibration == model.calibration


def test_a_linear_score_fills_what_is_missing_and_bears_odd_values(table: tuple[np.ndarray, np.ndarray]) -> None:
    rows, outcomes = table
    ((linear,),) = members(rows, outcomes, Algorithm.LOGISTIC, [1])
    assert np.isfinite(linear.log_odds(np.full((1, 6), np.nan))).all()
    odd = rows[:1].copy()
    odd[0, 0] = 1e12
    cut = rows[:1].copy()
    cut[0, 0] = 1e6
    assert linear.log_odds(odd) == pytest.approx(linear.log_odds(cut))
    assert np.array_equal(part_of(linear.stored()).log_odds(rows), linear.log_odds(rows))


def test_calibration_finds_the_line_that_distorted_the_log_odds() -> None:
    random = np.random.default_rng(8)
    raw = random.standard_normal(20_000) * 2
    outcomes = random.random(20_000) < 1 / (1 + np.exp(-(0.5 + 0.6 * raw)))
    found = calibrated(raw, outcomes)
    assert (found.intercept, found.slope) == (pytest.approx(0.5, abs=0.08), pytest.approx(0.6, abs=0.05))
    assert found.covariance[0] > 0
    bins = calibration_bins(1 / (1 + np.exp(-found.log_odds(raw))), outcomes)
    assert all(abs(one.predicted - one.observed) < 0.05 for one in bins if one.weight > 0.02)


def test_separated_classes_are_calibrated_without_end() -> None:
    raw = np.array([-3.0, -2.0, 2.0, 3.0])
    assert np.isfinite(calibrated(raw, raw > 0).log_odds(raw)).all()


def test_a_bag_of_several_members_is_their_mean(table: tuple[np.ndarray, np.ndarray]) -> None:
    rows, outcomes = table
    bag = members(rows, outcomes, Algorithm.LOGISTIC, [1, 2])
    each = member_log_odds(bag, rows)
    assert each.shape == (2, 300)
    assert not np.array_equal(each[0], each[1])
