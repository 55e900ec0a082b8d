"""Stubs whose errors are refusals: what a service raised is what its caller catches."""

from collections.abc import AsyncIterator, Generator
from typing import Any

import grpc

from tta_analytics.client.refusals import refusal_of


class Answer:
    """A running call: await its answer, or iterate over its answers; either raises a `Refusal`."""

    def __init__(self, call: Any) -> None:
        """Wrap a call of grpc.aio."""
        self._call = call

    def __await__(self) -> Generator[Any, Any, Any]:
        try:
            return (yield from self._call.__await__())
        except grpc.RpcError as error:
            raise refusal_of(error) from error

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Yield the answers; a call that its reader leaves is cancelled."""
        try:
            async for message in self._call:
                yield message
        except grpc.RpcError as error:
            raise refusal_of(error) from error
        finally:
            self._call.cancel()

    def cancel(self) -> None:
        """End the call."""
        self._call.cancel()


class Calls:
    """A stub of grpc.aio that raises refusals."""

    def __init__(self, stub: Any) -> None:
        """Wrap a stub."""
        self._stub = stub

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._stub, name)
        return lambda *args, **options: Answer(method(*args, **options))
