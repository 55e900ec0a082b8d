"""Places three and four: a k-means step in which each player tells only its offset from its own centre.

A player belongs to the nearest centre, tells that it is there (weight `PRESENCE`) and its offset in units of the
segment's radius, clipped to at most `OFFSET` in L1 and rounded towards zero. Its whole message has an L1 norm of at
most `PRESENCE + OFFSET`, whatever it is: that is the sensitivity. Offsets are small where positions are not, so the
same noise moves the centres less.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.privacy.noise import Drawn

OFFSET = 1000
"""An offset of one radius."""
PRESENCE = 500
"""How a player's presence weighs beside its offset."""
SENSITIVITY = PRESENCE + OFFSET
FEWEST = 3.0
"""A centre moves only where its noisy number of players is above this many noise scales of that number."""


@dataclass(frozen=True, slots=True)
class Centres:
    """Centres of segments and how far their players are from them, all released."""

    points: NDArray[np.float64]
    """(segments, features), in thousandths of the public bounds."""
    radii: NDArray[np.float64]
    """(segments,): L1 distance beyond which an offset is clipped."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """Centres after a step, with what the step measured."""

    points: NDArray[np.float64]
    """(segments, features)."""
    players: NDArray[np.float64]
    """(segments,): noisy, signed."""
    players_scale: float
    """Scale of the Laplace noise in `players`."""
    points_scale: NDArray[np.float64]
    """(segments,): scale of the Laplace noise in each coordinate of a centre; infinite where it was not moved."""


def nearest(rows: NDArray[np.int64] | NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the index of each row's nearest centre."""
    distances = -2.0 * (rows @ points.T) + (points * points).sum(axis=1)
    closest: NDArray[np.int64] = np.argmin(distances, axis=1)
    return closest


def messages(rows: NDArray[np.int64], centres: Centres) -> NDArray[np.int64]:
    """Return the sum of all players' messages: (segments, 1 + features), presence first."""
    segment = nearest(rows, centres.points)
    radius = centres.radii[segment][:, None]
    offset = (rows - centres.points[segment]) / radius * OFFSET
    length = np.abs(offset).sum(axis=1, keepdims=True)
    told = np.trunc(offset * np.minimum(1.0, OFFSET / np.maximum(length, 1e-9))).astype(np.int64)
    # Rounding in the product may leave an L1 norm of OFFSET + 1: bound it in integers, where the privacy is proven.
    excess = np.maximum(np.abs(told).sum(axis=1) - OFFSET, 0)
    largest = np.abs(told).argmax(axis=1)
    each = np.arange(len(rows))
    told[each, largest] -= np.sign(told[each, largest]) * excess
    sums = np.zeros((len(centres.points), 1 + rows.shape[1]), dtype=np.int64)
    sums[:, 0] = PRESENCE * np.bincount(segment, minlength=len(sums))
    for feature in range(rows.shape[1]):
        np.add.at(sums[:, 1 + feature], segment, told[:, feature])
    return sums


def stepped(drawn: Drawn, centres: Centres) -> Stepped:
    """Return the centres moved by the mean offset, from `messages` with noise."""
    sums = np.array(drawn.values, dtype=np.float64).reshape(len(centres.points), -1)
    players = sums[:, 0] / PRESENCE
    players_scale = drawn.scale / PRESENCE
    heard = players > FEWEST * players_scale
    shares = np.where(heard, centres.radii / (OFFSET * np.where(heard, players, 1.0)), 0.0)
    moves = sums[:, 1:] * shares[:, None]
    # No centre moves farther than its radius: a mean of clipped offsets cannot.
    length = np.abs(moves).sum(axis=1)
    moves *= np.minimum(1.0, centres.radii / np.maximum(length, 1e-9))[:, None]
    points_scale = np.where(heard, shares * drawn.scale, np.inf)
    return Stepped(centres.points + moves, players, players_scale, points_scale)
