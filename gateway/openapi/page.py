"""The reference as JSON for programs and as a page for people."""

import asyncio
import re
from functools import cached_property
from typing import Any

import orjson
from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.caching import etag, matches
from gateway.compression import gzip, wanted
from gateway.headers import PAGE_POLICY
from gateway.openapi.document import document
from gateway.transcoding.image import Image

_METHODS = ("get", "post", "put", "patch", "delete")


class Reference:
    """Serves the OpenAPI document and its page; both are made once, at the first question."""

    def __init__(self, image: Image, templates: Environment) -> None:
        self._image, self._templates = image, templates
        templates.filters["prose"] = prose

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/v1/openapi.json", self._json, methods=["GET"]),
            Route("/docs", self._page, methods=["GET"]),
        ]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return document(self._image)

    @cached_property
    def _json_bodies(self) -> tuple[bytes, bytes, str]:
        body = orjson.dumps(self.document)
        return body, gzip(body), etag(body)

    @cached_property
    def _page_bodies(self) -> tuple[bytes, bytes, str]:
        template = self._templates.get_template("reference.html")
        body = template.render(document=self.document, groups=groups(self.document)).encode()
        return body, gzip(body), etag(body)

    async def _json(self, request: Request) -> Response:
        bodies = await asyncio.to_thread(lambda: self._json_bodies)
        return _answer(request, bodies, "application/json", {"access-control-allow-origin": "*"})

    async def _page(self, request: Request) -> Response:
        bodies = await asyncio.to_thread(lambda: self._page_bodies)
        return _answer(request, bodies, "text/html; charset=utf-8", {"content-security-policy": PAGE_POLICY})


def groups(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations by tag, each with its method and path: the page's order."""
    by_tag: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in found["tags"]}
    for path, methods in found["paths"].items():
        for method in _METHODS:
            if operation := methods.get(method):
                entry = {**operation, "method": method.upper(), "path": path, "example": _example(operation)}
                by_tag[operation["tags"][0]].append(entry)
    return [{**tag, "operations": by_tag[tag["name"]]} for tag in found["tags"]]


def prose(text: str) -> Markup:
    """Return a comment as HTML: escaped, with what stands between backticks as code."""
    parts = re.split(r"`([^`]+)`", text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _example(operation: dict[str, Any]) -> dict[str, str]:
    """Return the examples of an operation's body and answer as indented JSON; empty where it has none."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answer = operation["responses"]["200"].get("content", {}).get("application/json", {})
    return {
        name: orjson.dumps(found["example"], option=orjson.OPT_INDENT_2).decode() if "example" in found else ""
        for name, found in (("body", body), ("answer", answer))
    }


def _answer(request: Request, bodies: tuple[bytes, bytes, str], kind: str, more: dict[str, str]) -> Response:
    plain, zipped, tag = bodies
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "Accept-Encoding", **more}
    if (known := request.headers.get("if-none-match")) and matches(known, tag):
        return Response(status_code=304, headers=headers)
    if wanted(request.headers.get("accept-encoding", "")):
        return Response(zipped, headers={**headers, "content-encoding": "gzip"}, media_type=kind)
    return Response(plain, headers=headers, media_type=kind)
