"""Ends a stream of messages with the caller's token: one timer a stream, not one a message."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from types import TracebackType
from typing import Any, Self

from mesh.refusal import Unauthenticated


class TokenEnd:
    """Interrupts the wait for a message at a moment; cancelled while one is sent, it would look like a broken pipe."""

    __slots__ = ("_at", "_cancelled", "_over", "_timer", "_waits")

    def __init__(self, at: float) -> None:
        """End at `at` of the event loop's time."""
        self._at = at
        self._waits: asyncio.Task[Any] | None = None
        self._over = self._cancelled = False

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_at(self._at, self._end)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self._over = True
        if self._waits is not None:
            self._cancelled = True
            self._waits.cancel()

    async def next_of(self, messages: AsyncIterator[Any]) -> Any:
        """Return the next message; raises Unauthenticated at the moment, StopAsyncIteration after the last."""
        if self._over:
            raise expired()
        self._waits = asyncio.current_task()
        try:
            return await anext(messages)
        except asyncio.CancelledError as error:
            if self._cancelled and self._waits is not None and self._waits.uncancel() == 0:
                raise expired() from error
            raise
        finally:
            self._waits = None


def expired() -> Unauthenticated:
    """Return the refusal of a token whose time is over."""
    return Unauthenticated("token_expired", "The token has expired; come back with a new one.")


async def until(end: float | None, messages: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    """Yield messages; raises Unauthenticated where `end`, of the event loop's time, comes before theirs."""
    if end is None:
        async for message in messages:
            yield message
        return
    with TokenEnd(end) as token:
        while True:
            try:
                message = await token.next_of(messages)
            except StopAsyncIteration:
                return
            yield message
