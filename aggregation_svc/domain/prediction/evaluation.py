"""How a model is judged before it is used: on players it has not seen, and on players who came later.

Every step is one function over plain arrays, so that each can run in a worker and a training can be stopped in between.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from aggregation_svc.domain.prediction.calibration import calibrated
from aggregation_svc.domain.prediction.columns import THINGS
from aggregation_svc.domain.prediction.examples import Examples
from aggregation_svc.domain.prediction.learners import Algorithm, members
from aggregation_svc.domain.prediction.portable import member_log_odds
from aggregation_svc.domain.prediction.quality import Metric, auc, log_loss, quality

FOLDS = 5
"""Of players, for the evaluation by subject."""
REPEATS = 5
FEW = 1_000
"""Players below which the evaluation by subject is repeated on other folds, the log-odds averaged, and curves tried."""
INNER_FOLDS = 3
"""Of earlier players, for the calibration of a model that is judged on later ones."""
TIME_SPLITS = (0.5, 0.75)
"""Shares of players by entry after which the next part is judged on all before."""
JUDGING_SEEDS = (101, 102)
"""Members of a model that is only judged."""
LEAST = 100
"""Players with an outcome that a training needs."""
LEAST_OF_A_KIND = 20
"""Successes, and failures, that it needs."""
SAMPLE = 1_000
"""Players on whom the importance of features is measured."""


def folds(
    subjects: NDArray[np.int64], successes: NDArray[np.bool_], count: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return the fold of each row, 0 to count - 1; all rows of a subject are in one.

    Each fold has its share of those who succeed: with few players, folds that happen to differ in it would be judged by
    models that start from the opposite difference.
    """
    each, which = np.unique(subjects, return_inverse=True)
    succeeds = np.bincount(which, weights=successes) > np.bincount(which) / 2.0
    mixed = random.permutation(len(each))
    dealt = mixed[np.argsort(succeeds[mixed], kind="stable")]
    fold = np.empty(len(each), dtype=np.int64)
    fold[dealt] = np.arange(len(each)) % count
    return fold[which]


def repeats(players: int) -> int:
    """Return how many times players are dealt into folds: one deal of few says as much of the deal as of the model."""
    return REPEATS if players < FEW else 1


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """Earlier players and later ones, as masks."""

    earlier: NDArray[np.bool_]
    later: NDArray[np.bool_]


def time_splits(players: Examples, day: float) -> tuple[TimeSplit, ...]:
    """Return forward splits by entry: what is learned from was decided before the first later player's cut-off came.

    Splits with fewer than `LEAST` players on either side, or of one kind, are left out; there may be none.
    """
    bounds = [float(np.quantile(players.entered, share, method="higher")) for share in TIME_SPLITS]
    found = []
    for start, end in zip(bounds, [*bounds[1:], np.inf], strict=True):
        later = (players.entered >= start) & (players.entered < end)
        earlier = (players.entered < start) & (players.decided <= start + day)
        both = [players.successes[side] for side in (earlier, later)]
        if all(len(side) >= LEAST and LEAST_OF_A_KIND <= side.sum() <= len(side) - LEAST_OF_A_KIND for side in both):
            found.append(TimeSplit(earlier, later))
    return tuple(found)


CANDIDATES = (Algorithm.LOGISTIC, Algorithm.BOOSTING, Algorithm.AVERAGE, Algorithm.ADDITIVE)
"""What may be taken."""


def candidates(players: int) -> tuple[Algorithm, ...]:
    """Return what may be taken where so many players are learned from: curves are for few, trees can learn more."""
    return CANDIDATES if players < FEW else CANDIDATES[:3]


def held_out(
    players: Examples,
    learned: NDArray[np.bool_],
    judged: NDArray[np.bool_],
    tried: tuple[Algorithm, ...] = CANDIDATES,
) -> NDArray[np.float64]:
    """Return raw log-odds of the judged players by each candidate trained on the learned ones, (tried, judged)."""
    some = players.chosen(learned)

    def odds(one: Algorithm) -> NDArray[np.float64]:
        # The mean of all members of curves is the single fit.
        seeds = JUDGING_SEEDS[:1] if one is Algorithm.ADDITIVE else JUDGING_SEEDS
        made = members(some.rows, some.successes, one, seeds, some.grades)
        found: NDArray[np.float64] = member_log_odds(made, players.rows[judged]).mean(axis=0)
        return found

    single: dict[Algorithm, NDArray[np.float64]] = {one: odds(one) for one in tried if one is not Algorithm.AVERAGE}
    return np.array([np.mean([single[part] for part in one.parts], axis=0) for one in tried])


def cross_calibrated(
    raw: NDArray[np.float64], successes: NDArray[np.bool_], fold: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return probabilities from out-of-fold log-odds, each fold calibrated on the others."""
    found = np.empty(len(raw))
    for one in np.unique(fold):
        held = fold == one
        found[held] = expit(calibrated(raw[~held], successes[~held]).log_odds(raw[held]))
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities of players who were not learned from, (candidates, players), and how it ended."""

    probabilities: NDArray[np.float64]
    successes: NDArray[np.bool_]
    subjects: NDArray[np.int64]
    log_odds: NDArray[np.float64] | None = None
    """Before calibration, where that was done by folds."""


def chosen(evaluations: tuple[Judged, ...]) -> Algorithm:
    """Return the candidate with the least log-loss, the mean over the evaluations; the baseline where none beats it.

    Evaluations between groups, in both directions, count beside those within: the next group will be another one.
    """
    losses = [
        float(np.mean([log_loss(judged.probabilities[index], judged.successes) for judged in evaluations]))
        for index in range(len(evaluations[0].probabilities))
    ]
    return CANDIDATES[int(np.argmin(losses))]


def measured(evaluation: str, judged: Judged, algorithm: Algorithm) -> tuple[Metric, ...]:
    """Return the measures of the chosen candidate, beside the majority class and the baseline."""
    own = CANDIDATES.index(algorithm)
    return quality(
        evaluation,
        judged.probabilities[own],
        judged.successes,
        judged.subjects,
        np.random.default_rng(1),
        baseline=judged.probabilities[0],
        ranking=None if judged.log_odds is None else judged.log_odds[own],
        baseline_ranking=None if judged.log_odds is None else judged.log_odds[0],
    )


def importance(
    players: Examples, learned: NDArray[np.bool_], judged: NDArray[np.bool_], algorithm: Algorithm
) -> tuple[tuple[str, float], ...]:
    """Return by how much the AUC falls on players not learned from when one thing known of them is shuffled.

    The most important first (Breiman 2001: permutation importance).
    """
    random = np.random.default_rng(2)
    teachers = players.chosen(learned)
    made = members(teachers.rows, teachers.successes, algorithm, JUDGING_SEEDS, teachers.grades)
    some = np.flatnonzero(judged)
    some = random.permutation(some)[:SAMPLE]
    rows, outcomes = players.rows[some], players.successes[some]
    whole = auc(member_log_odds(made, rows).mean(axis=0), outcomes)
    found = []
    for name, columns in THINGS.items():
        if columns[-1] >= rows.shape[1]:
            continue
        shuffled = rows.copy()
        shuffled[:, columns] = rows[random.permutation(len(rows))][:, columns]
        found.append((name, whole - auc(member_log_odds(made, shuffled).mean(axis=0), outcomes)))
    return tuple(sorted(found, key=lambda one: -one[1]))
