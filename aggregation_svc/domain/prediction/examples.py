"""What a model learns from: one row a player who was still on their way at the cut-off and whose outcome is known."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction import features
from aggregation_svc.domain.prediction.columns import focus_columns
from aggregation_svc.domain.prediction.history import SUCCESSES, History
from aggregation_svc.domain.prediction.peers import ranks


def _nothing() -> NDArray[np.float64]:
    return np.full(len(features.STAGES), np.nan)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of one player at the cut-off, and how it ended."""

    subject: int
    entered: float
    """Days since 1970."""
    focus: str | None
    features: NDArray[np.float64]
    """(len(features.NAMES),)."""
    outcome: str | None
    """The category of the last outcome after the cut-off; None where none is known yet."""
    decided: float | None
    """When that was recorded, in days since 1970."""
    stages: NDArray[np.float64] = field(default_factory=_nothing)
    """(len(features.STAGES),)."""
    grade: tuple[str, float] | None = None
    """Instrument and score that were recorded with the outcome; read in training, never to predict."""


def known(history: History, day: float) -> Known | None:
    """Return what was known of a player at the end of `day`; None where the outcome was recorded by then."""
    if history.decided_by(day):
        return None
    last = history.last_outcome_after(day)
    return Known(
        history.subject,
        history.entered,
        features.focus(history, day),
        features.vector(history, day),
        None if last is None else last.category,
        None if last is None else history.entered + last.day,
        features.stages(history, day),
        None if last is None or last.score is None else (last.instrument or "", last.score),
    )


@dataclass(frozen=True, slots=True)
class Examples:
    """Players side by side."""

    subjects: NDArray[np.int64]
    entered: NDArray[np.float64]
    decided: NDArray[np.float64]
    """NaN where no outcome is known."""
    rows: NDArray[np.float64]
    """(players, len(columns.FEATURES))."""
    successes: NDArray[np.bool_]
    """False where no outcome is known."""
    grades: NDArray[np.float64] | None = None
    """The scores that outcomes carry, all of one instrument, NaN where none; None where there are none at all."""

    def __len__(self) -> int:
        """Return how many players."""
        return len(self.subjects)

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Examples":
        """Return some of the players."""
        return Examples(
            self.subjects[which],
            self.entered[which],
            self.decided[which],
            self.rows[which],
            self.successes[which],
            None if self.grades is None else self.grades[which],
        )

    @property
    def judged(self) -> "Examples":
        """Return those whose outcome is known."""
        return self.chosen(~np.isnan(self.decided))


def examples(players: Sequence[Known], successes: Collection[str] = SUCCESSES) -> Examples:
    """Set players side by side; all of them are peers, also those whose outcome is not known yet."""
    raw = np.array([one.features for one in players]).reshape(len(players), len(features.NAMES))
    entered = np.array([one.entered for one in players], dtype=np.float64)
    focuses = [one.focus for one in players]
    staged = np.array([one.stages for one in players]).reshape(len(players), len(features.STAGES))
    return Examples(
        np.array([one.subject for one in players], dtype=np.int64),
        entered,
        np.array([np.nan if one.decided is None else one.decided for one in players], dtype=np.float64),
        np.hstack([raw, ranks(raw, entered, focuses), staged, focus_columns(focuses)]),
        np.array([one.outcome in successes for one in players], dtype=np.bool_),
        _grades(players),
    )


def _grades(players: Sequence[Known]) -> NDArray[np.float64] | None:
    """Return the scores of the instrument that most outcomes carry, ties by name."""
    counts = Counter(one.grade[0] for one in players if one.grade is not None)
    if not counts:
        return None
    instrument = min(counts, key=lambda name: (-counts[name], name))
    scores = [one.grade[1] if one.grade is not None and one.grade[0] == instrument else np.nan for one in players]
    return np.array(scores, dtype=np.float64)
