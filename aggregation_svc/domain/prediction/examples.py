"""What a model learns from: one row a player who was still on their way at the cut-off and whose outcome is known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction import features
from aggregation_svc.domain.prediction.history import SUCCESSES, History
from aggregation_svc.domain.prediction.peers import ranks

FEATURES = (*features.NAMES, *(f"{name}_rank_among_peers" for name in features.NAMES))
"""The columns of every row."""


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
    )


@dataclass(frozen=True, slots=True)
class Examples:
    """Players side by side."""

    subjects: NDArray[np.int64]
    entered: NDArray[np.float64]
    decided: NDArray[np.float64]
    """NaN where no outcome is known."""
    rows: NDArray[np.float64]
    """(players, len(FEATURES))."""
    successes: NDArray[np.bool_]
    """False where no outcome is known."""

    def __len__(self) -> int:
        """Return how many players."""
        return len(self.subjects)

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Examples":
        """Return some of the players."""
        return Examples(
            self.subjects[which], self.entered[which], self.decided[which], self.rows[which], self.successes[which]
        )

    @property
    def judged(self) -> "Examples":
        """Return those whose outcome is known."""
        return self.chosen(~np.isnan(self.decided))


def examples(players: Sequence[Known], successes: Collection[str] = SUCCESSES) -> Examples:
    """Set players side by side; all of them are peers, also those whose outcome is not known yet."""
    raw = np.array([one.features for one in players]).reshape(len(players), len(features.NAMES))
    entered = np.array([one.entered for one in players], dtype=np.float64)
    among = ranks(raw, entered, [one.focus for one in players])
    return Examples(
        np.array([one.subject for one in players], dtype=np.int64),
        entered,
        np.array([np.nan if one.decided is None else one.decided for one in players], dtype=np.float64),
        np.hstack([raw, among]),
        np.array([one.outcome in successes for one in players], dtype=np.bool_),
    )
