"""WebSockets: each message of a server stream is one text frame; what the reader sends is ignored.

The token comes in the subprotocol (`tta.bearer`, then the token), as a ticket, in the Authorization header, or by the
cookie of one of our own pages. The upstream call ends when the socket does.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
from starlette.types import Receive, Send
from uvicorn.protocols.utils import ClientDisconnected

from gateway.streams.drain import Drain
from gateway.streams.first import first_message
from gateway.streams.frames import Frame, Frames
from gateway.transcoding.problems import Problem, of_error
from gateway.transcoding.rendering import dumps

SUBPROTOCOL = "tta.bearer"
"""The subprotocol whose next entry is the access token; the answer names this one and never the token."""

NORMAL, RESTARTING = 1000, 1012


class Socket:
    """An open, or opening, WebSocket."""

    def __init__(self, receive: Receive, send: Send, subprotocol: str | None) -> None:
        self._receive, self._send, self._subprotocol = receive, send, subprotocol
        self.accepted = False
        """Whether the handshake is complete."""

    async def accept(self) -> None:
        """Complete the handshake."""
        self.accepted = True
        await self._send({"type": "websocket.accept", "subprotocol": self._subprotocol})

    async def text(self, body: bytes) -> None:
        """Send a frame, waiting while the reader is slow."""
        await self._send({"type": "websocket.send", "text": body.decode()})

    async def close(self, code: int, reason: str) -> None:
        """Close in good order; a reason has at most 123 bytes."""
        await self._send({"type": "websocket.close", "code": code, "reason": reason[:120]})

    async def refuse(self, status: int, body: bytes) -> None:
        """Refuse the handshake with a problem document."""
        headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
        await self._send({"type": "websocket.http.response.start", "status": status, "headers": headers})
        await self._send({"type": "websocket.http.response.body", "body": body})

    async def gone(self) -> None:
        """Return when the reader has gone; frames from it are read and dropped."""
        while (await self._receive())["type"] != "websocket.disconnect":
            pass


async def pump(
    socket: Socket,
    stream: Any,
    frames: Frames,
    shape: Callable[[Frame], bytes | None],
    patience: float,
    describe: Callable[[Problem], dict[str, Any]],
    drain: Drain,
) -> None:
    """Send the messages of a stream until it, the reader or this gateway ends.

    `shape` turns a frame into what this path's readers know; none for what they are not shown. `patience` is how many
    seconds the service may take to open the stream.

    Raises:
        Failure: It took longer.
        Unavailable: This gateway began to stop before the socket was open.
        ClientDisconnected: The reader left before the socket was open.
    """
    gone = asyncio.ensure_future(socket.gone())
    gone.add_done_callback(lambda _: stream.cancel())
    try:
        message = await first_message(stream, gone, patience)
        await socket.accept()
        while message is not grpc.aio.EOF:
            if (body := shape(frames.read(message))) is not None:
                await socket.text(body)
            message = await stream.read()
        await socket.close(NORMAL, "the stream has ended; resume from the last cursor")
    except asyncio.CancelledError:
        if gone.done() and not socket.accepted:
            raise ClientDisconnected from None
        if not gone.done() and not drain.begun:
            raise
        if socket.accepted and not gone.done():
            await socket.close(RESTARTING, "the gateway is stopping; resume from the last cursor")
    except grpc.aio.AioRpcError as error:
        problem = of_error(error)
        if not socket.accepted:
            await socket.refuse(problem.status, dumps(describe(problem)))
        else:
            await socket.close(RESTARTING if problem.status == 503 else 4000 + problem.status, problem.reason)
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
