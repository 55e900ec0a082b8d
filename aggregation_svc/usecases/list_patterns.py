"""Segments of released periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases
from aggregation_svc.usecases.release_pages import PartsPage, Position, ReleasePages


@dataclass(frozen=True, slots=True)
class PatternFilter:
    """Which patterns; None or empty does not restrict."""

    kind: PatternKind | None = None
    release_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


class ListPatterns:
    """Read stored segments, of the highest revision of each period. Charges nothing."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases
        self._pages = ReleasePages(releases, lambda release: release.answer.patterns)

    async def __call__(self, which: PatternFilter, begin: Position | None, count: int) -> PartsPage[Pattern]:
        """Return `count` patterns from `begin` on, newest period first."""
        return await self._pages(await self._heads(which), lambda one: which.kind in (None, one.kind), begin, count)

    async def _heads(self, which: PatternFilter) -> Sequence[Release]:
        if which.release_id:
            release = await self._releases.get(which.release_id)
            return [release] if release else []
        newest: dict[object, Release] = {}
        for release in await self._releases.listed(ReleaseFilter(Kind.COHORTS, None, which.since, which.until)):
            newest.setdefault(release.question.period, release)
        return list(newest.values())
