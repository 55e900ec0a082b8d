"""A standby of the primary database, for what is written once and read often.

It lags behind, by milliseconds as a rule, may be away, and ends a read that holds up what it has to replay:
PostgreSQL's recovery conflicts, which come as Aborted. So it is asked first, never alone: what it does not hold is
looked for at the primary, which also answers all while the standby does not.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import Aborted, Unavailable
from mesh.telemetry import counter

_LOG = logging.getLogger(__name__)

READS = counter("standby_reads", "Reads that a standby could have answered, by who did", ["answered_by"])

T = TypeVar("T")


class ReadFirst:
    """The primary, and a standby that is asked before it where there is one."""

    def __init__(self, primary: Database, standby: Database | None = None) -> None:
        """Ask `standby` first."""
        self._primary, self._standby = primary, standby

    @property
    def may_lag(self) -> bool:
        """Whether what was just written may be missing from what is read."""
        return self._standby is not None

    async def find(self, read: Callable[[AsyncConnection], Awaitable[T | None]]) -> T | None:
        """Return what is read from the standby, or where that is nothing from the primary; raises as `read` does."""
        if self._standby is not None:
            try:
                async with self._standby.read() as connection:
                    found = await read(connection)
            except (Unavailable, Aborted) as refusal:
                _LOG.warning("standby_away", extra={"reason": refusal.reason})
            else:
                if found is not None:
                    READS.labels("standby").inc()
                    return found
            READS.labels("primary").inc()
        async with self._primary.read() as connection:
            return await read(connection)
