"""Uvicorn over the gateway's ports: one application, one event loop, several sockets."""

import contextlib
import socket
from collections.abc import Iterable, Iterator

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.connections import Connection

_BACKLOG = 2048


def listen(address: str, ports: Iterable[int], *, shared: bool = False) -> list[socket.socket]:
    """Open a listening socket per port; 0 takes a free one. Where `shared`, other workers listen there too.

    Raises:
        OSError: A port is taken.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sockets = []
    for port in ports:
        each = socket.socket(family, socket.SOCK_STREAM)
        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        each.bind((address, port))
        each.listen(_BACKLOG)
        sockets.append(each)
    return sockets


def server(
    app: ASGIApp, *, trusted_proxies: str = "", drain_seconds: int = 10, tls: dict[str, str] | None = None
) -> uvicorn.Server:
    """Return the server of an application; `tls` names `ssl_certfile` and `ssl_keyfile`.

    Access logs are off, because they hold paths; the gateway counts by route template instead.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=64 << 10,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        ws_per_message_deflate=False,
        lifespan="off",
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=trusted_proxies or None,
        timeout_graceful_shutdown=drain_seconds,
        timeout_keep_alive=75,
        backlog=_BACKLOG,
        ssl_certfile=(tls or {}).get("ssl_certfile"),
        ssl_keyfile=(tls or {}).get("ssl_keyfile"),
    )
    return _Server(config)


class Leaving:
    """Takes connections back while the gateway lingers: each answer says that it is the last one of its connection.

    Who is told so opens the next connection elsewhere. Closing connections that are merely idle would break a request
    that is under way on one of them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begun = False
        """Whether answers say so now."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""

        async def say_so(message: Message) -> None:
            if self.begun and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self._app(scope, receive, say_so if scope["type"] == "http" else send)


class _Server(uvicorn.Server):
    """Leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
