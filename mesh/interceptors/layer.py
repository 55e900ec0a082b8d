"""One interceptor for all four kinds of calls: what happens around a call, and at each of its messages.

Handlers with a stream of answers are async generators; `context.write` is not supported.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any

import grpc

UNTOUCHED = ("/grpc.health.v1.", "/grpc.reflection.")
"""Calls of gRPC's own services: open to everybody, and no layer looks at them."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is called."""

    path: str
    """`/tta.analytics.v1.AlertService/GetAlert`."""
    service: str
    """`AlertService`."""
    method: str
    """`GetAlert`."""
    streams: bool
    """Whether the answer is a stream."""


class Layer(grpc.aio.ServerInterceptor):
    """Base of the interceptors: override `around`, `check`, `requests` or `responses`."""

    def __init__(self) -> None:
        self._wrapped: dict[str, tuple[Any, Any]] = {}

    def around(self, call: Call, context: Any) -> AbstractAsyncContextManager[None]:
        """Return what the whole call runs in."""
        raise NotImplementedError

    def check(self, call: Call, request: Any) -> None:
        """Look at one message of the request; raise a Refusal to end the call."""

    async def requests(self, call: Call, messages: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        """Yield the messages of a stream of requests."""
        async for message in messages:
            self.check(call, message)
            yield message

    async def responses(self, call: Call, messages: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        """Yield the messages of a stream of answers."""
        async for message in messages:
            yield message

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any) -> Any:
        """Return the handler with this layer around it."""
        handler = await continuation(handler_call_details)
        path: str = handler_call_details.method
        if handler is None or path.startswith(UNTOUCHED):
            return handler
        known = self._wrapped.get(path)
        if known is None or known[0] is not handler:
            known = (handler, self._wrap(path, handler))
            self._wrapped[path] = known
        return known[1]

    def _wrap(self, path: str, handler: Any) -> Any:
        service, _, method = path[1:].partition("/")
        call = Call(path, service.rpartition(".")[2], method, handler.response_streaming)
        kind = ("stream" if handler.request_streaming else "unary", "stream" if handler.response_streaming else "unary")
        inner = getattr(handler, "_".join(kind))

        async def one_answer(request: Any, context: Any) -> Any:
            async with self.around(call, context):
                if handler.request_streaming:
                    request = self.requests(call, request)
                else:
                    self.check(call, request)
                return await inner(request, context)

        async def many_answers(request: Any, context: Any) -> AsyncIterator[Any]:
            async with self.around(call, context):
                if handler.request_streaming:
                    request = self.requests(call, request)
                else:
                    self.check(call, request)
                async with (
                    aclosing(inner(request, context)) as answers,
                    aclosing(self.responses(call, answers)) as sent,
                ):
                    async for answer in sent:
                        yield answer

        make = getattr(grpc, f"{kind[0]}_{kind[1]}_rpc_method_handler")
        return make(
            many_answers if handler.response_streaming else one_answer,
            handler.request_deserializer,
            handler.response_serializer,
        )
