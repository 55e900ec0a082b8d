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


async def own_turn(clock: Callable[[], float] = time.perf_counter) -> None:
    """Return after a pass of the event loop that had nothing else to do, or after 1.5 ms; `clock` gives seconds."""
    now = clock()
    latest = now + PATIENCE_SECONDS
    while True:
        before = now
        await asyncio.sleep(0)
        now = clock()
        if now - before < IDLE_SECONDS or now > latest:
            return


class Turns:
    """Counts what was done, and gives way after every so much of it."""

    def __init__(self, size: int) -> None:
        """Give way after `size` sessions."""
        self._size, self._done = size, 0

    async def after(self, sessions: int) -> None:
        """Note that so many sessions were worked on."""
        self._done += sessions
        if self._done >= self._size:
            self._done = 0
            await own_turn()
