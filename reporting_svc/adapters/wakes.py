"""Wake-ups over the bus, with a look every so often in any case.

Each report has a topic of its own: twenty that are made at once and watched would otherwise wake each watcher for the
changes of all, and four hundred reads a step would be made for twenty that find something.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from mesh.bus import Bus
from reporting_svc.ports import Wakes

QUEUE = "reports"


@dataclass(frozen=True, slots=True)
class BusWakes(Wakes):
    """Wakes whoever waits for a report or for work; `ending` ends all waits."""

    bus: Bus
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def changed(self, report_id: str) -> None:
        """Say to those who watch a report that it changed."""
        await self.bus.publish(_topic(report_id), b"")

    async def queue_changed(self) -> None:
        """Say to those who work that a report joined the queue or is over."""
        await self.bus.publish(QUEUE, b"")

    def watch(self, report_id: str, every: float) -> AsyncIterator[None]:
        """Yield at once, then at each change of a report and at least every so many seconds."""
        return self._wakes(_topic(report_id), every)

    def watch_queue(self, every: float) -> AsyncIterator[None]:
        """Yield at once, then at each change of the queue and at least every so many seconds."""
        return self._wakes(QUEUE, every)

    async def _wakes(self, topic: str, every: float) -> AsyncIterator[None]:
        async with self.bus.subscribe(topic) as subscription:
            end = asyncio.ensure_future(self.ending.wait())
            wake: asyncio.Future[bytes] | None = None
            try:
                while not self.ending.is_set():
                    yield
                    wake = wake or asyncio.ensure_future(anext(subscription))
                    both: set[asyncio.Future[Any]] = {wake, end}
                    await asyncio.wait(both, timeout=every, return_when=asyncio.FIRST_COMPLETED)
                    if wake.done():
                        wake.result()
                        wake = None
            finally:
                for task in (wake, end):
                    if task is not None:
                        task.cancel()


def _topic(report_id: str) -> str:
    return f"{QUEUE}/{report_id}"
