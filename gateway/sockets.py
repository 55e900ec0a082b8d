"""WebSockets through the front door: the same paths, callers and limits as everything else."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import grpc
from starlette.types import Receive, Scope, Send

from gateway import metrics
from gateway.calls import read_request
from gateway.context import Context, context
from gateway.exchange import Exchange
from gateway.failures import Failure, not_found
from gateway.front import HTTP_BODY, Front, Parts, describe, problem_of
from gateway.identity.credentials import ANONYMOUS, Credentials, credentials, guard_host, guard_origin
from gateway.streams.frames import Frame
from gateway.streams.legacy import bare_alert
from gateway.streams.sockets import SUBPROTOCOL, Socket, pump
from gateway.transcoding.bindings import Binding
from gateway.transcoding.paths import Match
from gateway.transcoding.rendering import dumps
from mesh.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Opening:
    """A WebSocket that is about to open."""

    exchange: Exchange
    context: Context
    socket: Socket


class SocketFront:
    """The ASGI application of WebSockets."""

    def __init__(self, parts: Parts, front: Front) -> None:
        self._parts, self._front = parts, front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket until either side ends it."""
        await receive()  # websocket.connect
        exchange = Exchange({**scope, "method": "GET"}, receive, send)
        given, subprotocol = self._credentials(exchange)
        known = context(exchange, given, self._parts.policy.sampled)
        opening = Opening(exchange, known, Socket(receive, send, subprotocol))
        try:
            await self._serve(opening)
        except (Failure, Refusal, grpc.aio.AioRpcError) as error:
            problem = problem_of(error)
            await opening.socket.refuse(problem.status, dumps(describe(known)(problem)))

    def _credentials(self, exchange: Exchange) -> tuple[Credentials, str | None]:
        """Return who asks, and the subprotocol to answer: ours where the token came in it."""
        offered = [each.strip() for each in exchange.header(b"sec-websocket-protocol").split(",") if each.strip()]
        if SUBPROTOCOL in offered:
            token = next((each for each in offered if each != SUBPROTOCOL), "")
            return (Credentials(token) if token else ANONYMOUS), SUBPROTOCOL
        return credentials(exchange, self._parts.sessions, now=self._parts.clock()), None

    async def _serve(self, opening: Opening) -> None:
        parts, exchange, known = self._parts, opening.exchange, opening.context
        guard_host(exchange, parts.policy.hosts)
        match = parts.router.find("GET", exchange.path)
        if not isinstance(match, Match) or not _streams(match.target) or not parts.upstream.serves(match.target.call):
            raise not_found()
        binding = match.target
        known.route = f"WS {binding.template.text}"
        guard_origin(exchange, parts.policy.origins, required=known.credentials.session is not None)
        owner = await parts.tickets.redeem(exchange, known)
        if owner is not None:
            known.credentials = owner
        await self._front.take_turn(exchange, known)
        request = await read_request(exchange, match, parts.policy)
        stream = parts.upstream.stream(binding.call, request, known.metadata(), None)
        shape: Callable[[Frame], bytes | None] = bare_alert if binding.tolerant else _whole
        started = time.perf_counter()
        with metrics.STREAMS.labels("socket").track_inprogress(), parts.drain.hold(stream):
            frames, patience = self._front.frames(binding), parts.policy.call_seconds
            await pump(opening.socket, stream, frames, shape, patience, describe(known), parts.drain)
        metrics.STREAM_SECONDS.labels(known.route).observe(time.perf_counter() - started)


def _streams(binding: Binding) -> bool:
    return binding.call.server_streaming and binding.call.response.full_name != HTTP_BODY


def _whole(frame: Frame) -> bytes | None:
    return frame.json
