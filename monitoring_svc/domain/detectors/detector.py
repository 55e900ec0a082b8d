"""The one shape of every detector."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, Self

from mesh.refusal import InvalidArgument

State = Mapping[str, Any]
"""A detector's whole state as JSON: objects, arrays, strings, finite numbers, booleans and null."""


class Detector(Protocol):
    """Scores one series, point by point, from what it has seen of it so far."""

    kind: ClassVar[str]
    """Name of the detector in rules and checkpoints."""
    version: ClassVar[int]
    """Version of its state: a state of another version is not restored."""
    threshold: ClassVar[float]
    """The score from which a point is an alarm, the same for every series."""

    def score(self, value: float, at: float) -> float:
        """Return how unusual `value` is at `at` (seconds since 1970), at least 0, and learn it.

        Raises:
            InvalidArgument: The value or the time is not finite, or the value is beyond 1e100.
        """
        ...

    def snapshot(self) -> dict[str, Any]:
        """Return everything that the next score depends on, ready for JSON."""
        ...

    @classmethod
    def restore(cls, state: State) -> Self:
        """Return the detector that gave `state`: its next scores are the same, bit for bit."""
        ...


LARGEST = 1e100
"""Largest absolute value of a point: its square and sums of them are still numbers."""


def refuse_unusable(value: float, at: float) -> None:
    """Refuse a point that no detector can learn from."""
    if not (-LARGEST <= value <= LARGEST and math.isfinite(at)):
        raise InvalidArgument(
            "metric_not_usable",
            "A metric's value and its time must be finite numbers, the value at most 1e100 in size.",
        )
