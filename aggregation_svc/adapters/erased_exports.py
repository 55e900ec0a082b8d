"""The exports' part in an erasure: it is open until every exported month was compared with what the database holds."""

import asyncio
import logging
from collections.abc import Sequence

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.domain.rights import Forgotten, Records
from aggregation_svc.rights_ports import OtherService
from mesh.refusal import Unavailable

PATIENCE = 2.0
"""Seconds that the first of several erasures waits for small exports; large ones are asked about again."""

_LOG = logging.getLogger(__name__)


class ErasedExports(OtherService):
    """The exports as a holder of facts. One round over all months serves every erasure that was asked for before it."""

    name = "exports"

    def __init__(self, exports: FactExports, *, in_use: bool) -> None:
        """Refresh `exports`; `in_use`: releases are computed from them, so that a first one may be under way unseen."""
        self._exports, self._in_use = exports, in_use
        self._begun = self._ended = 0
        self._needed: dict[str, int] = {}
        self._working: asyncio.Task[None] | None = None

    def holds_facts(self) -> bool:
        """Return whether any month was exported, whatever computes releases now, or may be exported at this moment."""
        return self._in_use or bool(self._exports.exported())

    async def forget(self, canonical_id: str, erasure_id: str) -> Forgotten:
        """Be done once a round over the exports has ended that began after the player's facts had left the database.

        Raises:
            Unavailable: the round has not ended, or failed.
        """
        needed = self._needed.setdefault(erasure_id, self._begun + 1)
        if self._ended < needed:
            if self._working is None:
                self._working = asyncio.create_task(self._work(), name="erased exports")
                self._working.add_done_callback(self._stopped)
            if len(self._needed) == 1:
                await asyncio.wait({self._working}, timeout=PATIENCE)
        if self._ended < needed:
            raise Unavailable("exports_being_written", "The exports are being written again.", retry_after=PATIENCE)
        del self._needed[erasure_id]
        return Forgotten(done=True, removed={})

    async def collect(self, canonical_id: str) -> Sequence[Records]:
        """Return nothing: the exports hold no fact that the store does not hold."""
        return ()

    async def close(self) -> None:
        """Leave a round; the erasures that wait for it ask again after the next start."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        while self._ended < max(self._needed.values(), default=0):
            self._begun += 1
            await self._exports.refresh_exported()
            self._ended = self._begun

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._working = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("exports_refresh_failed", exc_info=error)
