"""What is past its term goes: reports and their files."""

import asyncio
from dataclasses import dataclass

from reporting_svc.ports import Files, Reports

EVERY = 600.0
"""Seconds between looks."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Removes reports that are past their term."""

    reports: Reports
    files: Files

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY)

    async def once(self) -> int:
        """Remove what is past its term now; return how many reports went."""
        removed = 0
        while gone := await self.reports.expire(200):
            await self.files.forget(gone)
            removed += len(gone)
        return removed
