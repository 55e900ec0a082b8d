"""The little of HTTP/2 that it takes to listen to a gRPC stream at a few microseconds a message (RFC 9113, RFC 7541).

A hundred streams read through grpcio cost the listening process about 45 us a message, and a median over them would
show the listeners. Here the clock is read as bytes arrive, and nothing is parsed before the measuring is over.
"""

import asyncio
import struct
from collections.abc import Callable, Iterable
from typing import Any

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GO_AWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACKNOWLEDGED, END_HEADERS = 1, 1, 4
LARGEST_WINDOW = 2**31 - 1
FRAME_HEAD, GRPC_HEAD = 9, 5


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """Return one frame."""
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack(">I", stream) + body


def literal(text: bytes) -> bytes:
    """Return a string of a header, not compressed."""
    length, rest = b"", len(text)
    if rest < 127:
        return bytes([rest]) + text
    rest -= 127
    while rest >= 128:
        length += bytes([rest % 128 + 128])
        rest //= 128
    return b"\x7f" + length + bytes([rest]) + text


def headers(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a block of headers that no table remembers."""
    return b"".join(b"\0" + literal(name) + literal(value) for name, value in pairs)


class Connection(asyncio.Protocol):
    """One connection with any number of streams of answers."""

    def __init__(self, arrived: Callable[[int, bytes], None], ended: Callable[[int], None]) -> None:
        """Hand each piece of data to `arrived`, with its stream; `ended` hears of streams that are over."""
        self._arrived, self._ended = arrived, ended
        self._held = bytearray()
        self._transport: Any = None
        self._next = 1

    def connection_made(self, transport: Any) -> None:
        """Open the windows as wide as they go."""
        self._transport = transport
        wide = struct.pack(">HI", 4, LARGEST_WINDOW)
        more = struct.pack(">I", LARGEST_WINDOW - 65_535)
        transport.write(PREFACE + frame(SETTINGS, 0, 0, wide) + frame(WINDOW, 0, 0, more))

    def call(self, path: str, request: bytes, metadata: Iterable[tuple[str, str]]) -> int:
        """Make a call with one request; return its stream."""
        stream, self._next = self._next, self._next + 2
        block = headers(
            [
                (b":method", b"POST"),
                (b":scheme", b"http"),
                (b":path", path.encode()),
                (b":authority", b"localhost"),
                (b"te", b"trailers"),
                (b"content-type", b"application/grpc"),
                *((name.encode(), value.encode()) for name, value in metadata),
            ]
        )
        body = b"\0" + struct.pack(">I", len(request)) + request
        self._transport.write(frame(HEADERS, END_HEADERS, stream, block) + frame(DATA, END_STREAM, stream, body))
        return stream

    def close(self) -> None:
        """End the connection, and so all its calls."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take frames apart."""
        held, at = self._held, 0
        held += data
        while len(held) - at >= FRAME_HEAD:
            end = at + FRAME_HEAD + int.from_bytes(held[at : at + 3], "big")
            if end > len(held):
                break
            kind, flags = held[at + 3], held[at + 4]
            stream = int.from_bytes(held[at + 5 : at + 9], "big")
            body = bytes(held[at + FRAME_HEAD : end])
            at = end
            if kind == DATA:
                self._arrived(stream, body)
            else:
                self._answer(kind, flags, stream, body)
        del held[:at]

    def _answer(self, kind: int, flags: int, stream: int, body: bytes) -> None:
        if kind == SETTINGS and not flags & ACKNOWLEDGED:
            self._transport.write(frame(SETTINGS, ACKNOWLEDGED, 0, b""))
        elif kind == PING and not flags & ACKNOWLEDGED:
            self._transport.write(frame(PING, ACKNOWLEDGED, 0, body))
        elif kind in (RESET, GO_AWAY) or (kind == HEADERS and flags & END_STREAM):
            self._ended(stream)


def messages(data: bytes) -> Iterable[bytes]:
    """Return the gRPC messages in a stream's data."""
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + GRPC_HEAD], "big")
        yield data[at + GRPC_HEAD : at + GRPC_HEAD + length]
        at += GRPC_HEAD + length
