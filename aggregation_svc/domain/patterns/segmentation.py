"""From one row per player to named segments: four looks through noise, and what follows from them for free."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.patterns import box, clustering, coreset, lloyd, naming
from aggregation_svc.domain.patterns.clustering import Fit
from aggregation_svc.domain.patterns.coreset import Coreset
from aggregation_svc.domain.patterns.lloyd import Centres, Stepped
from aggregation_svc.domain.patterns.plan import LEAST_EVIDENCE, RESOLUTION, STEPS, Place, SegmentationPlan
from aggregation_svc.domain.privacy import intervals
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.privacy.noise import Drawn, Noise

EVERYBODY = "everybody"
PART = 1 << 16
"""Players looked at together."""
DRAWS = 1000
"""Simulated draws of the noise, for intervals."""
LAPLACE_MARGIN = math.log(20.0)
"""Half width of a 95 % interval of Laplace noise of scale 1."""


class Outcome(StrEnum):
    """How a segmentation ended. Each is an answer, decided from noisy figures and paid for alike."""

    FOUND = "found"
    TOO_FEW_PLAYERS = "too_few_players"
    NO_SEGMENTS = "no_segments"


@dataclass(frozen=True, slots=True)
class Feature:
    """A public feature of a player."""

    name: str
    floor: float
    """Lower public bound, in the feature's unit."""
    cap: float
    """Upper public bound, above `floor`."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One coordinate of a segment's centre."""

    name: str
    value: Figure
    standing: str
    """low, medium or high beside the other segments."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Players who behave alike."""

    name: str
    players: Figure
    share: Figure | None
    """Of the players that were segmented; None where there is nothing to divide by."""
    centre: tuple[Coordinate, ...]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """What a release says about one kind of pattern."""

    outcome: Outcome
    segments: tuple[Segment, ...]
    """Largest first; empty unless found."""
    stability: float
    """How far the segmentation agrees with itself when its noise is drawn anew, 0 to 1."""
    players: float
    """Noisy number of players who have all features, signed, as drawn."""
    players_scale: float
    """Scale of its Laplace noise."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks at the players, each with noise and an account entry of its own."""

    rows: NDArray[np.integer[Any]]
    """(players, features), 0 to RESOLUTION."""
    plan: SegmentationPlan
    noise: Noise
    accountant: Accountant
    statistic: str
    """The kind's name in the account."""

    def drawn(self, place: Place, exact: NDArray[np.int64], sensitivity: int) -> Drawn:
        """Return `exact` with the place's noise."""
        drawn = self.noise.laplace(exact.ravel().tolist(), sensitivity, self.plan.share(place))
        self.accountant.record(place, self.statistic, EVERYBODY, drawn.loss)
        return drawn

    def summed(self, counted: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> NDArray[np.int64]:
        """Return the sum of what is `counted` in each part of the players: its memory does not grow with them."""
        starts = range(0, max(len(self.rows), 1), PART)
        total: NDArray[np.int64] = reduce(
            np.add, (counted(self.rows[start : start + PART].astype(np.int64)) for start in starts)
        )
        return total


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that came out of the noise."""

    players: float
    players_scale: float
    cells: Coreset
    fit: Fit | None
    stability: float
    steps: tuple[Stepped, ...]


def looked(looks: Looks, random: np.random.Generator) -> Found:
    """Look at the players four times. The looks are the same however few they are, and so is the cost.

    Args:
        looks: the players and the way to them.
        random: for k-means and redraws, never for noise on data.
    """
    features = looks.rows.shape[1]
    marginals = looks.drawn(Place.MARGINALS, looks.summed(box.counted), box.sensitivity(features))
    players, trimmed = box.trimmed(marginals, features)
    bins = coreset.bins_for(players, looks.plan.epsilon, features)
    grid = looks.drawn(Place.GRID, looks.summed(partial(coreset.cells_of, box=trimmed, bins=bins)), coreset.SENSITIVITY)
    cells = coreset.coreset(grid, trimmed, bins)
    fit, stability = _fit(cells, looks.plan.segments, random)
    if fit is None:
        centres = Centres(((trimmed.low + trimmed.high) / 2)[None], np.array([trimmed.width.sum() / 2]))
    else:
        centres = Centres(fit.points, np.maximum(clustering.radii(cells, fit), 1.0))
    steps: list[Stepped] = []
    for place in STEPS:
        drawn = looks.drawn(place, looks.summed(partial(lloyd.messages, centres=centres)), lloyd.SENSITIVITY)
        steps.append(lloyd.stepped(drawn, centres))
        centres = Centres(steps[-1].points, centres.radii)
    return Found(players, marginals.scale, cells, fit, stability, tuple(steps))


def _fit(cells: Coreset, segments: int | None, random: np.random.Generator) -> tuple[Fit | None, float]:
    if len(cells.points) < max(segments or 0, 4):
        return None, 0.0
    if segments is None:
        return clustering.best_fit(cells, random)
    fit = clustering.fitted(cells, segments, random)
    return fit, clustering.stability(cells, fit, random)


def segmented(looks: Looks, features: Sequence[Feature], random: np.random.Generator) -> Segmentation:
    """Return the named segments of the players, or why there are none.

    Args:
        looks: the players, in thousandths of the public bounds, and the way to them.
        features: the bounds, one a column.
        random: for post-processing only.
    """
    found = looked(looks, random)
    if found.players * looks.plan.epsilon < LEAST_EVIDENCE:
        return _refused(Outcome.TOO_FEW_PLAYERS, found)
    if found.fit is None:
        return _refused(Outcome.NO_SEGMENTS, found)
    segments = _segments(found, found.fit, features, random)
    return Segmentation(Outcome.FOUND, segments, found.stability, found.players, found.players_scale)


def _refused(outcome: Outcome, found: Found) -> Segmentation:
    return Segmentation(outcome, (), 0.0, found.players, found.players_scale)


def _segments(found: Found, fit: Fit, features: Sequence[Feature], random: np.random.Generator) -> tuple[Segment, ...]:
    last = found.steps[-1]
    errors = random.laplace(0.0, last.players_scale, (len(last.players), DRAWS))
    players = intervals.counts(last.players, errors)
    total = np.full(len(last.players), last.players.sum())
    shares = intervals.shares((last.players, errors), (total, np.tile(errors.sum(axis=0), (len(total), 1))), random)
    values, noise, sampling = _centres(found, fit)
    told = [naming.standings(values[:, column], noise[:, column], last.players) for column in range(values.shape[1])]
    standing = [[column[row] for column in told] for row in range(len(values))]
    names = [naming.name([feature.name for feature in features], row) for row in standing]
    order = np.argsort(-last.players)
    titles = naming.distinct([names[row] for row in order])
    return tuple(
        Segment(
            title,
            players[row],
            shares[row],
            tuple(
                Coordinate(
                    feature.name,
                    _figure(feature, values[row, column], noise[row, column], sampling[row, column]),
                    standing[row][column],
                )
                for column, feature in enumerate(features)
            ),
        )
        for title, row in zip(titles, order.tolist(), strict=True)
    )


def _centres(found: Found, fit: Fit) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return centres, margins of noise and margins of sampling, each (segments, features) in thousandths."""
    first, last = found.steps[0], found.steps[-1]
    scale = np.where(np.isfinite(last.points_scale), last.points_scale, first.points_scale)
    # Where no step heard enough players, the centre is the coreset's, of which no interval is known.
    noise = np.where(np.isfinite(scale), LAPLACE_MARGIN * scale, RESOLUTION)
    values = np.clip(last.points, 0.0, RESOLUTION)
    spread = np.empty_like(values)
    for segment in range(len(values)):
        own = fit.labels == segment
        weights = found.cells.weights[own]
        spread[segment] = np.sqrt(np.average((found.cells.points[own] - fit.points[segment]) ** 2, 0, weights))
    sampling = intervals.NORMAL * spread / np.sqrt(np.maximum(last.players, 1.0))[:, None]
    return values, np.repeat(noise[:, None], values.shape[1], axis=1), sampling


def _figure(feature: Feature, value: float, noise: float, sampling: float) -> Figure:
    unit = (feature.cap - feature.floor) / RESOLUTION
    both = math.hypot(noise, sampling)
    return Figure(
        value=float(feature.floor + unit * value),
        lower=float(feature.floor + unit * max(value - both, 0.0)),
        upper=float(feature.floor + unit * min(value + both, RESOLUTION)),
        privacy_margin=float(unit * noise),
        sampling_margin=float(unit * sampling),
        noise_scale=float(unit * noise / LAPLACE_MARGIN),
        uninformative=bool(noise > intervals.TOO_WIDE * RESOLUTION),
    )
