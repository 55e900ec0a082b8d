"""A value that is read again while its last reading is still good enough: few wait for the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Refreshed(Generic[T]):
    """One reading for all who ask, at most `2 * seconds` old.

    From `seconds` on it is read anew while those who ask still get the last one; older than twice that, they wait.
    """

    def __init__(
        self, read: Callable[[], Awaitable[T]], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read by `read`; nothing is read before the first question."""
        self._read, self._seconds, self._clock = read, seconds, clock
        self._held: tuple[float, T] | None = None
        self._reading: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Return the value; raises what reading raised."""
        age = float("inf") if self._held is None else self._clock() - self._held[0]
        if self._held is not None and age < self._seconds:
            return self._held[1]
        if self._reading is None:
            self._reading = asyncio.create_task(self._again(), name="refresh")
            # Whoever waits is told; where nobody does, the next who asks reads anew.
            self._reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        if self._held is not None and age < 2 * self._seconds:
            return self._held[1]
        return await asyncio.shield(self._reading)

    def forget(self) -> None:
        """Let the next who asks read, whatever is being read now."""
        self._held = self._reading = None

    async def _again(self) -> T:
        mine, began = asyncio.current_task(), self._clock()
        try:
            value = await self._read()
            if self._reading is mine:
                self._held = began, value
            return value
        finally:
            if self._reading is mine:
                self._reading = None
