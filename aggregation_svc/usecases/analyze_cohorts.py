"""The cohorts of one released period, each with the trend of its means over the releases before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.release_plan import MEASURES, Level
from aggregation_svc.domain.release_statistics import Cell
from aggregation_svc.domain.release_trends import Trend, trend
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases
from mesh.refusal import NotFound


@dataclass(frozen=True, slots=True)
class CohortAnalysis:
    """One cohort and how its means moved."""

    cell: Cell
    trends: Mapping[str, Trend]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The cohorts of one period."""

    release: Release
    cohorts: Sequence[CohortAnalysis]


class AnalyzeCohorts:
    """Read released cohorts."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, grain: Grain, period_start: datetime | None, level: Level | None, before: int) -> Analysis:
        """Analyse the latest period, or the one that starts at `period_start`, with up to `before` releases before it.

        Raises:
            NotFound: no such period is released.
        """
        history = await self.history(grain, period_start, before)
        if not history:
            raise NotFound(
                "release_not_found", f"No such {grain} is released. Release it with CreateRelease, or see ListReleases."
            )
        release, cells = history[0], [{cell.cohort: cell for cell in one.answer.cells} for one in history]
        cohorts = [
            CohortAnalysis(cell, _trends(cell.cohort, cells))
            for cell in release.answer.cells
            if (level is None or cell.level is level) and not cell.hidden
        ]
        return Analysis(release, cohorts)

    async def history(self, grain: Grain, period_start: datetime | None, before: int) -> Sequence[Release]:
        """Return the period's release with its cells, then those before it, newest first; empty where there is none."""
        heads: dict[datetime, Release] = {}
        for head in await self._releases.listed(ReleaseFilter(Kind.COHORTS, grain)):
            period = head.question.period
            if period is not None and (period_start is None or period.start <= period_start):
                heads.setdefault(period.start, head)
        if period_start is not None and period_start not in heads:
            return ()
        whole = [await self._releases.get(head.release_id) for head in list(heads.values())[: before + 1]]
        return [release for release in whole if release is not None]


def _trends(cohort: Cohort, history: Sequence[Mapping[Cohort, Cell]]) -> Mapping[str, Trend]:
    trends = {}
    for measure in MEASURES:
        figures = []
        for ago, cells in enumerate(history):
            released = cells[cohort].measures.get(measure.name) if cohort in cells else None
            if released is not None and released.mean is not None:
                figures.append((-float(ago), released.mean))
        found = trend(figures)
        if found is not None:
            trends[measure.name] = found
    return trends
