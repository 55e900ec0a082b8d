"""What a page is, and how one is answered."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.context import Context
from gateway.headers import PAGE_POLICY
from gateway.pages.reading import Missing, Reading

Query = Mapping[str, str]

FORMATS = {"html": "web page", "pdf": "PDF", "excel": "Excel", "csv": "CSV", "json": "JSON"}
"""What people call the formats of reports, in the order in which they want them."""

Load = Callable[[Reading, Query], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Page:
    """A place of the site."""

    path: str
    title: str
    lead: str
    """The first sentence: what a first-time visitor finds here."""
    template: str
    load: Load
    """Reads what the template shows, from the path's and the query's parameters."""
    in_menu: bool = True


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a page that depends on what the reader has not saved: asked for by POST, changes nothing."""

    path: str
    template: str
    load: Callable[[Reading, Any], Awaitable[dict[str, Any] | Missing]]
    """Reads what the template shows, from the JSON that was sent."""


def moment(value: str | datetime) -> str:
    """Return a time as `2026-11-22T18:00:00Z`, whatever form the answer had it in."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def number(value: float, digits: int = 1, percent: bool = False) -> str:
    """Return a number for people: grouped thousands, `digits` decimals, a share as per cent.

    Large numbers get fewer decimals: three digits say all that their intervals bear.
    """
    size = abs(100 * value if percent else value)
    digits = min(digits, 0 if size >= 100 else 1 if size >= 10 else digits)
    return f"{value:,.{digits}%}" if percent else f"{value:,.{digits}f}"


_UNITS = {"percent": "%", "seconds": "s", "calls per second": "calls/s", "processes": "", "files": ""}
_BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def measured(value: float, unit: str) -> str:
    """Return a service metric for people: `203 MB`, `2.7 %`, `3.1 ms`."""
    if unit == "bytes":
        name, size = next(((name, size) for name, size in _BYTES if abs(value) >= size), ("bytes", 1.0))
        return f"{number(value / size, 1 if size > 1 else 0)} {name}"
    if unit == "seconds" and 0 < abs(value) < 1:
        return f"{number(1000 * value, 1)} ms"
    return f"{number(value, 0 if value == int(value) else 2)} {_UNITS.get(unit, unit)}".rstrip()


def period(start: str | datetime, grain: str) -> str:
    """Return a period for people: `October 2026`, `week of 2026-10-05`, `2026-10-05`."""
    first = moment(start)
    if grain == "month":
        return datetime.fromisoformat(first).strftime("%B %Y")
    return f"{'week of ' if grain == 'week' else ''}{first[:10]}"


def filters(environment: Environment) -> Environment:
    """Give templates the filters of pages."""
    environment.filters["iso"] = moment
    environment.filters["period"] = period
    environment.filters["number"] = number
    environment.filters["measured"] = measured
    environment.filters["file_format"] = lambda name: FORMATS.get(name, name)
    environment.filters["tojson_text"] = lambda value: orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()
    return environment


class Pages:
    """Answers the pages."""

    def __init__(
        self,
        pages: tuple[Page, ...],
        environment: Environment,
        reading: Callable[[Context], Reading],
        *,
        signed_in_only: bool,
        fragments: tuple[Fragment, ...] = (),
    ) -> None:
        """Answer `pages` and `fragments` from templates; while authentication is off, nobody needs to sign in."""
        self._fragments = fragments
        self._pages, self._reading, self._signed_in_only = pages, reading, signed_in_only
        self._environment = filters(environment)

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *(Route(each.path, self._fragment(each), methods=["POST"]) for each in self._fragments),
            *(Route(page.path, self._endpoint(page), methods=["GET"]) for page in self._pages),
        ]

    def _fragment(self, fragment: Fragment) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            known: Context = request.scope["tta.context"]
            if self._signed_in_only and not known.credentials.token:
                return _refused(Missing(401, "Sign in first."))
            try:
                sent = orjson.loads(await request.body())
            except ValueError:
                return _refused(Missing(400, "Send JSON."))
            found = await fragment.load(self._reading(known), sent)
            if isinstance(found, Missing):
                return _refused(found)
            text = self._environment.get_template(f"pages/{fragment.template}").render(**found)
            return HTMLResponse(text, headers={"cache-control": "no-store"})

        return answer

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            known: Context = request.scope["tta.context"]
            if self._signed_in_only and not known.credentials.token:
                return RedirectResponse("/sign-in", 303)
            query = defaultdict(str, {**request.query_params, **request.path_params})
            shown = await page.load(self._reading(known), query)
            session = known.credentials.session
            text = self._environment.get_template(f"pages/{page.template}").render(
                page=page,
                places=[each for each in self._pages if each.in_menu],
                reader=session.name if session else "",
                query=query,
                **shown,
            )
            return HTMLResponse(text, headers={"content-security-policy": PAGE_POLICY, "cache-control": "no-store"})

        return answer


def _refused(missing: Missing) -> Response:
    return JSONResponse({"detail": missing.message}, missing.status, {"cache-control": "no-store"})
