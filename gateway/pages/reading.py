"""What a page reads: the REST calls of this gateway, made within the process and with the reader's own token."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import grpc

from gateway.context import Context
from gateway.failures import not_found
from gateway.transcoding.bindings import Binding
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.paths import Match, Router
from gateway.transcoding.problems import Problem, of_error, of_refusal
from gateway.transcoding.rendering import dumps
from gateway.upstream import Upstream


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a part of a page could not be read; falsy, so that templates may ask `if part`."""

    status: int
    """HTTP status that the call answered."""
    message: str

    def __bool__(self) -> bool:
        return False


class Reading:
    """Reads for one request of a page."""

    def __init__(self, router: Router[Binding], upstream: Upstream, known: Context, seconds: float) -> None:
        """Read as the caller of `known`, each call within `seconds`."""
        self._router, self._upstream, self._known, self._seconds = router, upstream, known, seconds

    async def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer of `GET path?query` as Python values; `Missing` where it failed.

        Query values that are none or empty are left out.
        """
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return await self._call("GET", path, urlencode(given, doseq=True).encode(), b"")

    async def post(self, path: str, body: Any) -> Any:
        """Return the JSON answer of `POST path` to a call without side effects; `Missing` where it failed."""
        return await self._call("POST", path, b"", dumps(body))

    async def _call(self, method: str, path: str, query: bytes, body: bytes) -> Any:
        match = self._router.find(method, path)
        if not isinstance(match, Match):
            raise LookupError(f"no call answers {method} {path}")
        binding = match.target
        if binding.call.server_streaming:  # an id in the page's address was the name of a stream
            return _missing(not_found().problem)
        try:
            values = binding.request(match.values, query, body)
            request = binding.message(values)
            answer = await self._upstream.unary(binding.call, request, self._known.metadata(), self._seconds)
        except Mismatch as mismatch:
            return _missing(of_refusal(mismatch.refusal()))
        except grpc.aio.AioRpcError as error:
            return _missing(of_error(error))
        return await asyncio.to_thread(lambda: binding.render(binding.call.response_class.FromString(answer)))

    async def all(self, **paths: str | tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Read several paths at once; each by name, with or without a query."""
        reads = [self.get(item) if isinstance(item, str) else self.get(item[0], **item[1]) for item in paths.values()]
        return dict(zip(paths, await asyncio.gather(*reads), strict=True))


def _missing(problem: Problem) -> Missing:
    fields = [f"{each['field']}: {each['description']}." for each in problem.violations]
    return Missing(problem.status, " ".join([problem.detail or "The service did not answer.", *fields[:5]]))
