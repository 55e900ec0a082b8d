"""Metrics and health over HTTP, for Prometheus, for Kubernetes and for whoever has no gRPC at hand."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mesh.telemetry import REGISTRY


async def _own_metrics() -> bytes:
    return generate_latest(REGISTRY)


def operations_routes(
    service: str, ready: Callable[[], bool | Awaitable[bool]], text: Callable[[], Awaitable[bytes]] = _own_metrics
) -> list[Route]:
    """Return `/metrics`, `/health`, `/livez` and `/readyz`.

    Args:
        service: its name.
        ready: whether the process takes work.
        text: the metrics; not given: those of this process.
    """

    async def metrics(_: Request) -> Response:
        return Response(await text(), media_type=CONTENT_TYPE_LATEST)

    async def is_ready() -> bool:
        answer = ready()
        return answer if isinstance(answer, bool) else await answer

    async def health(_: Request) -> Response:
        well = await is_ready()
        status = "healthy" if well else "degraded"
        return JSONResponse({"status": status, "service": service}, status_code=200 if well else 503)

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readiness(_: Request) -> Response:
        return PlainTextResponse("ok") if await is_ready() else PlainTextResponse("not ready", status_code=503)

    return [
        Route("/metrics", metrics),
        Route("/health", health),
        Route("/livez", alive),
        Route("/readyz", readiness),
    ]


class _Server(uvicorn.Server):
    """Leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """An ASGI application on one address within the running event loop."""

    def __init__(self, app: ASGIApp, address: str, port: int, **options: object) -> None:
        """Bind at once, so that a taken port stops the process at its start; options go to uvicorn."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(256)
        self.port: int = self._socket.getsockname()[1]
        settings: dict[str, object] = {
            "log_config": None,
            "access_log": False,
            "lifespan": "off",
            "server_header": False,
            "timeout_graceful_shutdown": 5,
        }
        self._server = _Server(uvicorn.Config(app, **(settings | options)))  # type: ignore[arg-type]
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Serve from now on."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]), name="http")

    async def stop(self) -> None:
        """Finish the running requests and close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
        self._socket.close()


def operations_app(
    service: str, ready: Callable[[], bool | Awaitable[bool]], text: Callable[[], Awaitable[bytes]] = _own_metrics
) -> Starlette:
    """Return the application of a process that serves nothing else over HTTP; for the arguments see the routes."""
    return Starlette(routes=operations_routes(service, ready, text))
