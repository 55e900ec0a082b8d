"""What is served beside the calls: health, the reference of the API, signing in, static files, pages."""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from gateway.compression import LEVEL, SMALLEST, gzip, wanted
from gateway.context import Context
from gateway.failures import internal, not_found, wrong_method
from gateway.headers import PAGE_POLICY
from gateway.transcoding.problems import CONTENT_TYPE

HERE = Path(__file__).parent

HealthDocument = Callable[[str], Awaitable[Mapping[str, object]]]


def templates() -> Environment:
    """Return the templates of pages; every value is escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def health_route(document: HealthDocument, ports: Mapping[int, str]) -> Route:
    """Return the route of `/health`, which answers for the service whose port was asked."""

    async def health(request: Request) -> Response:
        server = request.scope.get("server") or ("", 0)
        found = await document(ports.get(server[1], "gateway"))
        return Response(orjson.dumps(found), media_type="application/json", headers={"cache-control": "no-store"})

    return Route("/health", health, methods=["GET"])


def chart_library(*, compress: bool) -> Route:
    """Return the route of the chart library, as the installed package ships it; it may be kept for a day.

    It is compressed once, at its first use: it is a thousand times larger than a page.
    """
    spec = importlib.util.find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"

    small = Later(lambda: gzip(path.read_bytes()))

    async def library(request: Request) -> Response:
        headers = {"cache-control": "public, max-age=86400", "vary": "Accept-Encoding"}
        if not (compress and wanted(request.headers.get("accept-encoding", ""))):
            return FileResponse(path, media_type="text/javascript", headers=headers)
        return Response(
            await small.get(), media_type="text/javascript", headers={**headers, "content-encoding": "gzip"}
        )

    return Route("/static/plotly.min.js", library, methods=["GET"])


class Later:
    """Bytes that are made in a thread when they are first wanted, once."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._made: asyncio.Task[bytes] | None = None

    async def get(self) -> bytes:
        """Return the bytes."""
        if self._made is None:
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        return await asyncio.shield(self._made)


def site(routes: list[BaseRoute], environment: Environment, *, compress: bool) -> Starlette:
    """Return the application of everything that is no call, with answers compressed for those who take it.

    A path that does not exist is a page for a reader in a browser, and a problem document for a program.
    """
    static = Mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    smaller = [Middleware(GZipMiddleware, minimum_size=SMALLEST, compresslevel=LEVEL)] if compress else []
    return Starlette(
        routes=[*routes, static],
        exception_handlers=dict.fromkeys((HTTPException, Exception), _problems(environment)),
        middleware=smaller,
    )


def _problems(environment: Environment) -> Callable[[Request, Exception], Awaitable[Response]]:
    template = environment.get_template("problem.html")

    async def answer(request: Request, error: Exception) -> Response:
        known: Context = request.scope["tta.context"]
        headers = {"cache-control": "no-store"}
        problem = internal().problem
        if isinstance(error, HTTPException):
            headers |= error.headers or {}
            allowed = tuple(sorted(each.strip() for each in headers.get("Allow", "").split(",")))
            problem = (wrong_method(allowed) if error.status_code == 405 else not_found()).problem
        if problem.status in _TOLD and _read_by_people(request):
            title, detail = _TOLD[problem.status]
            text = template.render(title=title, detail=detail, trace_id=known.trace_id)
            return HTMLResponse(text, problem.status, {**headers, "content-security-policy": PAGE_POLICY})
        body = problem.document(request_id=known.request_id, trace_id=known.trace_id)
        return JSONResponse(body, problem.status, headers, media_type=CONTENT_TYPE)

    return answer


_TOLD = {
    404: ("There is no such page", "The address may be mistyped, or what it showed is gone."),
    500: ("This page could not be shown", "Something failed here, not with you. Try again in a moment."),
}
"""Title and sentence for people, by status."""


def _read_by_people(request: Request) -> bool:
    """Tell whether a browser asks for a page: programs take JSON, or anything."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
