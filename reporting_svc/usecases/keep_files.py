"""What is past its term goes: reports and their files.

A store of files may be away, and a process may be killed between the two: folders of reports that are gone are kept in
the database until their files are gone too.
"""

from dataclasses import dataclass

from reporting_svc.ports import Files
from reporting_svc.store_ports import Reports
from reporting_svc.usecases.past_term import looked_for

AT_ONCE = 200
"""Reports, and folders, that are removed at once."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Removes reports that are past their term, and the files of all that are gone."""

    reports: Reports
    files: Files

    async def run(self) -> None:
        """Look for ever."""
        await looked_for(self.once)

    async def once(self) -> int:
        """Remove what is past its term now; return how many reports went."""
        removed = 0
        while gone := await self.reports.expire(AT_ONCE):
            removed += len(gone)
        while folders := await self.reports.discarded(AT_ONCE):
            await self.files.forget(folders)
            await self.reports.forgotten(folders)
        return removed
