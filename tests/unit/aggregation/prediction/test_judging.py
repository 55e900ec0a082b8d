"""How models are judged: by subject, by time, beside the majority class; and how drift and reasons are told."""

from dataclasses import replace

import numpy as np
import pytest

from aggregation_svc.domain.prediction.drift import Drift, reference, reference_of
from aggregation_svc.domain.prediction.evaluation import Judged, chosen, folds, time_splits
from aggregation_svc.domain.prediction.examples import Examples, Known, examples
from aggregation_svc.domain.prediction.explanation import feature_words, outlook
from aggregation_svc.domain.prediction.features import NAMES
from aggregation_svc.domain.prediction.learners import Algorithm
from aggregation_svc.domain.prediction.model import trained
from aggregation_svc.domain.prediction.peers import ranks
from aggregation_svc.domain.prediction.quality import Metric, accuracy, auc, f1, precision, quality, recall
from aggregation_svc.domain.prediction.trainings import verdict

TRUTH = np.array([True, True, True, False])
GUESS = np.array([0.9, 0.6, 0.2, 0.7])


def players(count: int, *, decided_after: float = 40.0) -> Examples:
    random = np.random.default_rng(6)
    entered = np.arange(count, dtype=float)
    successes = random.random(count) < 0.5
    rows = np.column_stack([successes + random.standard_normal(count), random.standard_normal(count)])
    return Examples(np.arange(count), entered, entered + decided_after, rows, successes)


def test_measures_are_those_of_the_text_books() -> None:
    assert accuracy(GUESS, TRUTH) == 0.5
    assert precision(GUESS, TRUTH) == pytest.approx(2 / 3)
    assert recall(GUESS, TRUTH) == pytest.approx(2 / 3)
    assert f1(GUESS, TRUTH) == pytest.approx(2 / 3)
    assert auc(GUESS, TRUTH) == pytest.approx(1 / 3)
    assert auc(GUESS, np.ones(4, dtype=bool)) == 0.5
    assert precision(np.zeros(4), TRUTH) == 0.0


def test_every_measure_has_an_interval_and_what_guessing_gives() -> None:
    found = {
        one.name: one
        for one in quality("by_subject", GUESS, TRUTH, np.arange(4), np.random.default_rng(1), baseline=GUESS)
    }
    assert all(one.lower <= one.value <= one.upper for one in found.values())
    assert found["accuracy"].majority == 0.75
    assert found["margin"].value == -0.25
    assert found["auc"].baseline == found["auc"].value


def test_the_ranking_is_judged_before_calibration_by_folds() -> None:
    ranked = quality("by_subject", GUESS, TRUTH, np.arange(4), _random(), ranking=np.array([3.0, 2.0, 1.0, 0.0]))
    found = {one.name: one.value for one in ranked}
    assert found["auc"] == 1.0
    assert found["accuracy"] == accuracy(GUESS, TRUTH)


def test_rows_of_one_subject_are_drawn_together() -> None:
    twins = quality("by_subject", np.tile(GUESS, 50), np.tile(TRUTH, 50), np.tile(np.arange(4), 50), _random())
    single = quality("by_subject", np.tile(GUESS, 50), np.tile(TRUTH, 50), np.arange(200), _random())
    width = [one.upper - one.lower for metrics in (twins, single) for one in metrics if one.name == "accuracy"]
    assert width[0] > 3 * width[1]


def _random() -> np.random.Generator:
    return np.random.default_rng(2)


def test_no_subject_is_on_both_sides_of_a_fold() -> None:
    subjects = np.array([1, 2, 3, 4, 5] * 4)
    found = folds(subjects, np.arange(20) % 2 == 0, 5, _random())
    assert all(len(set(found[subjects == one])) == 1 for one in range(1, 6))
    assert set(found) == set(range(5))


def test_every_fold_has_its_share_of_those_who_succeed() -> None:
    successes = np.arange(100) < 30
    found = folds(np.arange(100), successes, 5, _random())
    assert [successes[found == one].sum() for one in range(5)] == [6] * 5


def test_who_is_learned_from_was_decided_before_the_first_later_cut_off() -> None:
    whole = players(800)
    splits = time_splits(whole, day=14.0)
    assert len(splits) == 2
    for split in splits:
        first_later = whole.entered[split.later].min()
        assert whole.entered[split.earlier].max() < first_later
        assert whole.decided[split.earlier].max() <= first_later + 14.0


def test_players_who_all_came_at_once_cannot_be_judged_by_time() -> None:
    assert time_splits(replace(players(400), entered=np.zeros(400)), day=14.0) == ()


def test_the_baseline_stays_where_nothing_beats_it() -> None:
    worse = np.full(4, 0.5)
    judged = Judged(np.array([np.where(TRUTH, 0.8, 0.2), worse, worse, worse]), TRUTH, np.arange(4))
    assert chosen((judged,)) is Algorithm.LOGISTIC


def metric(name: str, evaluation: str, value: float, lower: float) -> Metric:
    return Metric(name, evaluation, value, lower, value + 0.1, 0.5, 0.2)


@pytest.mark.parametrize(
    ("by_subject", "lower", "by_time", "passes"),
    [(0.1, 0.05, 0.1, True), (0.1, 0.05, 0.01, False), (0.1, -0.01, 0.1, False), (0.01, 0.005, 0.1, False)],
)
def test_a_model_must_beat_the_majority_in_every_evaluation(
    by_subject: float, lower: float, by_time: float, passes: bool
) -> None:
    metrics = (
        metric("margin", "by_subject", by_subject, lower),
        metric("margin", "by_time", by_time, 0.0),
        metric("brier", "by_subject", 0.15, 0.1),
    )
    said = verdict(metrics, Algorithm.BOOSTING)
    assert said[0] is passes
    assert ("Not used" in said[1]) is not passes


def test_a_rank_looks_only_at_peers_who_came_before() -> None:
    values = np.arange(60, dtype=float)[:, None]
    entered = np.repeat([0.0, 20.0, 100.0], 20)
    found = ranks(values, entered, ["sleep"] * 60)[:, 0]
    later = values.copy()
    later[40:] = -1e9
    assert np.array_equal(found[:40], ranks(later, entered, ["sleep"] * 60)[:40, 0])
    assert found[0] == pytest.approx(0.5 / 20)
    assert found[20] == pytest.approx(20.5 / 40)
    assert found[40] == pytest.approx(0.5 / 20)


def test_too_few_peers_give_no_rank() -> None:
    assert np.isnan(ranks(np.ones((19, 1)), np.zeros(19), [None] * 19)).all()
    assert np.isnan(ranks(np.ones((40, 1)), np.zeros(40), ["a", "b", "c", "d"] * 10)).all()


def test_drift_is_nothing_among_the_same_and_far_among_others() -> None:
    random = np.random.default_rng(9)
    then = random.standard_normal((2000, 2))
    then[:200, 1] = np.nan
    histograms = reference_of(reference(then).stored())
    same = random.standard_normal((500, 2))
    same[:50, 1] = np.nan
    assert histograms.stability(same).max() < 0.02
    moved = same + np.array([1.5, 0.0])
    assert histograms.stability(moved)[0] > 0.25
    assert histograms.stability(np.full((200, 2), np.nan)).min() > 0.25


@pytest.mark.parametrize(
    ("drift", "said"),
    [
        (Drift(0.05, (("score_last", 0.1),), 0.15, 0.15, 0), "still fits"),
        (Drift(0.4, (), None, 0.15, 0), "Scores have moved"),
        (Drift(0.0, (("score_last", 0.9),), None, 0.15, 0), "score_last has moved"),
        (Drift(0.0, (), 0.3, 0.15, 0), "recent error"),
    ],
)
def test_the_verdict_on_drift_says_what_moved(drift: Drift, said: str) -> None:
    assert said in drift.verdict


def test_reasons_name_what_is_not_typical_of_the_player() -> None:
    random = np.random.default_rng(10)
    count, column = 400, NAMES.index("engagement_mean")
    features = np.full((count, len(NAMES)), np.nan)
    features[:, column] = random.standard_normal(count)
    features[:, 0] = random.standard_normal(count)
    outcomes = features[:, column] > 0
    known = [
        Known(index, 0.0, "sleep", row, "good" if good else "moderate", 50.0)
        for index, (row, good) in enumerate(zip(features, outcomes, strict=True))
    ]
    table = examples(known)
    assert np.array_equal(table.successes, outcomes)
    model = trained(table.rows, table.successes, Algorithm.LOGISTIC, seeds=[1, 2, 3])
    low = table.rows[np.argmin(features[:, column])]
    said = outlook(model, low)
    assert said.lower < said.probability < said.upper < 0.5
    assert said.reasons[0].feature == "engagement_mean"
    assert said.reasons[0].contribution < 0
    assert said.reasons[0].description.startswith("Engagement, on average: ")
    assert said.reasons[0].description.endswith("this lowers the chance.")


def test_every_feature_has_a_name_for_people() -> None:
    assert len({feature_words(name) for name in NAMES}) == len(NAMES)
