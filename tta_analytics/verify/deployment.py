"""The deployment that is checked, as its callers see it."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tta_analytics.verify.checks import Failed, Missing, Skipped, Unsure

ANSWER_SECONDS = 30.0
"""So long an answer is waited for."""
STREAM_SECONDS = 60.0
"""So long a stream may be quiet: heartbeats come more often."""


class Deployment:
    """Calls over HTTP with one token; keeps which were made and how long each answer took."""

    def __init__(self, url: str, token: str | None, *, patience: float = 1.0) -> None:
        """Call `url`, the gateway's address, without a path; every limit of time is `patience` times as long."""
        self.patience = patience
        self.timeout_seconds = ANSWER_SECONDS * patience
        """After so long a call has failed that is not answered."""
        self.url = url.rstrip("/")
        self.token = token
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.times: dict[str, list[float]] = {}
        """Method and path -> seconds of each answer."""
        self.called: set[tuple[str, str]] = set()
        """Method and path of every call, streams included."""
        self._client = httpx.AsyncClient(
            base_url=self.url, headers=self.headers, timeout=self.timeout_seconds, follow_redirects=False
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return whatever the deployment answers."""
        bare = self.note(method, path)
        began = time.perf_counter()
        answer = await self._client.request(method, path, **options)
        self.times.setdefault(f"{method} {bare}", []).append(time.perf_counter() - began)
        return answer

    def note(self, method: str, path: str) -> str:
        """Keep that a call is made; return its path without the query."""
        bare = path.partition("?")[0]
        self.called.add((method, bare))
        return bare

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Return the JSON answer of a call that must succeed.

        Raises:
            Skipped: the token may not make the call.
            Failed: it was answered with anything else but success: Missing where there is no such thing, Unsure where
                the answer leaves open whether it was done.
        """
        answer = await self.raw(method, path, json=body, **options)
        require_allowed(method, path, answer.status_code)
        if (status := answer.status_code) >= 400:
            kind = Missing if status == 404 else Unsure if status >= 500 or status == 409 else Failed
            raise kind(f"{method} {path}: {status} {answer.text[:200]}")
        return answer.json() if answer.content else {}

    async def refused(self, method: str, path: str, body: Any, *reasons: str) -> str:
        """Return why a call that must be refused was: one of `reasons`, in a problem document.

        Raises:
            Skipped: the token may not make the call.
            Failed: it succeeded, or was refused for another reason.
        """
        answer = await self.raw(method, path, json=body)
        reason = reason_of(answer)
        if reason not in reasons:
            require_allowed(method, path, answer.status_code)
            wanted = " or ".join(reasons)
            raise Failed(f"{method} {path}: {answer.status_code} {answer.text[:200]} instead of {wanted}")
        return reason

    @asynccontextmanager
    async def events(self, path: str, *, signed: bool = True) -> AsyncIterator[AsyncIterator[Any]]:
        """Open a stream of server-sent events; yields its messages, heartbeats too. `signed` sends the token.

        Raises:
            Skipped: the token may not open it.
            Failed: it does not open, or ends with a problem.
        """
        self.note("GET", path)
        headers = {"Accept": "text/event-stream", **(self.headers if signed else {})}
        timeout = httpx.Timeout(self.timeout_seconds, read=STREAM_SECONDS * self.patience)
        async with (
            httpx.AsyncClient(base_url=self.url, headers=headers, timeout=timeout) as client,
            client.stream("GET", path) as answer,
        ):
            require_allowed("GET", path, answer.status_code)
            if answer.status_code != 200:
                raise Failed(f"GET {path}: {answer.status_code} {(await answer.aread())[:200].decode()}")
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                raise Failed(f"GET {path}: {answer.headers.get('content-type')} is no stream of events")
            yield _messages(path, answer)

    async def first_event(self, path: str, *, signed: bool = True) -> Any:
        """Return the first message of a stream."""
        async with self.events(path, signed=signed) as messages:
            async for message in messages:
                return message
        raise Failed(f"GET {path}: the stream ended and had said nothing")


def require_allowed(method: str, path: str, status: int) -> None:
    """Raise Skipped where the status says that the token may not make the call."""
    if status in (401, 403):
        raise Skipped(f"the token may not {method} {path} ({status})")


def reason_of(answer: httpx.Response) -> str:
    """Return the reason of a problem document; empty where the answer is none."""
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return ""
    return str(answer.json().get("reason", ""))


async def _messages(path: str, answer: httpx.Response) -> AsyncIterator[Any]:
    kind = "message"
    async for line in answer.aiter_lines():
        if line.startswith("event:"):
            kind = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            message = json.loads(line.removeprefix("data:"))
            if kind == "problem":
                raise Failed(f"GET {path}: {str(message)[:200]}")
            yield message
        elif not line:
            kind = "message"
