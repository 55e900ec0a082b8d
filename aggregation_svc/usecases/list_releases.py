"""List stored releases."""

from collections.abc import Sequence

from aggregation_svc.domain.releases import Release
from aggregation_svc.release_ports import ReleaseFilter, Releases


class ListReleases:
    """Stored releases without their cells, newest period first."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, which: ReleaseFilter, first: int, count: int) -> tuple[Sequence[Release], bool]:
        """Return `count` releases from position `first` on, and whether more follow."""
        found = await self._releases.listed(which)
        return found[first : first + count], len(found) > first + count
