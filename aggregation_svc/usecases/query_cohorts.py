"""Cells of released periods."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import Level
from aggregation_svc.domain.release_statistics import Cell
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases
from aggregation_svc.usecases.release_pages import PartsPage, Position, ReleasePages


@dataclass(frozen=True, slots=True)
class CellFilter:
    """Which cells; None or empty does not restrict."""

    level: Level | None = None
    cohort: Cohort = field(default_factory=Cohort)

    def takes(self, cell: Cell) -> bool:
        """Return whether a cell is wanted."""
        wanted, there = self.cohort, cell.cohort
        return (
            (self.level is None or cell.level is self.level)
            and (not wanted.focus or there.focus == wanted.focus)
            and (not wanted.frequency or there.frequency == wanted.frequency)
            and (not wanted.level or there.level == wanted.level)
        )


class QueryCohorts:
    """Cells of stored releases, of the highest revision of each period."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases
        self._pages = ReleasePages(releases, lambda release: release.answer.cells)

    async def periods(self, grain: Grain, since: datetime | None, until: datetime | None) -> Sequence[Release]:
        """Return the releases that answer, without cells, newest period first; without bounds the latest one."""
        listed = await self._releases.listed(ReleaseFilter(Kind.COHORTS, grain, since, until))
        newest: dict[datetime, Release] = {}
        for release in listed:
            period = release.question.period
            if period is not None:
                newest.setdefault(period.start, release)
        found = tuple(newest.values())
        return found[:1] if since is None and until is None else found

    async def __call__(
        self, periods: Sequence[Release], which: CellFilter, begin: Position | None, count: int
    ) -> PartsPage[Cell]:
        """Return `count` cells of the periods from `begin` on."""
        return await self._pages(periods, which.takes, begin, count)
