"""Turns of the event loop: work on a large message lets small calls have theirs, and goes on when none wants one.

A small call is some five passes of the loop long. To give way once after each piece of work would add a piece to each
of these passes; so the work waits for a pass in which nothing else was done.
"""

import asyncio
import time
from collections.abc import Callable

IDLE_SECONDS = 60e-6
"""A pass of the loop that takes no longer did nothing of weight: an empty one takes a quarter of it."""
PATIENCE_SECONDS = 1.5e-3
"""What is never idle still gives a turn after this time, so that a large message gets a share of a busy loop."""


class Turns:
    """Pieces of work one after another, each when the loop has nothing else to do."""

    def __init__(self, size: int, clock: Callable[[], float] = time.perf_counter) -> None:
        """Give way after `size` sessions, of whatever message; `clock` gives seconds."""
        self._size, self._clock, self._done = size, clock, 0
        self._line = asyncio.Lock()

    async def next(self) -> None:
        """Return after a pass of the event loop that had nothing else to do, or after 1.5 ms, when it is our turn.

        One at a time looks for such a pass: several would be work to each other, and none would find the loop idle.
        """
        async with self._line:
            now = self._clock()
            latest = now + PATIENCE_SECONDS
            while True:
                before = now
                await asyncio.sleep(0)
                now = self._clock()
                if now - before < IDLE_SECONDS or now > latest:
                    return

    async def after(self, sessions: int) -> None:
        """Note that so many sessions were worked on."""
        self._done += sessions
        if self._done >= self._size:
            self._done = 0
            await self.next()
