"""Why a model says what it says of one player: what the log-odds would be were one thing about them typical."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.columns import THINGS
from aggregation_svc.domain.prediction.features import NAMES, SERIES
from aggregation_svc.domain.prediction.model import OutcomeModel

REASONS = 5
TYPICAL_RANK = 0.5

_SHAPE_WORDS = {
    "total": "in all",
    "mean": "on average",
    "first": "at first",
    "last": "most recently",
    "least": "at its lowest",
    "most": "at its highest",
    "slope": "change in 30 days",
    "recent": "of late",
    "spread": "ups and downs",
    "early": "in the first quarter of the time",
    "then": "in the second quarter of the time",
    "late": "in the last half of the time",
}
_RHYTHM_WORDS = {
    "sessions_count": "Sessions",
    "sessions_recent_share": "Share of the sessions that are recent",
    "sessions_days_since_last": "Days since the last session",
    "sessions_first_day": "Days until the first session",
    "sessions_gap_mean_days": "Mean days between sessions",
    "sessions_gap_longest_days": "Longest pause in days",
    "sessions_active_weeks": "Weeks with a session",
    "progress_count": "Progress snapshots",
    "score_count": "Test scores",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that moved a prediction."""

    feature: str
    value: float | None
    """None where it is not known."""
    contribution: float
    """How it moved the log-odds."""
    description: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a model says of one player."""

    probability: float
    lower: float
    upper: float
    reasons: tuple[Reason, ...]


def outlook(model: OutcomeModel, row: NDArray[np.float64]) -> Outlook:
    """Return the prediction for one row of features, (features,), with its main reasons, the strongest first."""
    things = {name: columns for name, columns in THINGS.items() if columns[-1] < len(model.typical)}
    variants = np.tile(row, (len(things) + 1, 1))
    for variant, columns in enumerate(things.values()):
        variants[variant, columns] = model.typical[columns]
        if columns[0] < len(NAMES):
            variants[variant, columns[1]] = np.nan if np.isnan(row[columns[1]]) else TYPICAL_RANK
    odds = model.log_odds(variants)
    moved = odds[-1] - odds[:-1]
    strongest = [index for index in np.argsort(-np.abs(moved), kind="stable")[:REASONS] if abs(moved[index]) > 1e-6]
    names = list(things)
    lower, probability, upper = model.intervals(row[None, :])[:, 0]
    return Outlook(
        float(probability),
        float(lower),
        float(upper),
        tuple(_reason(names[index], row, model.typical, float(moved[index])) for index in strongest),
    )


def _reason(name: str, row: NDArray[np.float64], ordinary: NDArray[np.float64], contribution: float) -> Reason:
    effect = "raises" if contribution > 0 else "lowers"
    if name == "focus":
        return Reason(name, None, contribution, f"Focus: this player's {effect} the chance.")
    value, typical = row[THINGS[name][0]], ordinary[THINGS[name][0]]
    here = "not known" if np.isnan(value) else f"{value:.3g}"
    usual = "often not known" if np.isnan(typical) else f"{typical:.3g}"
    return Reason(
        name,
        None if np.isnan(value) else float(value),
        contribution,
        f"{feature_words(name)}: {here} (typical: {usual}); this {effect} the chance.",
    )


def feature_words(name: str) -> str:
    """Return a feature's name as people read it."""
    if name == "focus":
        return "Focus"
    if name in _RHYTHM_WORDS:
        return _RHYTHM_WORDS[name]
    series = next(one for one in SERIES if name.startswith(one + "_") and name[len(one) + 1 :] in _SHAPE_WORDS)
    return f"{series.replace('_', ' ').capitalize()}, {_SHAPE_WORDS[name[len(series) + 1 :]]}"
