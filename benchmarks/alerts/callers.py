"""One who makes calls to a service and notes their answers with as little work of its own as the listeners do.

A caller through grpcio takes up to 1.5 ms from the call until the request is written, on a machine that rests between
calls; a median with that in it would show the caller. Here the request is written in the same turn of the loop.
"""

import asyncio
from typing import Self

from benchmarks.alerts.http2 import Connection, messages


class Caller:
    """One connection to a service, for the length of a block; each call has one request and one answer."""

    def __init__(self, target: str, token: str) -> None:
        """Call `target`, with a bearer token where there is one."""
        self._target = target
        self._metadata = [("authorization", f"Bearer {token}")] if token else []
        self._answers: dict[int, asyncio.Future[bytes]] = {}
        self._held: dict[int, bytes] = {}

    async def __aenter__(self) -> Self:
        host, _, port = self._target.rpartition(":")
        _, self._connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self._arrived, self._ended), host, int(port)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.close()

    async def call(self, path: str, request: bytes) -> bytes:
        """Return the answer's message. Raises RuntimeError where the call ended with none, TimeoutError after 60 s."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._answers[self._connection.call(path, request, self._metadata)] = answer
        async with asyncio.timeout(60):
            return await answer

    def _arrived(self, stream: int, body: bytes) -> None:
        self._held[stream] = self._held.get(stream, b"") + body

    def _ended(self, stream: int) -> None:
        data, answer = self._held.pop(stream, b""), self._answers.pop(stream, None)
        if answer is None or answer.done():
            return
        found = list(messages(data))
        if found:
            answer.set_result(found[0])
        else:
            answer.set_exception(RuntimeError(f"stream {stream} ended without an answer"))
