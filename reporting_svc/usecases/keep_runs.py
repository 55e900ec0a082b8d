"""What is past its term goes: the runs of schedules."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from reporting_svc.ports import Schedules

EVERY = 600.0
"""Seconds between looks."""

AT_ONCE = 1000
"""Runs that are removed in one transaction."""


@dataclass(frozen=True, slots=True)
class RunExpiry:
    """Removes runs that ended longer ago than they are kept."""

    schedules: Schedules
    kept: timedelta

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY)

    async def once(self) -> int:
        """Remove what is past its term now; return how many runs went."""
        removed = 0
        while gone := await self.schedules.expire(self.kept, AT_ONCE):
            removed += gone
        return removed
