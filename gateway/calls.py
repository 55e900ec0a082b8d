"""Calls over REST: request in, one gRPC call, answer out."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from gateway import caching, stored
from gateway.bodies import Bodies, Body
from gateway.compression import GZIPPED, compress, wanted
from gateway.context import Context
from gateway.exchange import Exchange, Header
from gateway.failures import not_json
from gateway.policy import Policy
from gateway.stored import Shown
from gateway.transcoding.bindings import Binding
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.paths import Match
from gateway.transcoding.rendering import dumps
from gateway.upstream import Upstream

JSON: Header = (b"content-type", b"application/json")
_IN_A_THREAD = 64 << 10  # bytes above which reading and rendering JSON leave the event loop to others


async def read_request(exchange: Exchange, match: Match[Binding], policy: Policy) -> Message:
    """Read the request message of a matched path.

    Raises:
        Failure: The body is too large or no JSON by its type.
        InvalidArgument: Something does not fit the proto; every field that is wrong is named.
    """
    binding = match.target
    body = await exchange.body(policy.body_bytes, policy.call_seconds) if binding.body else b""
    if body and not (binding.tolerant or _is_json(exchange)):
        raise not_json()
    try:
        if len(body) < _IN_A_THREAD:
            values = binding.request(match.values, exchange.query, body)
        else:
            values = await asyncio.to_thread(binding.request, match.values, exchange.query, body)
        _take_header(exchange, binding, values, b"idempotency-key", "request_id")
        _take_header(exchange, binding, values, b"last-event-id", "cursor")
        return binding.message(values)
    except Mismatch as mismatch:
        raise mismatch.refusal() from None


def _is_json(exchange: Exchange) -> bool:
    kind = exchange.header(b"content-type").partition(";")[0].strip().lower()
    return kind in ("application/json", "") and not exchange.header(b"content-encoding")


def _take_header(exchange: Exchange, binding: Binding, values: dict[str, Any], header: bytes, field: str) -> None:
    """Fill a field of the request from a header, where the request has that field and did not give it."""
    if header in exchange.headers and field in binding.call.request.fields_by_name:
        values.setdefault(field, exchange.header(header))


@dataclass(frozen=True, slots=True)
class Calls:
    """Answers calls that have one answer."""

    upstream: Upstream
    policy: Policy
    bodies: Bodies = field(default_factory=Bodies)
    shown: Shown = field(default_factory=lambda: Shown(time.monotonic))

    async def answer(self, exchange: Exchange, context: Context, match: Match[Binding]) -> None:
        """Make one call and send what it answers."""
        binding = match.target
        call = binding.call
        request = await read_request(exchange, match, self.policy)
        key = stored.key(call, request, context)
        body = self.shown.get(key) if key else None
        if body is None:
            body = await self._asked(
                binding, request, context, kept=exchange.method == "GET" and caching.released(call)
            )
            if key and body.tag:
                self.shown.keep(key, body)
        headers = caching.headers(call, body.tag)
        if body.tag and (known := exchange.header(b"if-none-match")) and caching.matches(known, body.tag):
            await exchange.answer(304, headers)
            return
        sent, more = body.plain, list[Header]()
        if self.policy.compress:
            sent, more = await _compressed(body, exchange.header(b"accept-encoding"))
        await exchange.answer(200, [JSON, *headers, *more], sent)

    async def _asked(self, binding: Binding, request: Message, context: Context, *, kept: bool) -> Body:
        answer = await self.upstream.unary(binding.call, request, context.metadata(), self.policy.call_seconds)
        if kept:
            return await self.bodies.get(binding.template.text, answer, lambda: _rendered(binding, answer))
        return Body(await _rendered(binding, answer), "")


async def _compressed(body: Body, accept_encoding: str) -> tuple[bytes, list[Header]]:
    if body.gzipped and wanted(accept_encoding):
        return body.gzipped, GZIPPED
    sent, headers = await compress(body.plain, accept_encoding)
    if headers == GZIPPED and body.tag:
        body.gzipped = sent
    return sent, headers


async def _rendered(binding: Binding, answer: bytes) -> bytes:
    if len(answer) < _IN_A_THREAD:
        return _render(binding, answer)
    return await asyncio.to_thread(_render, binding, answer)


def _render(binding: Binding, answer: bytes) -> bytes:
    return dumps(binding.render(binding.call.response_class.FromString(answer)))
