"""Read a stored retention. Reading never creates and never charges."""

from datetime import datetime

from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.releases import Kind, Release
from aggregation_svc.release_ports import ReleaseFilter, Releases
from mesh.refusal import NotFound


class GetRetention:
    """The retention of one entry period, of its highest revision."""

    def __init__(self, releases: Releases) -> None:
        """Take the store."""
        self._releases = releases

    async def __call__(self, grain: Grain, period_start: datetime | None) -> Release:
        """Return the release of the latest entry period, or of the one that starts at `period_start`.

        Raises:
            NotFound: no such retention is released.
        """
        for release in await self._releases.listed(ReleaseFilter(Kind.RETENTION, grain)):
            period = release.question.period
            if period_start is None or (period is not None and period.start == period_start):
                return release
        raise NotFound(
            "release_not_found",
            f"No retention of such a {grain} is released. Release it with CreateRelease and kind retention.",
        )
