"""The ways of learning: regularised logistic regression, the baseline, shallow gradient boosting, additive curves.

Shallow trees generalise from one group of players to the next, where deep ones learn the calendar of the first.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.additive import additive_bag
from aggregation_svc.domain.prediction.columns import BROAD
from aggregation_svc.domain.prediction.portable import LIMIT, Linear, Member, Part, Trees

ROUNDS, RATE, DEPTH, FEATURE_SHARE = 300, 0.03, 3, 0.3
LEAST_LEAF, MOST_LEAF, LEAF_SHARE = 10, 50, 0.05
"""Players in a leaf: a share of all, within bounds."""
STRENGTH = 0.01
"""Inverse of the ridge penalty, chosen by cross-validation."""
LEAST_KNOWN = 10
"""Players of whom a feature must be known to be used."""


class Algorithm(StrEnum):
    """How a model was made."""

    LOGISTIC = "logistic_regression"
    BOOSTING = "gradient_boosting"
    AVERAGE = "average"
    """The mean of both log-odds."""
    ADDITIVE = "additive_curves"
    """Curves over what was measured early, then and late: few numbers, for few players."""

    @property
    def parts(self) -> tuple["Algorithm", ...]:
        """The single algorithms it consists of."""
        return (Algorithm.LOGISTIC, Algorithm.BOOSTING) if self is Algorithm.AVERAGE else (self,)


def members(
    rows: NDArray[np.float64],
    successes: NDArray[np.bool_],
    algorithm: Algorithm,
    seeds: Sequence[int],
    grades: NDArray[np.float64] | None = None,
) -> tuple[Member, ...]:
    """Train one member a seed, each on its own sample of players with replacement (Breiman 1996: bagging).

    Their mean answers; how much they differ tells how sure it is. `grades` are the scores that outcomes carry.
    """
    if algorithm is Algorithm.ADDITIVE:
        return tuple((one,) for one in additive_bag(rows, successes, seeds, grades))
    made = []
    for seed in seeds:
        random = np.random.default_rng(seed)
        drawn = random.integers(0, len(rows), len(rows))
        if successes[drawn].all() or not successes[drawn].any():
            drawn = np.arange(len(rows))
        sample, outcomes = rows[drawn], successes[drawn]
        made.append(tuple(_LEARNERS[part](sample[:, BROAD], outcomes, seed) for part in algorithm.parts))
    return tuple(made)


def _boosted(rows: NDArray[np.float64], successes: NDArray[np.bool_], seed: int) -> Part:
    # Takes seconds to import: where models are fitted, not wherever a process starts.
    from sklearn.ensemble import HistGradientBoostingClassifier

    columns = _usable(rows)
    leaf = int(np.clip(len(rows) * LEAF_SHARE, LEAST_LEAF, MOST_LEAF))
    model = HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        learning_rate=RATE,
        max_depth=DEPTH,
        min_samples_leaf=leaf,
        max_features=FEATURE_SHARE,
        early_stopping=False,
        random_state=seed,
    ).fit(rows[:, columns], successes)
    # scikit-learn has no public way to read its trees; portable.py is checked against it in the unit tests.
    grown = [single.nodes for (single,) in model._predictors]
    width = max(len(nodes) for nodes in grown)
    shape = (len(grown), width)
    feature, left, right = np.zeros(shape, int), np.tile(np.arange(width), (len(grown), 1)), np.zeros(shape, int)
    right[:] = left
    threshold, value, missing = np.zeros(shape), np.zeros(shape), np.zeros(shape, bool)
    for tree, nodes in enumerate(grown):
        inner = np.flatnonzero(~nodes["is_leaf"].astype(bool))
        leaves = np.flatnonzero(nodes["is_leaf"])
        feature[tree, inner] = columns[nodes["feature_idx"][inner]]
        threshold[tree, inner] = nodes["num_threshold"][inner]
        missing[tree, inner] = nodes["missing_go_to_left"][inner]
        left[tree, inner], right[tree, inner] = nodes["left"][inner], nodes["right"][inner]
        value[tree, leaves] = nodes["value"][leaves]
    return Trees(float(model._baseline_prediction[0, 0]), feature, threshold, missing, left, right, value, DEPTH)


def _linear(rows: NDArray[np.float64], successes: NDArray[np.bool_], seed: int) -> Part:
    columns = _usable(rows)
    missing = np.isnan(rows[:, columns])
    typical = np.nanmedian(rows[:, columns], axis=0)
    filled = np.where(missing, typical, rows[:, columns])
    mean, scale = filled.mean(axis=0), filled.std(axis=0)
    scale[scale < 1e-12] = 1.0
    marks = missing - missing.mean(axis=0)
    spread = marks.std(axis=0)
    spread[spread < 1e-12] = 1.0
    inputs = np.hstack([np.clip((filled - mean) / scale, -LIMIT, LIMIT), marks / spread])
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(inputs, successes)
    weights, count = model.coef_[0], rows.shape[1]
    whole = {name: np.zeros(count) for name in ("typical", "mean", "weight", "missing")}
    scales = np.ones(count)
    whole["typical"][columns], whole["mean"][columns], scales[columns] = typical, mean, scale
    whole["weight"][columns] = weights[: len(columns)]
    per_mark = weights[len(columns) :] / spread
    whole["missing"][columns] = per_mark
    base = float(model.intercept_[0] - missing.mean(axis=0) @ per_mark)
    return Linear(whole["typical"], whole["mean"], scales, whole["weight"], whole["missing"], base)


_LEARNERS = {Algorithm.LOGISTIC: _linear, Algorithm.BOOSTING: _boosted}


def _usable(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    known = (~np.isnan(rows)).sum(axis=0)
    return np.flatnonzero(known >= min(LEAST_KNOWN, len(rows)))
