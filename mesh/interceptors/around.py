"""What is around all four kinds of calls: each is measured, identified, validated, and ended in words.

Handlers are wrapped when they are added, because an interceptor of gRPC costs every call a coroutine and a context.
Those with a stream of answers are async generators; `context.write` is not supported. An answer may be bytes that are
serialised already.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import grpc

from mesh.interceptors.access import Access
from mesh.interceptors.call import Call
from mesh.interceptors.errors import Errors
from mesh.interceptors.metrics import Measured
from mesh.interceptors.room import Room
from mesh.interceptors.validation import validate
from mesh.refusal import Unavailable

_Method = TypeVar("_Method", bound=Callable[..., Any])

UNTOUCHED = ("/grpc.health.v1.", "/grpc.reflection.")
"""Calls of gRPC's own services: open to everybody, and nobody looks at them."""


_VALIDATES = "validates_its_messages"


def validates(method: _Method) -> _Method:
    """Leave the rules of its messages to a method: it calls `validate` wherever one may be broken.

    For large messages of the hot path, which are read once anyway.
    """
    setattr(method, _VALIDATES, True)
    return method


def _nothing(message: Any) -> None:
    """Leave it to the method."""


class AroundCalls:
    """Wraps handlers, each once."""

    def __init__(self, access: Access, errors: Errors, room: Room, stopping: Callable[[], bool]) -> None:
        """Let callers in where there is `room`, by `access`; end calls by `errors`.

        Streams of requests end once the process is `stopping`.
        """
        self._access, self._errors, self._room, self._stopping = access, errors, room, stopping
        self.begun = 0
        """Calls that began."""

    def wrap(self, path: str, handler: Any) -> Any:
        """Return the handler of a method with everything around it."""
        if path.startswith(UNTOUCHED):
            return handler
        call = Call.of(path, streams=handler.response_streaming)
        kind = ("stream" if handler.request_streaming else "unary", "stream" if handler.response_streaming else "unary")
        inner = getattr(handler, "_".join(kind))
        admitted = self._stream_admitted if handler.request_streaming else self._message_admitted
        check = _nothing if getattr(inner, _VALIDATES, False) else validate

        async def one_answer(request: Any, context: Any) -> Any:
            self.begun += 1
            with Measured(call, context):
                try:
                    with self._room:
                        await self._access.enter(call, context)
                        return await inner(admitted(call, request, check), context)
                except Exception as error:  # noqa: BLE001 every call ends in a status that says why
                    await self._errors.end(call, context, error)

        async def many_answers(request: Any, context: Any) -> AsyncIterator[Any]:
            self.begun += 1
            with Measured(call, context):
                try:
                    with self._room:
                        await self._access.enter(call, context)
                        async with (
                            aclosing(inner(admitted(call, request, check), context)) as answers,
                            aclosing(self._access.while_token_lasts(answers)) as sent,
                        ):
                            async for answer in sent:
                                yield answer
                except Exception as error:  # noqa: BLE001 every call ends in a status that says why
                    await self._errors.end(call, context, error)

        make = getattr(grpc, f"{kind[0]}_{kind[1]}_rpc_method_handler")
        return make(
            many_answers if handler.response_streaming else one_answer,
            handler.request_deserializer,
            _serialised_once(handler.response_serializer),
        )

    def _message_admitted(self, call: Call, message: Any, check: Callable[[Any], None]) -> Any:
        self._access.check(call, message)
        check(message)
        return message

    async def _stream_admitted(
        self, call: Call, messages: AsyncIterator[Any], check: Callable[[Any], None]
    ) -> AsyncGenerator[Any, None]:
        begun = False
        async for message in self._access.while_token_lasts(messages):
            # A stream of one message is a call as any other, and ends as one.
            if begun and self._stopping():
                raise Unavailable("stopping", "This process is about to stop; send the rest again.", retry_after=1.0)
            begun = True
            yield self._message_admitted(call, message, check)


def _serialised_once(serialise: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Let bytes pass: an answer that goes to many callers is serialised once, by its handler."""
    return lambda answer: answer if isinstance(answer, bytes) else serialise(answer)
