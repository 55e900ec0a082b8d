"""Noise: OpenDP's exact integer Laplace, and its thresholded selection of names.

Each draw comes with the loss that OpenDP's own privacy map states for the sensitivity; nothing here computes an
epsilon.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from opendp.domains import atom_domain, map_domain, vector_domain
from opendp.measurements import make_laplace, make_laplace_threshold
from opendp.metrics import absolute_distance, l01inf_distance, l1_distance
from opendp.mod import enable_features

from aggregation_svc.domain.privacy.accountant import MICRO, Loss

# Not by `opendp.prelude`, which brings scikit-learn along: seconds of each start.
enable_features("contrib")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Noisy integers, signed, as drawn."""

    values: tuple[int, ...]
    scale: float
    """Scale of the Laplace noise, in the values' unit."""
    loss: Loss


@dataclass(frozen=True, slots=True)
class Selected:
    """Names whose noisy count passed the threshold, sorted."""

    names: tuple[str, ...]
    scale: float
    threshold: int
    loss: Loss


class Noise(Protocol):
    """Where noise comes from. The one implementation for players' data is `OpenDpNoise`."""

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        """Add integer Laplace noise to each value.

        Args:
            values: exact integers, of which one player moves the whole vector by at most `sensitivity` in L1.
            sensitivity: at least 1.
            micro: micro-epsilon to spend, at least 1.
        """
        ...

    def select(self, counts: Mapping[str, int], micro: int, delta: float) -> Selected:
        """Select names by noisy count, where each player counts once under one name.

        Args:
            counts: players by name.
            micro: micro-epsilon to spend, at least 1.
            delta: the chance, at most, that a name of one single player is told.
        """
        ...


def _cost(measurement: Any, distance: Any) -> Any:
    """Return what OpenDP's privacy map states; its stubs leave it untyped."""
    return measurement.map(distance)


def _scale(sensitivity: int, micro: int) -> float:
    """Return the smallest scale whose map is at most the epsilon, found upwards from the textbook's one."""
    metric = atom_domain(T="i64"), absolute_distance(T="i64")
    scale = sensitivity * MICRO / micro
    while Fraction(_cost(make_laplace(*metric, scale=scale), sensitivity)) > Fraction(micro, MICRO):
        scale = math.nextafter(scale, math.inf)
    return scale


class OpenDpNoise:
    """Noise from OpenDP's samplers, which draw from the system's cryptographic randomness."""

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        """See `Noise.laplace`."""
        space = vector_domain(atom_domain(T="i64")), l1_distance(T="i64")
        scale = _scale(sensitivity, micro)
        measurement = make_laplace(*space, scale=scale)
        drawn = tuple(measurement(list(values))) if values else ()
        return Drawn(drawn, scale, Loss(Fraction(_cost(measurement, sensitivity))))

    def select(self, counts: Mapping[str, int], micro: int, delta: float) -> Selected:
        """See `Noise.select`."""
        space = (
            map_domain(atom_domain(T=str), atom_domain(T="i64")),
            l01inf_distance(absolute_distance(T="i64")),
        )
        scale = _scale(1, micro)
        threshold = math.ceil(1 + scale * math.log(1 / (2 * delta)))
        while True:
            measurement = make_laplace_threshold(*space, scale=scale, threshold=threshold)
            epsilon, spent = _cost(measurement, (1, 1, 1))
            if spent <= delta:
                break
            threshold += 1
        names = tuple(sorted(measurement(dict(counts))))
        return Selected(names, scale, threshold, Loss(Fraction(epsilon), spent))
