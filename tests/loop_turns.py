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


USUAL_SECONDS = 0.03
"""How long the machine that the bound was set on takes to count to a million."""


def patience() -> float:
    """Return the milliseconds of processor time that a turn may take: 200, and as many times more as we are slower.

    Benchmarks hold the loop's 50 ms. Here a core is shared with other tests, and a processor's second is worth less
    then; what this finds is work that nobody cut into pieces.
    """
    return 200 * max(1.0, *(_count() / USUAL_SECONDS for _ in range(3)))


def _count() -> float:
    begin, number = time.thread_time(), 0
    while number < 1_000_000:
        number += 1
    return time.thread_time() - begin


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
