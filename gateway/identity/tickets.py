"""Tickets: a browser opens a stream without a header, by a short-lived secret that is used up once.

Monitoring makes a ticket and uses it up, once over all gateways. The gateway seals the caller's token to it, so that
the stream is opened in that caller's own name and ends with that caller's own token.
"""

from tta.analytics.v1 import alert_pb2

from gateway.calls import JSON, read_request
from gateway.context import Context
from gateway.exchange import Exchange
from gateway.identity.credentials import Credentials
from gateway.identity.sealing import Sealer
from gateway.policy import Policy
from gateway.transcoding.bindings import Binding
from gateway.transcoding.image import Image
from gateway.transcoding.paths import Match
from gateway.transcoding.rendering import dumps, renderer
from gateway.upstream import Upstream
from mesh.refusal import PermissionDenied

_SERVICE = "tta.analytics.v1.AlertService"
PARAMETER = "ticket"
"""The query parameter of a stream that is opened by ticket."""


class Tickets:
    """Makes and redeems tickets."""

    path = f"/{_SERVICE}/CreateStreamTicket"
    """The call whose answers are sealed."""

    def __init__(self, sealer: Sealer, upstream: Upstream, image: Image, policy: Policy) -> None:
        self._sealer, self._upstream, self._policy = sealer, upstream, policy
        self._redeem = next((call for call in image.calls if call.path == f"/{_SERVICE}/RedeemStreamTicket"), None)

    async def answer(self, exchange: Exchange, known: Context, match: Match[Binding]) -> None:
        """Answer a request for a ticket."""
        request = await read_request(exchange, match, self._policy)
        answer = await self._upstream.unary(match.target.call, request, known.metadata(), self._policy.call_seconds)
        made = alert_pb2.CreateStreamTicketResponse.FromString(answer)
        made.ticket = self._sealer.seal({"k": made.ticket, "t": known.credentials.token})
        body = dumps(renderer(made.DESCRIPTOR)(made))
        await exchange.answer(200, [JSON, (b"cache-control", b"no-store")], body)

    async def redeem(self, exchange: Exchange, known: Context) -> Credentials | None:
        """Use up the ticket of a request and return whose it was; none where the request has none.

        Raises:
            PermissionDenied: The ticket was not made here.
            grpc.aio.AioRpcError: Monitoring does not know it, any more.
        """
        if not (ticket := exchange.take_parameter(PARAMETER)) or self._redeem is None:
            return None
        if (found := self._sealer.open(ticket)) is None:
            raise PermissionDenied("ticket_invalid", "This ticket is not ours. Make one with CreateStreamTicket.")
        owner = Context(known.request_id, known.traceparent, Credentials(found["t"]))
        message = self._redeem.request_class(ticket=found["k"])
        await self._upstream.unary(self._redeem, message, owner.metadata(), self._policy.call_seconds)
        return owner.credentials
