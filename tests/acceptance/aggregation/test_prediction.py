"""Outcomes of real courses from what was known at a cut-off, in a later presentation than those learned from."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from aggregation_svc.domain.prediction.features import vector
from aggregation_svc.domain.prediction.history import SUCCESSES, History
from aggregation_svc.domain.prediction.model import calibration_error, trained
from benchmarks.outcomes.oulad import FOLDER, histories

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the courses are not at {FOLDER}")


def table(players: list[History], day: float) -> tuple[np.ndarray, np.ndarray]:
    """Features and outcomes of the players who were still on their way at `day`."""
    open_ended = [one for one in players if not one.decided_by(day) and one.outcome_after(day)]
    rows = np.array([vector(one, day) for one in open_ended])
    return rows, np.array([one.outcome_after(day) in SUCCESSES for one in open_ended])


def test_outcomes_at_day_120() -> None:
    rows, outcomes = table(histories(("2013B", "2013J")), 120.0)
    later, truth = table(histories(("2014B",)), 120.0)
    guess = trained(rows, outcomes.tolist()).probabilities(later)
    majority = max(truth.mean(), 1 - truth.mean())
    accuracy = ((guess >= 0.5) == truth).mean()
    print(f"accuracy {accuracy:.3f} (majority {majority:.3f}), AUC {roc_auc_score(truth, guess):.3f}")
    assert accuracy >= 0.80
    assert roc_auc_score(truth, guess) >= 0.88
    assert calibration_error(guess, truth) <= 0.04
