"""The one ASGI application of all ports."""

from starlette.types import Receive, Scope, Send

from gateway.front import Front, Parts
from gateway.sockets import SocketFront


class App:
    """Leads HTTP requests, WebSockets and the lifespan to what serves them."""

    def __init__(self, parts: Parts) -> None:
        self._front = Front(parts)
        self._sockets = SocketFront(parts, self._front)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http":
            await self._front(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._sockets(scope, receive, send)
        else:
            await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
