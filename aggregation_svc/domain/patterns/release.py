"""The patterns of one period: every kind's segmentation from the same bounded rows, each with its part of the cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.patterns.kinds import FEATURES, PatternKind, micro_of
from aggregation_svc.domain.patterns.plan import SegmentationPlan
from aggregation_svc.domain.patterns.segmentation import Feature, Looks, Outcome, Segment, Segmentation, segmented
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import MEASURES

MISSING = -1
"""In a bounded row: the player has no value."""
VALUE = np.int16
"""Holds 0 to K and `MISSING`: a release keeps a row of every player in memory, 18 bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class BoundedRows:
    """Every player of a period, bounded: one row each, nothing that names them. Never logged, never answered."""

    values: NDArray[np.int16]
    """(players, measures), in the order of `release_plan.MEASURES`: 0 to K, or `MISSING`."""

    def of(self, kind: PatternKind) -> NDArray[np.int16]:
        """Return (players who have them all, features) of that kind."""
        names = [measure.name for measure in MEASURES]
        columns = self.values[:, [names.index(feature) for feature in FEATURES[kind]]]
        complete: NDArray[np.int16] = columns[(columns != MISSING).all(axis=1)]
        return complete


@dataclass(frozen=True, slots=True)
class Pattern:
    """A segment as a release keeps it."""

    kind: PatternKind
    position: int
    """From 0 within the kind; larger segments first."""
    segment: Segment
    stability: float
    """Of the whole segmentation, 0 to 1."""


def patterns_of(
    rows: BoundedRows, micro: int, grain: Grain, noise: Noise, random: np.random.Generator
) -> Mapping[PatternKind, Segmentation]:
    """Segment the players of one period in every kind.

    Args:
        rows: one a player; they leave this function only through `noise`.
        micro: micro-epsilon for all kinds together, all of it spent whatever is found.
        grain: the period's, which fixes the public bounds.
        noise: the mechanism.
        random: for post-processing, never for noise on data.

    Raises:
        CompositionError: what was measured is not `micro`; nothing may be stored or answered.
    """
    accountant = Accountant()
    measures = {measure.name: measure for measure in MEASURES}
    found = {}
    for kind in PatternKind:
        features = [Feature(name, measures[name].floor, measures[name].caps[grain]) for name in FEATURES[kind]]
        looks = Looks(rows.of(kind), SegmentationPlan(micro_of(kind, micro)), noise, accountant, kind.value)
        found[kind] = segmented(looks, features, random)
    accountant.settle(micro, 0.0)
    return found


def patterns(found: Mapping[PatternKind, Segmentation]) -> Sequence[Pattern]:
    """Return every segment that was found."""
    return [
        Pattern(kind, position, segment, segmentation.stability)
        for kind, segmentation in found.items()
        for position, segment in enumerate(segmentation.segments)
    ]


WORDS = {
    Outcome.TOO_FEW_PLAYERS: "too few players for the noise; that is the answer, and it cost the same",
    Outcome.NO_SEGMENTS: "the noisy figures support no two segments",
}


def notes(found: Mapping[PatternKind, Segmentation]) -> Sequence[str]:
    """Return why there are no segments of a kind, in words."""
    return [
        f"No {kind.value.replace('_', ' ')} segments: {WORDS[segmentation.outcome]}."
        for kind, segmentation in found.items()
        if segmentation.outcome in WORDS
    ]


def summary(found: Mapping[PatternKind, Segmentation]) -> Mapping[str, object]:
    """Return how each segmentation ended, with its noisy number of players as drawn, as JSON values."""
    return {
        kind.value: {
            "outcome": segmentation.outcome.value,
            "stability": segmentation.stability,
            "players": segmentation.players,
            "players_scale": segmentation.players_scale,
        }
        for kind, segmentation in found.items()
    }
