"""What is past its term goes: the runs of schedules."""

from dataclasses import dataclass
from datetime import timedelta

from reporting_svc.store_ports import Schedules
from reporting_svc.usecases.past_term import looked_for

AT_ONCE = 1000
"""Runs that are removed in one transaction."""


@dataclass(frozen=True, slots=True)
class RunExpiry:
    """Removes runs that ended longer ago than they are kept."""

    schedules: Schedules
    kept: timedelta

    async def run(self) -> None:
        """Look for ever."""
        await looked_for(self.once)

    async def once(self) -> int:
        """Remove what is past its term now; return how many runs went."""
        removed = 0
        while gone := await self.schedules.expire(self.kept, AT_ONCE):
            removed += gone
        return removed
