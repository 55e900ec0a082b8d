"""The calls to the services behind, one multicallable per call, made once."""

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from gateway.transcoding.image import Call

Metadata = Sequence[tuple[str, str]]


class Upstream:
    """Makes calls over the channel of the process that serves them. Answers are bytes: who reads them, parses them."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel], calls: Sequence[Call]) -> None:
        """Take the channel of each gRPC service by full name."""
        self._calls: dict[str, Any] = {}
        for call in calls:
            if (channel := channels.get(call.service)) is not None:
                self._calls[call.path] = _multicallable(channel, call)

    def serves(self, call: Call) -> bool:
        """Tell whether a channel leads to the call's service."""
        return call.path in self._calls

    async def unary(self, call: Call, message: Message, metadata: Metadata, seconds: float) -> bytes:
        """Make a call with one answer; a client-streaming one gets the message as its only one.

        Raises:
            grpc.aio.AioRpcError: The call failed.
        """
        request: Any = [message] if call.client_streaming else message
        answer: bytes = await self._calls[call.path](request, metadata=metadata, timeout=seconds)
        return answer

    def stream(self, call: Call, message: Message, metadata: Metadata, seconds: float | None) -> Any:
        """Open a server stream and return the call object, an asynchronous iterator of bytes.

        Abandoned streams are never cancelled by themselves: `finally: stream.cancel()`.
        """
        return self._calls[call.path](message, metadata=metadata, timeout=seconds)


def _multicallable(channel: grpc.aio.Channel, call: Call) -> Any:
    kinds = {
        (False, False): channel.unary_unary,
        (True, False): channel.stream_unary,
        (False, True): channel.unary_stream,
        (True, True): channel.stream_stream,
    }
    make: Any = kinds[call.client_streaming, call.server_streaming]
    return make(call.path, request_serializer=_serialize, response_deserializer=None)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
