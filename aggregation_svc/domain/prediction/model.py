"""A trained model: members that were learned on different samples, their calibration, and what is typical.

The mean of the members is the prediction; how much they differ, and how sure the calibration is, make its interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from aggregation_svc.domain.prediction.calibration import Calibration
from aggregation_svc.domain.prediction.learners import Algorithm, members
from aggregation_svc.domain.prediction.portable import Member, member_log_odds, part_of
from mesh.refusal import FailedPrecondition

WIDE = 1.96
"""Standard errors on each side of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class OutcomeModel:
    """A trained model."""

    members: tuple[Member, ...]
    calibration: Calibration
    typical: NDArray[np.float64]
    """The median of each feature among those learned from, NaN where most had none, (features,)."""

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of success for each row of features, (rows,)."""
        found: NDArray[np.float64] = expit(self.log_odds(rows))
        return found

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated log-odds of success, (rows,)."""
        return self.calibration.log_odds(member_log_odds(self.members, rows).mean(axis=0))

    def intervals(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return lower end, probability and upper end of 95 % intervals of the probability, (3, rows)."""
        each = member_log_odds(self.members, rows)
        raw = each.mean(axis=0)
        spread = each.std(axis=0, ddof=1) if len(each) > 1 else np.zeros(len(rows))
        middle = self.calibration.log_odds(raw)
        half = WIDE * np.sqrt(self.calibration.variance(raw, spread))
        found: NDArray[np.float64] = expit(np.array([middle - half, middle, middle + half]))
        return found

    def stored(self) -> dict[str, Any]:
        """Return the model as JSON values."""
        return {
            "members": [[part.stored() for part in member] for member in self.members],
            "calibration": asdict(self.calibration),
            "typical": [None if np.isnan(value) else float(value) for value in self.typical],
        }


def model_of(stored: Mapping[str, Any]) -> OutcomeModel:
    """Return what `OutcomeModel.stored` gave."""
    calibration = stored["calibration"]
    return OutcomeModel(
        tuple(tuple(part_of(part) for part in member) for member in stored["members"]),
        Calibration(calibration["intercept"], calibration["slope"], tuple(calibration["covariance"])),
        np.array([np.nan if value is None else value for value in stored["typical"]], dtype=np.float64),
    )


def trained(
    rows: NDArray[np.float64],
    successes: NDArray[np.bool_],
    algorithm: Algorithm = Algorithm.BOOSTING,
    seeds: Sequence[int] = range(6),
    calibration: Calibration | None = None,
    grades: NDArray[np.float64] | None = None,
) -> OutcomeModel:
    """Train on features (rows, features), NaN where missing, and whether each row's outcome was a success.

    `grades` are the scores that outcomes carry, (rows,), NaN where none.

    Raises:
        FailedPrecondition: all outcomes are of one kind, or nothing is known of anybody.
    """
    if successes.all() or not successes.any() or np.isnan(rows).all():
        raise FailedPrecondition(
            "outcomes_of_one_kind",
            "There is nothing to tell apart: record outcomes of both kinds, and facts from before them.",
        )
    known = (~np.isnan(rows)).mean(axis=0) >= 0.5
    typical = np.full(rows.shape[1], np.nan)
    typical[known] = np.nanmedian(rows[:, known], axis=0)
    return OutcomeModel(members(rows, successes, algorithm, seeds, grades), calibration or Calibration(), typical)
