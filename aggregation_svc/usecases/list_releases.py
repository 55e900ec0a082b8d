"""List stored releases."""

from collections.abc import Sequence

from aggregation_svc.domain.releases import Place, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases


class ListReleases:
    """Stored releases without their cells, newest period first."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, which: ReleaseFilter, before: Place | None, count: int) -> tuple[Sequence[Release], bool]:
        """Return the `count` releases that stand below `before` in the list, and whether more follow."""
        listed = await self._releases.listed(which)
        found = [release for release in listed if before is None or release.place < before]
        return found[:count], len(found) > count
