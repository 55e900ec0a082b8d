"""The front door: every request comes in here, is held to its limits, and is led to what answers it."""

import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from gateway import metrics
from gateway.calls import Calls, read_request
from gateway.context import Context, context
from gateway.exchange import Exchange
from gateway.failures import Failure, internal, not_found, too_many, wrong_method
from gateway.headers import security_headers
from gateway.identity.credentials import credentials, guard_host, guard_open_write, guard_origin, guard_write
from gateway.identity.sessions import Sessions
from gateway.identity.tickets import Tickets
from gateway.limits import Limiter
from gateway.origins import PREFLIGHT, cors_headers
from gateway.policy import Policy
from gateway.spans import Spans
from gateway.streams.documents import answer_document
from gateway.streams.drain import Drain
from gateway.streams.events import answer_events, require_events
from gateway.streams.frames import Frames
from gateway.transcoding.bindings import Binding
from gateway.transcoding.paths import Match, Router, WrongMethod
from gateway.transcoding.problems import CONTENT_TYPE, Problem, of_error, of_refusal
from gateway.transcoding.rendering import dumps
from gateway.upstream import Upstream
from mesh.refusal import Refusal
from mesh.trace import enter_trace

log = logging.getLogger("gateway")

HTTP_BODY = "google.api.HttpBody"
_FREE = ("/static/", "/health")
"""Places that cost nobody a turn."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the front door leads to and goes by."""

    router: Router[Binding]
    upstream: Upstream
    limiter: Limiter
    sessions: Sessions
    tickets: Tickets
    policy: Policy
    caller: Callable[[str], Awaitable[str | None]]
    """Name of the caller of a token; none where the token does not hold."""
    pages: ASGIApp
    """Whatever is no call: pages, the reference, health."""
    spans: Spans
    drain: Drain
    clock: Callable[[], float]
    """Unix seconds."""


class Front:
    """The ASGI application of all ports."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._calls = Calls(parts.upstream, parts.policy)
        self._frames: dict[str, Frames] = {}

    def frames(self, binding: Binding) -> Frames:
        """Return the frames of a binding, shared by all who read it."""
        if (found := self._frames.get(binding.template.text)) is None:
            found = self._frames[binding.template.text] = Frames(binding)
        return found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; WebSockets and the lifespan are led past this class."""
        started = time.perf_counter()
        parts = self._parts
        exchange = Exchange(scope, receive, send)
        exchange.extra = security_headers(secure=exchange.secure)
        known = context(exchange, credentials(exchange, parts.sessions, now=parts.clock()), parts.policy.sampled)
        exchange.extra.append((b"x-request-id", known.request_id.encode()))
        if origin := exchange.header(b"origin"):
            exchange.extra += cors_headers(origin, parts.policy.origins)
        with parts.spans.around(exchange, known):
            streamed = await self._answer(exchange, known)
        metrics.count(known.route, exchange.status)
        if not streamed:
            metrics.time(known.route, time.perf_counter() - started)

    async def _answer(self, exchange: Exchange, known: Context) -> bool:
        """Answer a request, with a problem where it fails; tell whether the answer was a stream."""
        try:
            return await self._lead(exchange, known)
        except ClientDisconnected:
            exchange.status = exchange.status or 499
        except (Failure, Refusal, grpc.aio.AioRpcError) as error:
            await _answer_problem(exchange, known, problem_of(error))
        except Exception:
            enter_trace(known.traceparent)
            log.exception("request_failed", extra={"path_template": known.route})
            await _answer_problem(exchange, known, internal().problem)
        return False

    async def _lead(self, exchange: Exchange, known: Context) -> bool:
        """Lead a request to what answers it; tell whether that was a stream."""
        parts = self._parts
        guard_host(exchange, parts.policy.hosts)
        if exchange.method == "OPTIONS" and b"access-control-request-method" in exchange.headers:
            known.route = "preflight"
            await exchange.answer(204, PREFLIGHT)
            return False
        match = parts.router.find(exchange.method, exchange.path)
        if not isinstance(match, Match):
            return await self._lead_elsewhere(exchange, known, match)
        binding = match.target
        known.route = f"{binding.method} {binding.template.text}"
        if known.credentials.session is not None:
            guard_write(exchange, known.credentials.session, parts.policy.origins)
        elif not known.credentials.token:
            guard_open_write(exchange, parts.policy.origins)
        await self.take_turn(exchange, known)
        if not parts.upstream.serves(binding.call):
            raise not_found()
        if binding.call.server_streaming:
            await self._stream(exchange, known, match)
            return True
        if binding.call.path == parts.tickets.path:
            await parts.tickets.answer(exchange, known, match)
        else:
            await self._calls.answer(exchange, known, match)
        return False

    async def _lead_elsewhere(self, exchange: Exchange, known: Context, match: WrongMethod | None) -> bool:
        if match is not None:
            exchange.extra.append((b"allow", ", ".join(match.allowed).encode()))
            raise wrong_method(match.allowed)
        known.route = "page"
        if not exchange.path.startswith(_FREE):
            await self.take_turn(exchange, known)
        policy = self._parts.policy
        body = await exchange.body(policy.body_bytes, policy.call_seconds) if exchange.method == "POST" else None
        await self._parts.pages(*_under(exchange, known, body))
        return False

    async def take_turn(self, exchange: Exchange, known: Context) -> None:
        """Take one of the caller's turns; raises the refusal of a caller that has used them up."""
        token = known.credentials.token
        name = await self._parts.caller(token)
        known.caller = name or ""
        wait = await self._parts.limiter.wait(f"name:{name}" if name else exchange.address, time.monotonic())
        if wait > 0:
            metrics.LIMITED.inc()
            raise too_many(wait)

    async def _stream(self, exchange: Exchange, known: Context, match: Match[Binding]) -> None:
        parts, binding = self._parts, match.target
        document = binding.call.response.full_name == HTTP_BODY
        if not document:
            require_events(exchange)
            guard_origin(exchange, parts.policy.origins, required=False)
            known.credentials = await parts.tickets.redeem(exchange, known) or known.credentials
        request = await read_request(exchange, match, parts.policy)
        seconds = parts.policy.call_seconds * 4 if document else None
        stream = parts.upstream.stream(binding.call, request, known.metadata(), seconds)
        name = next(iter(match.values.values()), "document")
        if document:
            with metrics.STREAMS.labels("document").track_inprogress(), closing(stream):
                await answer_document(exchange, stream, name)
        else:
            with metrics.STREAMS.labels("events").track_inprogress(), parts.drain.hold(stream):
                await answer_events(exchange, stream, self.frames(binding), parts.policy, describe(known), parts.drain)


@contextmanager
def closing(stream: Any) -> Iterator[None]:
    """Cancel a stream at the end of the block; one that has ended does not mind."""
    try:
        yield
    finally:
        stream.cancel()


def _under(exchange: Exchange, known: Context, body: bytes | None) -> tuple[Scope, Receive, Send]:
    """Return the request for an application of its own, whose answer carries this exchange's headers.

    `body` is what was read of it already.
    """
    unread = [] if body is None else [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return unread.pop() if unread else await exchange.receive()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            message = {**message, "headers": [*exchange.extra, *message["headers"]]}
        await exchange.pass_on(message)

    scope = {**exchange.scope, "tta.context": known}
    return scope, receive, send


def problem_of(error: Exception) -> Problem:
    """Return the problem of an error that a request may end with."""
    if isinstance(error, Failure):
        return error.problem
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, grpc.aio.AioRpcError):
        return of_error(error)
    raise error


def describe(known: Context) -> Callable[[Problem], dict[str, Any]]:
    """Return what writes a problem with the ids of its request."""
    return lambda problem: problem.document(request_id=known.request_id, trace_id=known.trace_id)


async def _answer_problem(exchange: Exchange, known: Context, problem: Problem) -> None:
    if problem.status >= 500:
        enter_trace(known.traceparent)
        told = {"path_template": known.route, "status": problem.status, "reason": problem.reason}
        log.warning("problem_answered", extra=told)
    if exchange.status:  # the answer has begun: all that is left is to break off
        return
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"cache-control", b"no-store")]
    if problem.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="tta-analytics"'))
    if problem.retry_after is not None:
        headers.append((b"retry-after", str(max(1, round(problem.retry_after + 0.499))).encode()))
    await exchange.answer(problem.status, headers, dumps(describe(known)(problem)))
