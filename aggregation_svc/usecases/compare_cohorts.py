"""Compare two released cells."""

from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.comparison import Comparison, compared
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_statistics import Cell
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases
from mesh.refusal import InvalidArgument, NotFound, Violation


@dataclass(frozen=True, slots=True)
class Side:
    """What is asked for: a cell of a period; the latest released one where no start is given."""

    grain: Grain
    period_start: datetime | None
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Compared:
    """Two cells with where they come from."""

    left: tuple[Release, Cell]
    right: tuple[Release, Cell]
    comparison: Comparison
    may_share_players: bool


class CompareCohorts:
    """Put two released cells side by side."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, left: Side, right: Side, measure: str | None) -> Compared:
        """Compare right with left, in one measure or in all.

        Raises:
            NotFound: a period is not released, or has no such cell to show.
            InvalidArgument: both sides are the same cell.
        """
        one, other = await self._cell(left), await self._cell(right)
        if one[0].release_id == other[0].release_id and one[1].cohort == other[1].cohort:
            sentence = "is the same cohort of the same period as left"
            raise InvalidArgument(
                "same_cohort", f"right {sentence}.", violations=[Violation("right", "cohort.other", sentence)]
            )
        shared = one[0].release_id != other[0].release_id or _nested(one[1].cohort, other[1].cohort)
        return Compared(one, other, compared(one[1], other[1], measure, shared=shared), shared)

    async def _cell(self, side: Side) -> tuple[Release, Cell]:
        for head in await self._releases.listed(ReleaseFilter(Kind.COHORTS, side.grain)):
            period = head.question.period
            if side.period_start is None or (period is not None and period.start == side.period_start):
                break
        else:
            raise NotFound("release_not_found", f"No such {side.grain} is released. See ListReleases.")
        release = await self._releases.get(head.release_id)
        for cell in release.answer.cells if release is not None else ():
            if cell.cohort == side.cohort and not cell.hidden and release is not None:
                return release, cell
        raise NotFound(
            "cell_not_found", f"That period shows no cohort {side.cohort.name!r}: it does not exist, or is too small."
        )


def _nested(one: Cohort, other: Cohort) -> bool:
    return one.focus is None or other.focus is None or (one.focus == other.focus and None in (one.level, other.level))
