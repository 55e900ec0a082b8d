"""Turns of the event loop: work on a large message lets other calls have theirs."""

import asyncio


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
            await asyncio.sleep(0)
