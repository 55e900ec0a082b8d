"""Outcomes of real courses from what was known at a cut-off, in a later presentation than those learned from."""

import numpy as np
import pytest

from aggregation_svc.domain.prediction.calibration import calibration_error
from aggregation_svc.domain.prediction.examples import Examples, examples, known
from aggregation_svc.domain.prediction.history import History, Play, Result, Standing
from aggregation_svc.domain.prediction.model import model_of
from aggregation_svc.domain.prediction.quality import accuracy, auc, margin
from aggregation_svc.usecases.learn_model import LearnModel
from benchmarks.outcomes import nimh
from benchmarks.outcomes.oulad import FOLDER, histories
from mesh.workers import NumericPool

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the courses are not at {FOLDER}")

DAYS = (90.0, 120.0)


@pytest.fixture(scope="module")
def earlier() -> list[History]:
    return histories(("2013B", "2013J"))


@pytest.fixture(scope="module")
def later() -> list[History]:
    return histories(("2014B",))


def table(players: list[History], day: float) -> Examples:
    return examples([one for player in players if (one := known(player, day)) is not None])


@pytest.mark.parametrize(
    ("day", "least_accuracy", "least_auc", "most_error"), [(120.0, 0.80, 0.88, 0.04), (90.0, 0.79, 0.855, 0.04)]
)
async def test_outcomes_of_a_later_presentation(
    earlier: list[History],
    later: list[History],
    day: float,
    least_accuracy: float,
    least_auc: float,
    most_error: float,
) -> None:
    async def tell(progress: float, message: str) -> None:
        print(f"{progress:.2f} {message}")

    pool = NumericPool(1)
    try:
        learned = await LearnModel(pool)(table(earlier, day).judged, day, tell)
    finally:
        pool.close()
    for metric in learned.metrics:
        print(f"{metric.evaluation} {metric.name} {metric.value:.3f} ({metric.lower:.3f} to {metric.upper:.3f})")
    judged = table(later, day).judged
    guess, truth = model_of(learned.content).probabilities(judged.rows), judged.successes
    print(
        f"day {day:.0f}: {learned.algorithm}, accuracy {accuracy(guess, truth):.4f} "
        f"(margin over the majority class {margin(guess, truth):.4f}), AUC {auc(guess, truth):.4f}, "
        f"calibration error {calibration_error(guess, truth):.4f}"
    )
    assert learned.passes
    assert accuracy(guess, truth) >= least_accuracy
    assert auc(guess, truth) >= least_auc
    assert calibration_error(guess, truth) <= most_error


@pytest.mark.skipif(not nimh.FILE.is_file(), reason=f"the trial is not at {nimh.FILE}")
async def test_patients_of_a_trial_from_three_visits() -> None:
    async def tell(progress: float, message: str) -> None:
        print(f"{progress:.2f} {message}")

    pool = NumericPool(1)
    try:
        learned = await LearnModel(pool)(table(nimh.histories(), nimh.CUT_OFF).judged, nimh.CUT_OFF, tell)
    finally:
        pool.close()
    found = {metric.name: metric.value for metric in learned.metrics}
    print(f"{learned.algorithm}: AUC {found['auc']:.4f}, margin over the majority class {found['margin']:.4f}")
    assert found["auc"] >= 0.84


@pytest.mark.parametrize("day", DAYS)
def test_shuffling_the_future_changes_no_feature(later: list[History], day: float) -> None:
    random = np.random.default_rng(5)
    some = [player for player in later if not player.decided_by(day)][:600]
    mixed = list(random.permutation(len(some)))
    shuffled = [_with_future_of(player, some[other], day) for player, other in zip(some, mixed, strict=True)]
    assert any(one.plays != other.plays for one, other in zip(some, shuffled, strict=True))
    assert np.array_equal(table(some, day).rows, table(shuffled, day).rows, equal_nan=True)


def _with_future_of(player: History, other: History, day: float) -> History:
    past = player.until(day)
    plays: tuple[Play, ...] = tuple(one for one in other.plays if one.day > day)
    standings: tuple[Standing, ...] = tuple(one for one in other.standings if one.day > day)
    results: tuple[Result, ...] = tuple(one for one in other.results if one.day > day)
    return History(
        player.subject,
        player.entered,
        past.plays + plays,
        past.standings + standings,
        past.results + results,
    )
