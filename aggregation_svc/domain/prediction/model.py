"""The model of an outcome: shallow gradient boosting over features that may be missing, averaged over seeds.

Shallow trees generalise from one group of players to the next, where deep ones learn the calendar of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from mesh.refusal import FailedPrecondition

SEEDS = 3
ROUNDS, RATE, DEPTH, LEAST_LEAF, FEATURE_SHARE = 300, 0.03, 2, 50, 0.3
BINS = 10
"""Bins of the predicted probability in which calibration is judged."""


@dataclass(frozen=True, slots=True)
class OutcomeModel:
    """A trained model."""

    columns: NDArray[np.int64]
    """The features that were known of anybody, as positions in `features.NAMES`."""
    members: tuple[HistGradientBoostingClassifier, ...]

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of success for each row of features, (rows,)."""
        known = rows[:, self.columns]
        each = [member.predict_proba(known)[:, 1] for member in self.members]
        mean: NDArray[np.float64] = np.mean(each, axis=0)
        return mean


def trained(rows: NDArray[np.float64], successes: Sequence[bool]) -> OutcomeModel:
    """Train on features (rows, features), NaN where missing, and whether each row's outcome was a success.

    Raises:
        FailedPrecondition: all outcomes are of one kind, or nothing is known of anybody.
    """
    outcomes = np.asarray(successes, dtype=bool)
    columns = np.flatnonzero((~np.isnan(rows)).any(axis=0))
    if not len(columns) or outcomes.all() or not outcomes.any():
        raise FailedPrecondition(
            "outcomes_of_one_kind",
            "There is nothing to tell apart: record outcomes of both kinds, and facts from before them.",
        )
    members = tuple(
        HistGradientBoostingClassifier(
            max_iter=ROUNDS,
            learning_rate=RATE,
            max_depth=DEPTH,
            min_samples_leaf=LEAST_LEAF,
            max_features=FEATURE_SHARE,
            random_state=seed,
        ).fit(rows[:, columns], outcomes)
        for seed in range(SEEDS)
    )
    return OutcomeModel(columns, members)


def calibration_error(probabilities: NDArray[np.float64], successes: NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini et al. 2015): mean gap of predicted and observed share, weighted by bin."""
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    gaps = [
        abs(float(successes[bins == one].mean() - probabilities[bins == one].mean())) * float((bins == one).mean())
        for one in np.unique(bins)
    ]
    return float(sum(gaps))
