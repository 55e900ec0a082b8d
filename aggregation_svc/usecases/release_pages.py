"""What stored releases hold, in pages: each part once, whatever is released between two of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aggregation_svc.domain.releases import Release
from aggregation_svc.release_ports import Releases
from mesh.refusal import NotFound

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: a release, which never changes, and how many of its parts were looked at."""

    release_id: str
    parts: int


@dataclass(frozen=True, slots=True)
class PartsPage(Generic[T]):
    """A page of parts, each with the release that holds it."""

    found: Sequence[tuple[Release, T]]
    rest: Position | None
    """Where the next page begins; None after the last part."""


class ReleasePages(Generic[T]):
    """Pages through one kind of parts of releases."""

    def __init__(self, releases: Releases, parts: Callable[[Release], Sequence[T]]) -> None:
        """Take the store, and what returns a release's parts in their order."""
        self._releases, self._parts = releases, parts

    async def __call__(
        self, heads: Sequence[Release], takes: Callable[[T], bool], begin: Position | None, count: int
    ) -> PartsPage[T]:
        """Return `count` parts from `begin` on.

        `heads` has one release a period, newest period first. A page begins in the release that the one before it ended
        in, even where that period has a newer revision by now.

        Raises:
            NotFound: The release that the page begins in is not stored.
        """
        found: list[tuple[Release, T]] = []
        for release_id, skipped in await self._from(heads, begin):
            release = await self._releases.get(release_id)
            if release is None:
                continue
            for place, part in enumerate(self._parts(release)[skipped:], skipped):
                if not takes(part):
                    continue
                if len(found) == count:
                    return PartsPage(found, Position(release_id, place))
                found.append((release, part))
        return PartsPage(found, None)

    async def _from(self, heads: Sequence[Release], begin: Position | None) -> Sequence[tuple[str, int]]:
        if begin is None:
            return [(head.release_id, 0) for head in heads]
        begun = await self._releases.get(begin.release_id)
        if begun is None:
            raise NotFound("release_not_found", "The release that this page begins in is gone; start again without it.")
        older = (head for head in heads if head.period_place < begun.period_place)
        return [(begin.release_id, begin.parts), *((head.release_id, 0) for head in older)]
