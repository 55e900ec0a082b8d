"""A training, and the model that comes of it, as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from aggregation_svc.domain.prediction.calibration import Bin
from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.history import SUCCESSES
from aggregation_svc.domain.prediction.learners import Algorithm
from aggregation_svc.domain.prediction.quality import Metric

DEFAULT_NAME = "outcome"
DEFAULT_DAYS = 90
LEAST_MARGIN = 0.02
"""By how much a model's accuracy must beat the majority class to be used."""


class TrainingState(StrEnum):
    """Where a training is."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (TrainingState.PENDING, TrainingState.RUNNING)


class ModelState(StrEnum):
    """What a model may be used for."""

    REJECTED = "rejected"
    ACTIVE = "active"
    STALE = "stale"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """What to learn."""

    model_name: str = DEFAULT_NAME
    positive: tuple[str, ...] = tuple(sorted(SUCCESSES))
    """Outcome categories that count as success."""
    observation_days: int = DEFAULT_DAYS
    outcomes_until: int | None = None
    """Only outcomes before that moment, microseconds since 1970."""
    entered_since: int | None = None
    """Only players whose first fact lies then or later, microseconds since 1970."""

    def stored(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "model_name": self.model_name,
            "positive": list(self.positive),
            "observation_days": self.observation_days,
            "outcomes_until": self.outcomes_until,
            "entered_since": self.entered_since,
        }


def spec_of(stored: Mapping[str, Any]) -> TrainingSpec:
    """Return what `TrainingSpec.stored` gave."""
    return TrainingSpec(**{**stored, "positive": tuple(stored["positive"])})


@dataclass(frozen=True, slots=True)
class Training:
    """One run of training."""

    training_id: str
    spec: TrainingSpec
    state: TrainingState
    actor: str
    created_at: datetime
    progress: float = 0.0
    message: str = ""
    reason: str = ""
    model_id: str = ""
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training found, before it is stored."""

    algorithm: Algorithm
    metrics: tuple[Metric, ...]
    calibration: tuple[Bin, ...]
    importance: tuple[tuple[str, float], ...]
    content: Mapping[str, Any]
    """The model as JSON values."""
    reference: Mapping[str, Any]
    """What drift is measured against, as JSON values."""
    passes: bool
    """Beats the majority class by the margin."""
    note: str
    subjects: frozenset[int] = frozenset()
    """Whose facts it learned from."""


@dataclass(frozen=True, slots=True)
class Model:
    """A stored model, without its numbers."""

    model_id: str
    spec: TrainingSpec
    version: int
    state: ModelState
    algorithm: str
    metrics: tuple[Metric, ...]
    calibration: tuple[Bin, ...]
    importance: tuple[tuple[str, float], ...]
    note: str
    created_at: datetime
    position: int
    """Counts all models, in the order in which they were made."""
    stale_since: datetime | None = None
    drift: Drift | None = None
    reference: Mapping[str, Any] = field(default_factory=dict)

    def measure(self, name: str) -> float | None:
        """Return a measure by time, else by subject; None where it was not taken."""
        by = {metric.evaluation: metric.value for metric in self.metrics if metric.name == name}
        return by.get("by_time", by.get("by_subject"))


def verdict(metrics: tuple[Metric, ...], algorithm: Algorithm) -> tuple[bool, str]:
    """Return whether a model may be used, and why, in words.

    It may where its accuracy beats the majority class by `LEAST_MARGIN` in every evaluation, and by more than chance
    on players it has not seen.
    """
    margins = {metric.evaluation: metric for metric in metrics if metric.name == "margin"}
    by_subject = margins["by_subject"]
    weakest = min(margins.values(), key=lambda metric: metric.value)
    said = [_algorithm_words(metrics, algorithm)]
    if "by_time" not in margins:
        said.append("Too few players came later than the others to judge it by time.")
    if weakest.value < LEAST_MARGIN or by_subject.lower <= 0.0:
        where = weakest if weakest.value < LEAST_MARGIN else by_subject
        return False, " ".join(
            [
                f"Not used: {where.evaluation.replace('_', ' ')} its accuracy beats the majority class by "
                f"{where.value:.3f} ({where.lower:.3f} to {where.upper:.3f}), and {LEAST_MARGIN} is needed.",
                *said,
            ]
        )
    return True, " ".join([f"Beats the majority class by {weakest.value:.3f} in its weakest evaluation.", *said])


def _algorithm_words(metrics: tuple[Metric, ...], algorithm: Algorithm) -> str:
    if algorithm is Algorithm.LOGISTIC:
        return "Nothing beat the baseline, logistic regression, which it therefore is."
    brier = {metric.evaluation: metric for metric in metrics if metric.name == "brier"}["by_subject"]
    return f"It beats logistic regression (Brier {brier.value:.3f} against {brier.baseline or 0.0:.3f} by subject)."
