"""Wake-ups over the bus, with a look every so often in any case."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from mesh.bus import Bus
from reporting_svc.ports import Wakes

TOPIC = "reports"


@dataclass(frozen=True, slots=True)
class BusWakes(Wakes):
    """Wakes everybody who waits for a report; `ending` ends all waits."""

    bus: Bus
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def changed(self) -> None:
        """Say that some report changed."""
        await self.bus.publish(TOPIC, b"")

    async def watch(self, every: float) -> AsyncIterator[None]:
        """Yield at once, then at every wake-up and at least every so many seconds, until the process ends."""
        async with self.bus.subscribe(TOPIC) as subscription:
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
