"""Segments of released periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import Pattern
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases


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

    async def __call__(
        self, which: PatternFilter, first: int, count: int
    ) -> tuple[Sequence[tuple[Release, Pattern]], bool]:
        """Return `count` patterns from position `first` on, newest period first, and whether more follow."""
        found: list[tuple[Release, Pattern]] = []
        for release_id in await self._ids(which):
            release = await self._releases.get(release_id)
            if release is None:
                continue
            found += [(release, one) for one in release.answer.patterns if which.kind in (None, one.kind)]
            if len(found) > first + count:
                break
        return found[first : first + count], len(found) > first + count

    async def _ids(self, which: PatternFilter) -> Sequence[str]:
        if which.release_id:
            return [which.release_id]
        newest: dict[object, str] = {}
        for release in await self._releases.listed(ReleaseFilter(Kind.COHORTS, None, which.since, which.until)):
            newest.setdefault(release.question.period, release.release_id)
        return list(newest.values())
