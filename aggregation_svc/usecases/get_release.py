"""Read one stored release. Reading never creates and never charges."""

from aggregation_svc.domain.releases import Release
from aggregation_svc.release_ports import Releases
from mesh.refusal import NotFound


class GetRelease:
    """One stored release with all its cells."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, release_id: str) -> Release:
        """Return the release; raises NotFound."""
        found = await self._releases.get(release_id)
        if found is None:
            raise NotFound("release_not_found", "There is no release of that id. List them with ListReleases.")
        return found
