"""Curves over what was measured early, then and late: for few players, taught by scores where outcomes carry them."""

import json

import numpy as np
import pytest
from sklearn.preprocessing import SplineTransformer

from aggregation_svc.domain.prediction.additive import additive_bag, basis
from aggregation_svc.domain.prediction.columns import FEATURES, FOCUSED, STAGED, THINGS, focus_columns
from aggregation_svc.domain.prediction.examples import Known, examples, known
from aggregation_svc.domain.prediction.explanation import feature_words, outlook
from aggregation_svc.domain.prediction.features import NAMES, STAGES, stages
from aggregation_svc.domain.prediction.history import History, Play, Result
from aggregation_svc.domain.prediction.learners import Algorithm, members
from aggregation_svc.domain.prediction.model import trained
from aggregation_svc.domain.prediction.portable import member_log_odds, part_of
from aggregation_svc.domain.prediction.quality import auc

COLUMN = STAGED.start + STAGES.index("score_late")


def patient(number: int, early: float, late: float | None, ended: float, focus: str = "drug") -> History:
    scores = [Result(0.0, score=early, instrument="IMPS79")]
    if late is not None:
        scores.append(Result(20.0, score=late, instrument="IMPS79"))
    category = "positive" if ended <= 3.0 else "needs_attention"
    return History(
        number, 0.0, (Play(0.0, focus),), results=(*scores, Result(42.0, category, score=ended, instrument="IMPS79"))
    )


@pytest.fixture
def patients() -> list[History]:
    """Those in the middle of the scale fare best: no straight line tells that."""
    random = np.random.default_rng(11)
    found = []
    for number in range(300):
        late = None if number % 10 == 0 else float(random.uniform(1, 7))
        ended = 1.5 + abs((late or 4.0) - 4.0) + 0.8 * random.standard_normal()
        found.append(patient(number, float(random.uniform(1, 7)), late, ended, "drug" if number % 2 else "placebo"))
    return found


def rows_of(patients: list[History]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = examples([one for player in patients if (one := known(player, 27.0)) is not None])
    assert table.grades is not None
    return table.rows, table.successes, table.grades


def test_curves_are_the_quadratic_splines_of_the_library() -> None:
    values = np.linspace(2.0, 6.0, 41)[:, None]
    theirs = SplineTransformer(n_knots=4, degree=2, knots=np.linspace(2.0, 6.0, 4)[:, None]).fit_transform(values)
    assert basis(values, np.array([2.0]), np.array([6.0]))[:, 0, :] == pytest.approx(theirs)


def test_a_missed_visit_leaves_its_part_of_the_time_missing() -> None:
    found = dict(zip(STAGES, stages(patient(1, 5.0, None, 2.0), 27.0), strict=True))
    assert found["score_early"] == 5.0
    assert np.isnan([found["score_then"], found["score_late"], found["minutes_late"]]).all()


def test_what_comes_with_the_outcome_is_in_no_column() -> None:
    one, other = (known(patient(1, 5.0, 4.0, ended), 27.0) for ended in (2.0, 6.5))
    assert one is not None
    assert other is not None
    assert one.grade == ("IMPS79", 2.0)
    assert np.array_equal(examples([one]).rows, examples([other]).rows, equal_nan=True)


def test_only_the_scores_of_the_commonest_instrument_teach() -> None:
    def one(number: int, instrument: str) -> Known:
        nothing = np.full(len(NAMES), np.nan)
        return Known(number, 0.0, None, nothing, "good", 50.0, grade=(instrument, 10.0 + number))

    table = examples([one(1, "PHQ-9"), one(2, "GAD-7"), one(3, "PHQ-9")])
    assert table.grades == pytest.approx(np.array([11.0, np.nan, 13.0]), nan_ok=True)


def test_curves_find_what_a_line_cannot(patients: list[History]) -> None:
    rows, successes, grades = rows_of(patients)
    learned, judged = slice(0, 200), slice(200, 300)
    curves = members(rows[learned], successes[learned], Algorithm.ADDITIVE, [1], grades[learned])
    assert auc(member_log_odds(curves, rows[judged])[0], successes[judged]) > 0.8


def test_the_mean_of_the_members_is_the_fit_to_all_players(patients: list[History]) -> None:
    rows, successes, grades = rows_of(patients)
    (whole,) = additive_bag(rows, successes, [1], grades)
    each = np.array([one.log_odds(rows) for one in additive_bag(rows, successes, range(4), grades)])
    assert each.mean(axis=0) == pytest.approx(whole.log_odds(rows))
    assert (each.std(axis=0) > 0).all()


def test_scores_teach_beside_yes_or_no(patients: list[History]) -> None:
    rows, successes, grades = rows_of(patients)
    (taught,), (untaught,) = additive_bag(rows, successes, [1], grades), additive_bag(rows, successes, [1])
    assert not np.allclose(taught.log_odds(rows), untaught.log_odds(rows))
    few = np.where(np.arange(len(grades)) < 49, grades, np.nan)
    (too_few,) = additive_bag(rows, successes, [1], few)
    assert np.array_equal(too_few.log_odds(rows), untaught.log_odds(rows))


def test_curves_come_back_from_storage_and_bear_anything(patients: list[History]) -> None:
    rows, successes, grades = rows_of(patients)
    (one,) = additive_bag(rows, successes, [1], grades)
    back = part_of(json.loads(json.dumps(one.stored())))
    assert np.array_equal(back.log_odds(rows), one.log_odds(rows))
    odd = np.full((2, len(FEATURES)), np.nan)
    odd[:, FOCUSED] = focus_columns([None, "never seen"])
    odd[1, COLUMN] = 1e12
    assert np.isfinite(one.log_odds(odd)).all()


def test_a_focus_has_a_column_and_none_where_it_is_not_known() -> None:
    found = focus_columns(["drug", "placebo", None, "drug"])
    assert found.sum(axis=1).tolist() == [1.0, 1.0, 0.0, 1.0]
    assert np.array_equal(found[0], found[3])
    assert not np.array_equal(found[0], found[1])


def test_reasons_of_curves_are_told_in_words(patients: list[History]) -> None:
    rows, successes, grades = rows_of(patients)
    model = trained(rows, successes, Algorithm.ADDITIVE, seeds=[1, 2, 3], grades=grades)
    said = outlook(model, rows[np.nanargmax(rows[:, COLUMN])])
    assert said.lower < said.probability < said.upper
    assert said.reasons[0].feature == "score_late"
    assert said.reasons[0].description.startswith("Score, in the last half of the time: ")
    assert feature_words("focus") == "Focus"
    assert len({feature_words(name) for name in THINGS}) == len(THINGS)
