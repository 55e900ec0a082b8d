"""A write that is sent again under its `request_id` is answered as the first time, and counts once.

Every unary write of a service is covered by the walk over its descriptor, so that a new call cannot forget it. Calls
that answer a repeat within the transaction of their act are named in `THEMSELVES`. All others act, then keep the
answer: an act that was cut off between the two is made again, and each of them may be made again.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

from mesh.identity import current_caller
from mesh.refusal import Refusal
from monitoring_svc.ports import RequestKey

THEMSELVES = frozenset(
    {
        *("ProcessSignal", "IngestSignals", "ReceiveSystemAlerts", "AcknowledgeAlert", "ResolveAlert"),
        *("RevealAlertSubject", "SendDocument"),
    }
)
"""Calls whose own transaction knows the request."""

Keyed = Callable[[str, Any], RequestKey | None]
"""Returns what makes a request to a call count once; None where it has no request id."""


class Answered(Protocol):
    """Answers that were given."""

    async def take(self, request: RequestKey) -> bytes | None:
        """Return the answer that was given to a request, none where it was not answered yet; raises AlreadyExists."""

    async def keep(self, request: RequestKey, answer: bytes) -> None:
        """Keep what a request was answered."""

    async def release(self, request: RequestKey) -> None:
        """Forget a request that was refused."""


def keyed_by(key: bytes) -> Keyed:
    """Return what makes request keys. Ids of players, in messages or request ids, enter only a keyed digest."""

    def keyed(call: str, request: Any) -> RequestKey | None:
        if not request.request_id:
            return None
        content = hmac.digest(key, request.SerializeToString(deterministic=True), "sha256")
        name = hmac.digest(key, f"request id {request.request_id}".encode(), "sha256").hex()
        return RequestKey(current_caller().name, call, name, content)

    return keyed


class Once:
    """Answers a repeated request as the first time."""

    def __init__(self, answered: Answered, keyed: Keyed) -> None:
        """Keep answers in `answered`."""
        self._answered = answered
        self._keyed = keyed

    async def answer(self, call: str, request: Any, kind: Any, act: Callable[[], Awaitable[Any]]) -> Any:
        """Return what `act` answers, a message of class `kind`, or what it answered to this request before."""
        key = self._keyed(call, request)
        if key is None:
            return await act()
        before = await self._answered.take(key)
        if before is not None:
            return kind.FromString(before)
        try:
            answer = await act()
        except Refusal:
            await self._answered.release(key)
            raise
        await self._answered.keep(key, answer.SerializeToString())
        return answer

    def cover(self, servicer: Any, service: ServiceDescriptor) -> None:
        """Put every unary write of a servicer under its request id."""
        for method in service.methods:
            if writes(method) and not method.client_streaming and method.name not in THEMSELVES:
                setattr(servicer, method.name, self._covered(method, getattr(servicer, method.name)))

    def _covered(self, method: MethodDescriptor, inner: Callable[[Any, Any], Awaitable[Any]]) -> Any:
        kind = message_factory.GetMessageClass(method.output_type)

        async def call(request: Any, context: Any) -> Any:
            return await self.answer(method.name, request, kind, lambda: inner(request, context))

        return call


def writes(method: MethodDescriptor) -> bool:
    """Return whether a call changes something and takes a request id."""
    reads = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
    return not reads and "request_id" in method.input_type.fields_by_name
