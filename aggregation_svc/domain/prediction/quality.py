"""How good predictions are, each measure with its interval and beside what the majority class gives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.calibration import calibration_error

DRAWS = 200
"""Resamples of players for an interval."""

Probabilities = NDArray[np.float64]
Outcomes = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure, by one way of evaluation."""

    name: str
    evaluation: str
    """`by_subject` or `by_time`."""
    value: float
    lower: float
    """Lower end of the 95 % interval."""
    upper: float
    majority: float | None = None
    """What always answering the majority class gives."""
    baseline: float | None = None
    """What logistic regression gives."""


def accuracy(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the share that is told right at one half."""
    return float(((probabilities >= 0.5) == outcomes).mean())


def precision(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the share of successes among those predicted; 0 where none is predicted."""
    said = probabilities >= 0.5
    return float(outcomes[said].mean()) if said.any() else 0.0


def recall(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the share of successes that is predicted; 0 where there is none."""
    return float((probabilities[outcomes] >= 0.5).mean()) if outcomes.any() else 0.0


def f1(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the harmonic mean of precision and recall."""
    said = probabilities >= 0.5
    both = int(said.sum() + outcomes.sum())
    return float(2.0 * (said & outcomes).sum() / both) if both else 0.0


def auc(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the chance that a success is ranked above a failure (Mann and Whitney); 1/2 where one kind is missing."""
    good = int(outcomes.sum())
    bad = len(outcomes) - good
    if not good or not bad:
        return 0.5
    # Takes a second to import: where models are judged, not wherever a process starts.
    from scipy.stats import rankdata

    return float((rankdata(probabilities)[outcomes].sum() - good * (good + 1) / 2.0) / (good * bad))


def brier(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the mean squared error of the probability."""
    return float(((probabilities - outcomes) ** 2).mean())


def margin(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return by how much the accuracy beats the share of the majority class."""
    share = float(outcomes.mean())
    return accuracy(probabilities, outcomes) - max(share, 1.0 - share)


MEASURES: dict[str, Callable[[Probabilities, Outcomes], float]] = {
    "accuracy": accuracy,
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "auc": auc,
    "brier": brier,
    "calibration_error": calibration_error,
    "margin": margin,
}


def log_loss(probabilities: Probabilities, outcomes: Outcomes) -> float:
    """Return the mean negative log-likelihood."""
    said = np.clip(np.where(outcomes, probabilities, 1.0 - probabilities), 1e-9, 1.0)
    return float(-np.log(said).mean())


def quality(
    evaluation: str,
    probabilities: Probabilities,
    outcomes: Outcomes,
    subjects: NDArray[np.int64],
    random: np.random.Generator,
    *,
    baseline: Probabilities | None = None,
    ranking: NDArray[np.float64] | None = None,
    baseline_ranking: NDArray[np.float64] | None = None,
) -> tuple[Metric, ...]:
    """Return every measure with a percentile bootstrap interval over subjects (Efron 1979).

    The AUC is that of `ranking`, where given: log-odds before calibration. A model has one calibration, which changes
    no order; where each fold was calibrated on the others, probabilities of two folds do not compare.
    """
    drawn = [_draw(subjects, random) for _ in range(DRAWS)]
    majority = _majority(outcomes)
    found = []
    for name, measure in MEASURES.items():
        said, beside = probabilities, baseline
        if measure is auc and ranking is not None:
            said, beside = ranking, baseline_ranking
        value = measure(said, outcomes)
        values = [measure(said[one], outcomes[one]) for one in drawn]
        lower, upper = np.quantile(values, [0.025, 0.975])
        found.append(
            Metric(
                name,
                evaluation,
                value,
                min(float(lower), value),
                max(float(upper), value),
                majority.get(name),
                None if beside is None else measure(beside, outcomes),
            )
        )
    return tuple(found)


def _draw(subjects: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    each, which = np.unique(subjects, return_inverse=True)
    if len(each) == len(subjects):
        return random.integers(0, len(subjects), len(subjects))
    # Several rows of one subject are drawn together: repeat each row as often as its subject is drawn.
    times = np.bincount(random.integers(0, len(each), len(each)), minlength=len(each))
    return np.repeat(np.arange(len(subjects)), times[which])


def _majority(outcomes: Outcomes) -> dict[str, float]:
    share = float(outcomes.mean())
    most = max(share, 1.0 - share)
    succeeds = share >= 0.5
    return {
        "accuracy": most,
        "precision": share if succeeds else 0.0,
        "recall": 1.0 if succeeds else 0.0,
        "f1": 2.0 * share / (1.0 + share) if succeeds else 0.0,
        "auc": 0.5,
        "brier": share * (1.0 - share),
        "margin": 0.0,
    }
