"""The exports' part in an erasure: it is open until every exported month was compared with what the database holds."""

import asyncio
import logging
from collections.abc import Sequence

import sqlalchemy as sa

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.tables import erasures, subject_changes
from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.rights_ports import OtherService
from mesh.database import Database
from mesh.refusal import Unavailable

PATIENCE = 2.0
"""Seconds in which comparing small exports ends; whoever asks later finds it under way, and asks again."""
REMEMBERED = 1000
"""Erasures of other services whose change of subjects this process remembers."""

_LOG = logging.getLogger(__name__)


class ErasedExports(OtherService):
    """The exports as a holder of facts.

    An erasure is a change of subjects with a number, and each month's manifest says up to which change it was compared:
    replicas that share the folder share the work, and whichever is asked knows what the others have done.
    """

    name = "exports"

    def __init__(self, exports: FactExports, database: Database) -> None:
        """Refresh `exports`; `database` knows the erasures."""
        self._exports, self._database = exports, database
        self._asked: dict[str, int] = {}
        self._wanted = 0
        self._patient_until = 0.0
        self._working: asyncio.Task[None] | None = None

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        """Be done once every exported month was compared after the player's facts had left the database.

        Raises:
            Unavailable: some were not yet, or comparing failed, or the folder is empty though facts were exported.
        """
        change = await self._change(erasure_id)
        if not await self._compared(change):
            await self._begin(change)
            if not await self._compared(change):
                raise Unavailable("exports_being_written", "The exports are being written again.", retry_after=PATIENCE)
        return Forgotten(done=True, removed={})

    async def _begin(self, change: int) -> None:
        """Begin to compare, unless somebody has, and wait for it while it is young."""
        now = asyncio.get_running_loop().time()
        self._wanted = max(self._wanted, change)
        if self._working is None:
            self._working = asyncio.create_task(self._work(), name="erased exports")
            self._working.add_done_callback(self._stopped)
            self._patient_until = now + PATIENCE
        if now < self._patient_until:
            await asyncio.wait({self._working}, timeout=self._patient_until - now)

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        """Return nothing: the exports hold no fact that the store does not hold."""
        return ()

    async def close(self) -> None:
        """Leave the work; the erasures that wait for it ask again after the next start."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _change(self, erasure_id: str) -> int:
        """Return which change of subjects an erasure was; of one that is not recorded here, the last one by now."""
        async with self._database.read() as connection:
            recorded = sa.select(erasures.c.changes).where(erasures.c.erasure_id == erasure_id)
            change = (await connection.execute(recorded)).scalar_one_or_none()
            last = (await connection.execute(sa.select(subject_changes.c.changes))).scalar_one()
        if change is not None:
            return int(change)
        change = self._asked.setdefault(erasure_id, int(last))
        if len(self._asked) > REMEMBERED:
            del self._asked[next(iter(self._asked))]
        return change

    async def _compared(self, change: int) -> bool:
        compared = await self._exports.compared(change)
        if compared is None and await self._exports.lost():
            _LOG.error("exports_missing")
            raise Unavailable("exports_missing", "The folder of exports is empty, and facts were exported: mount it.")
        return compared is not False

    async def _work(self) -> None:
        done = -1
        while done < self._wanted:
            done = self._wanted
            await self._exports.refresh_exported(done)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._working = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("exports_refresh_failed", exc_info=error)
