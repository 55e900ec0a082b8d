"""An additive score for few players: a smooth curve for each measure at each stage, and a step for each focus.

Curves are quadratic B-splines under a ridge penalty (Eilers and Marx 1996). They are fitted to how it ended; where the
outcomes carry a score of one instrument, also to that score, which tells more of each player than yes or no. The mean
of both log-odds answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.columns import FOCUSED, STAGED

PIECES = 3
"""Pieces of each curve between the ends of what was seen."""
CURVES = PIECES + 2
"""Basis functions of a quadratic curve of that many pieces."""
STRENGTH = 0.1
"""Inverse of the ridge penalty on standardised basis functions, chosen by cross-validation."""
LEAST_KNOWN = 10
"""Players of whom a measure must be known to be used."""
LEAST_GRADED = 50
"""Players whose outcome carries a score, below which scores teach nothing."""
ENDS = (0.005, 0.995)
"""Quantiles between which a curve bends; beyond them it stays as it is."""


def basis(values: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quadratic B-splines over equal pieces from `low` to `high`, (players, columns, CURVES); 0 where NaN."""
    place = np.clip((values - low) / (high - low), 0.0, 1.0) * PIECES
    along = place[..., None] - (np.arange(CURVES) - 2.0)
    found = np.select(
        [(along >= 0) & (along < 1), (along >= 1) & (along < 2), (along >= 2) & (along <= 3)],
        [along**2 / 2.0, (-2.0 * along**2 + 6.0 * along - 3.0) / 2.0, (3.0 - along) ** 2 / 2.0],
        0.0,
    )
    return np.where(np.isnan(values)[..., None], 0.0, found)


@dataclass(frozen=True, slots=True)
class Additive:
    """A sum of curves, of steps for a focus, and of what a missing value adds."""

    columns: NDArray[np.int64]
    """Of the row, (curves,)."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    typical: NDArray[np.float64]
    """Medians, which stand where a value is missing."""
    weight: NDArray[np.float64]
    """(curves, CURVES)."""
    missing_weight: NDArray[np.float64]
    """(curves,)."""
    focus_weight: NDArray[np.float64]
    """(FOCUSES,), none where the rows had no such columns."""
    base: float

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of success for rows (rows, features), NaN where missing."""
        seen = rows[:, self.columns]
        missing = np.isnan(seen)
        curves = basis(np.where(missing, self.typical, seen), self.low, self.high)
        found: NDArray[np.float64] = (
            self.base
            + np.einsum("pcb,cb->p", curves, self.weight)
            + missing @ self.missing_weight
            + rows[:, FOCUSED] @ self.focus_weight
        )
        return found

    def stored(self) -> dict[str, Any]:
        """Return the score as JSON values."""
        named = {name: getattr(self, name).tolist() for name in _NUMBERS}
        return {"kind": "additive", "columns": self.columns.tolist(), "base": self.base, **named}


_NUMBERS = ("low", "high", "typical", "weight", "missing_weight", "focus_weight")


def additive_of(stored: Mapping[str, Any]) -> Additive:
    """Return what `Additive.stored` gave."""
    named = {name: np.array(stored[name], dtype=np.float64) for name in _NUMBERS}
    named["weight"] = named["weight"].reshape(-1, CURVES)
    return Additive(np.array(stored["columns"], dtype=np.int64), **named, base=float(stored["base"]))


@dataclass(frozen=True, slots=True)
class _Design:
    """What a fit looks at, and the way back from its weights to a score over rows."""

    bare: Additive
    """Curves without weights."""
    inputs: NDArray[np.float64]
    """Standardised basis functions, marks of what is missing, focuses; (players, inputs)."""
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    def score(self, weights: NDArray[np.float64], base: float) -> Additive:
        """Return the score with those weights of the inputs."""
        count = len(self.bare.columns)
        steep, marks, steps = np.split(weights, [count * CURVES, count * CURVES + count])
        return replace(
            self.bare,
            weight=(steep / self.scale).reshape(count, CURVES),
            missing_weight=marks,
            focus_weight=steps,
            base=base - float((steep / self.scale) @ self.mean),
        )


def additive_bag(
    rows: NDArray[np.float64],
    successes: NDArray[np.bool_],
    seeds: Sequence[int],
    grades: NDArray[np.float64] | None = None,
) -> tuple[Additive, ...]:
    """Fit to rows (players, features), NaN where missing, how they ended, and the scores of the outcomes, if any.

    One member a seed. Their mean is the fit to all players, because a bag makes a ridge no better; they differ from it
    as fits to samples with replacement differ from each other, which tells how sure it is.
    """
    design = _design(rows)
    whole = _fitted(design.inputs, successes, grades)
    fits = []
    for seed in seeds if len(seeds) > 1 else ():
        drawn = np.random.default_rng(seed).integers(0, len(rows), len(rows))
        one_kind = successes[drawn].all() or not successes[drawn].any()
        some = np.arange(len(rows)) if one_kind else drawn
        fits.append(_fitted(design.inputs[some], successes[some], None if grades is None else grades[some]))
    if not fits:
        return (design.score(whole[:-1], float(whole[-1])),)
    spread = np.array(fits) - np.mean(fits, axis=0)
    return tuple(design.score(whole[:-1] + one[:-1], float(whole[-1] + one[-1])) for one in spread)


def _design(rows: NDArray[np.float64]) -> _Design:
    columns = _told(rows)
    seen, count = rows[:, columns], len(columns)
    low, high = np.nanquantile(seen, ENDS, axis=0) if count else np.empty((2, 0))
    same = high <= low
    low, high = np.where(same, low - 0.5, low), np.where(same, high + 0.5, high)
    typical = np.nanmedian(seen, axis=0) if count else np.empty(0)
    missing = np.isnan(seen)
    curves = basis(np.where(missing, typical, seen), low, high).reshape(len(rows), -1)
    mean, scale = curves.mean(axis=0), curves.std(axis=0)
    scale[scale < 1e-9] = np.inf
    focuses = rows[:, FOCUSED]
    inputs = np.hstack([(curves - mean) / scale, missing, focuses])
    nothing = np.zeros((count, CURVES)), np.zeros(count), np.zeros(focuses.shape[1])
    return _Design(Additive(columns, low, high, typical, *nothing, base=0.0), inputs, mean, scale)


def _fitted(
    inputs: NDArray[np.float64], successes: NDArray[np.bool_], grades: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return the weights of the inputs, then the base."""
    if not inputs.shape[1]:
        share = (successes.sum() + 1.0) / (len(successes) + 2.0)
        return np.array([np.log(share / (1.0 - share))])
    # Takes seconds to import: where models are fitted, not wherever a process starts.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(inputs, successes)
    ended = np.append(model.coef_[0], model.intercept_)
    taught = _graded(inputs, successes, grades)
    return ended if taught is None else (ended + taught) / 2.0


def _graded(
    inputs: NDArray[np.float64], successes: NDArray[np.bool_], grades: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """Return the same for log-odds that follow from a ridge regression of the scores; None without scores."""
    known = np.zeros(len(inputs), dtype=bool) if grades is None else ~np.isnan(grades)
    if grades is None or known.sum() < LEAST_GRADED or grades[known].std() < 1e-9:
        return None
    from sklearn.linear_model import LogisticRegression, Ridge

    line = Ridge(1.0 / STRENGTH).fit(inputs[known], (grades[known] - grades[known].mean()) / grades[known].std())
    odds = LogisticRegression().fit(line.predict(inputs)[:, None], successes)
    slope = float(odds.coef_[0, 0])
    return np.append(line.coef_ * slope, line.intercept_ * slope + odds.intercept_[0])


def _told(rows: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the columns of stages that are known of enough players and not the same for all."""
    staged = rows[:, STAGED]
    enough = (~np.isnan(staged)).sum(axis=0) >= min(LEAST_KNOWN, len(rows))
    found = np.flatnonzero(enough)
    differ = np.array([np.nanstd(staged[:, column]) > 1e-9 for column in found], dtype=bool)
    return np.asarray(STAGED.start + found[differ], dtype=np.int64)
