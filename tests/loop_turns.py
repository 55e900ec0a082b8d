"""How long a turn of the event loop takes, in time of the processor: what else runs on the machine does not count."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mesh.process import collect_rarely


@dataclass(slots=True)
class LongestTurn:
    """The longest turn so far."""

    milliseconds: float = 0.0


@asynccontextmanager
async def turns_watched() -> AsyncIterator[LongestTurn]:
    """Measure every turn of the running loop until the block ends. Garbage is collected as in a serving process."""
    longest = LongestTurn()
    usual = gc.get_threshold()
    collect_rarely()

    async def watch() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            longest.milliseconds = max(longest.milliseconds, (now - before) * 1000)
            before = now

    watching = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        # What held the loop last is seen by the turn after it.
        await asyncio.sleep(0)
        watching.cancel()
        gc.unfreeze()
        gc.set_threshold(*usual)
