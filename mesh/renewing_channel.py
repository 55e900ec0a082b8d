"""A channel whose certificate may be renewed while it is open.

gRPC reads a client's certificate once per channel. This one opens another channel when the files have changed; calls
that are running end on the old one.
"""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import grpc

from mesh.settings import SettingError

_LOOK_EVERY = 10.0
_OLD_CALLS_END_WITHIN = 600.0


class RenewingChannel(grpc.aio.Channel):
    """Stands for the newest of a row of channels; stubs made of it always call through that one."""

    def __init__(
        self,
        open_channel: Callable[[], grpc.aio.Channel],
        stamp: Callable[[], object],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the first channel; open another when `stamp` answers anew, asked at most every ten seconds."""
        self._open, self._read_stamp, self._clock = open_channel, stamp, clock
        self._stamp, self._looked = stamp(), clock()
        self._channel = open_channel()
        self._closing: set[asyncio.Task[None]] = set()

    def newest(self) -> grpc.aio.Channel:
        """Return the channel for the next call."""
        if self._clock() - self._looked < _LOOK_EVERY:
            return self._channel
        self._looked = self._clock()
        stamp = self._read_stamp()
        if stamp != self._stamp:
            try:
                newer = self._open()
            except SettingError:
                # Half written: the old certificate goes on, and the next look tries again.
                return self._channel
            task = asyncio.ensure_future(self._channel.close(_OLD_CALLS_END_WITHIN))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
            self._channel, self._stamp = newer, stamp
        return self._channel

    async def close(self, grace: float | None = None) -> None:
        """Close the newest channel and those whose calls still run."""
        for task in tuple(self._closing):
            task.cancel()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await self._channel.close(grace)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """Return the state of the newest channel."""
        return self._channel.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Wait until the newest channel is in another state."""
        await self._channel.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Wait until the newest channel is connected."""
        await self._channel.channel_ready()

    def unary_unary(self, *args: Any, **kwargs: Any) -> Any:
        """Return what makes calls of one method."""
        return _Method(self, "unary_unary", args, kwargs)

    def unary_stream(self, *args: Any, **kwargs: Any) -> Any:
        """Return what makes calls of one method."""
        return _Method(self, "unary_stream", args, kwargs)

    def stream_unary(self, *args: Any, **kwargs: Any) -> Any:
        """Return what makes calls of one method."""
        return _Method(self, "stream_unary", args, kwargs)

    def stream_stream(self, *args: Any, **kwargs: Any) -> Any:
        """Return what makes calls of one method."""
        return _Method(self, "stream_stream", args, kwargs)


class _Method:
    """Makes calls of one method through the newest channel."""

    def __init__(self, owner: RenewingChannel, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._owner, self._kind, self._args, self._kwargs = owner, kind, args, kwargs
        self._channel: grpc.aio.Channel | None = None
        self._method: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        channel = self._owner.newest()
        if channel is not self._channel:
            self._channel, self._method = channel, getattr(channel, self._kind)(*self._args, **self._kwargs)
        return self._method(*args, **kwargs)
