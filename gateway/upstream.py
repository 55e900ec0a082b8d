"""The calls to the services behind, one multicallable per call, made once."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message

from gateway.transcoding.image import Call

Metadata = Sequence[tuple[str, str]]

_WAIT_SECONDS = 2.0
"""How long a call waits for a replica while none takes calls: a new one's address may be looked up once a second."""
_LOOK_SECONDS = 0.05


class Upstream:
    """Makes calls over the channel of the process that serves them. Answers are bytes: who reads them, parses them."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel], calls: Sequence[Call]) -> None:
        """Take the channel of each gRPC service by full name."""
        self._calls: dict[str, Any] = {}
        self._channels = channels
        for call in calls:
            if (channel := channels.get(call.service)) is not None:
                self._calls[call.path] = _multicallable(channel, call)

    def serves(self, call: Call) -> bool:
        """Tell whether a channel leads to the call's service."""
        return call.path in self._calls

    async def unary(self, call: Call, message: Message, metadata: Metadata, seconds: float) -> bytes:
        """Make a call with one answer; a client-streaming one gets the message as its only one.

        While no replica is known that takes calls it waits a moment, because once sent it may not be made again.

        Raises:
            grpc.aio.AioRpcError: The call failed.
        """
        await _any_replica(self._channels[call.service], min(_WAIT_SECONDS, seconds))
        request: Any = [message] if call.client_streaming else message
        answer: bytes = await self._calls[call.path](request, metadata=metadata, timeout=seconds)
        return answer

    def stream(self, call: Call, message: Message, metadata: Metadata, seconds: float | None) -> Any:
        """Open a server stream and return the call object, an asynchronous iterator of bytes.

        Abandoned streams are never cancelled by themselves: `finally: stream.cancel()`.
        """
        return self._calls[call.path](message, metadata=metadata, timeout=seconds)


async def _any_replica(channel: grpc.aio.Channel, seconds: float) -> None:
    for _ in range(int(seconds / _LOOK_SECONDS)):
        if channel.get_state() is not grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            return
        await asyncio.sleep(_LOOK_SECONDS)


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
