"""Server-sent events: a stream of messages, each with its cursor as event id.

Events: `message` (unnamed) for what happened, `heartbeat` for the cursor alone, `problem` for an error that ends the
stream, `end` where the service ended it in good order, so that a page closes instead of asking again.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import grpc

from gateway.exchange import Exchange
from gateway.failures import not_acceptable
from gateway.streams.frames import Frame, Frames
from gateway.transcoding.problems import Problem, of_error
from gateway.transcoding.rendering import dumps

_KIND = "text/event-stream"
_RETRY = b"retry: 2000\n\n"
_EARLY = 0.25  # seconds in which a refusal still becomes an HTTP status instead of an event


async def answer_events(
    exchange: Exchange, stream: Any, frames: Frames, heartbeat: float, describe: Callable[[Problem], dict[str, Any]]
) -> None:
    """Answer with the messages of a stream until it, or the reader, ends. Always cancels the stream.

    Raises:
        grpc.aio.AioRpcError: The service refused before anything was sent.
    """
    gone = asyncio.ensure_future(exchange.gone())
    reading = asyncio.ensure_future(stream.read())
    try:
        await asyncio.wait((reading, gone), timeout=_EARLY, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
        await exchange.start(200, _HEADERS)
        await exchange.chunk(_RETRY)
        while not gone.done():
            await asyncio.wait((reading, gone), timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                await exchange.chunk(b": still here\n\n")
                continue
            try:
                message = reading.result()
            except grpc.aio.AioRpcError as error:
                await exchange.chunk(_named(b"problem", dumps(describe(of_error(error)))))
                break
            if message is grpc.aio.EOF:
                await exchange.chunk(_named(b"end", b"{}"))
                break
            await exchange.chunk(event(frames.read(message)))
            reading = asyncio.ensure_future(stream.read())
        if not gone.done():
            await exchange.chunk(b"", more=False)
    finally:
        stream.cancel()
        for task in (gone, reading):
            task.cancel()
        await asyncio.gather(gone, reading, return_exceptions=True)


def accepts_events(accept: str) -> bool:
    """Tell whether a caller takes a stream of events; one that does not say takes anything."""
    return not accept or any(each.partition(";")[0].strip() in (_KIND, "text/*", "*/*") for each in accept.split(","))


def require_events(exchange: Exchange) -> None:
    """Refuse a caller that does not take a stream of events."""
    if not accepts_events(exchange.header(b"accept")):
        raise not_acceptable(_KIND)


def event(frame: Frame) -> bytes:
    """Return one event on the wire."""
    cursor = b"id: %s\n" % frame.cursor.encode() if frame.cursor else b""
    name = b"event: heartbeat\n" if frame.heartbeat else b""
    return b"%s%sdata: %s\n\n" % (cursor, name, frame.json)


def _named(name: bytes, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name, data)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
