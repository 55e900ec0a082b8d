"""What a segmentation costs and where it spends it: public constants of a plan version."""

from dataclasses import dataclass
from enum import StrEnum

from mesh.refusal import InvalidArgument, Violation

RESOLUTION = 1000
"""K: a feature at its upper public bound is this integer, at its lower bound 0."""
MARGINAL_BINS = 32
"""Bins of each feature's histogram."""
MOST_SEGMENTS = 8
"""The largest number of segments that is ever tried."""
LEAST_SEGMENTS = 2
LEAST_EVIDENCE = 500.0
"""Players times epsilon below which a segmentation would be drawn from noise, and is refused."""


class Place(StrEnum):
    """Where a segmentation looks at players. Each look has noise and an account entry of its own."""

    MARGINALS = "marginals"
    GRID = "grid"
    FIRST_STEP = "first_step"
    SECOND_STEP = "second_step"


STEPS = (Place.FIRST_STEP, Place.SECOND_STEP)

SHARES = {Place.MARGINALS: 150, Place.GRID: 600, Place.FIRST_STEP: 125, Place.SECOND_STEP: 125}
"""Thousandths of a segmentation's epsilon by place."""


@dataclass(frozen=True, slots=True)
class SegmentationPlan:
    """The public side of one segmentation."""

    micro: int
    """What it costs, in micro-epsilon; the same whether segments are found or not."""
    segments: int | None = None
    """How many segments to find; None: as many as the noisy figures support."""

    def share(self, place: Place) -> int:
        """Micro-epsilon of one place; the rounding goes to the grid."""
        if place is Place.GRID:
            return self.micro - sum(self.share(other) for other in Place if other is not Place.GRID)
        return self.micro * SHARES[place] // 1000

    def __post_init__(self) -> None:
        """Refuse a number of segments that is never tried.

        Raises:
            InvalidArgument: it is not from LEAST_SEGMENTS to MOST_SEGMENTS.
        """
        if self.segments is not None and not LEAST_SEGMENTS <= self.segments <= MOST_SEGMENTS:
            sentence = f"is {self.segments}; {LEAST_SEGMENTS} to {MOST_SEGMENTS} are found"
            raise InvalidArgument(
                "segments_out_of_range",
                f"segments {sentence}.",
                violations=[Violation("segments", "segments.range", sentence)],
            )

    @property
    def epsilon(self) -> float:
        """What it costs, in epsilon."""
        return self.micro / 1e6
