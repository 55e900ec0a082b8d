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
from gateway.policy import Policy
from gateway.streams.drain import Drain
from gateway.streams.first import first_message
from gateway.streams.frames import Frame, Frames
from gateway.transcoding.problems import Problem, of_error
from gateway.transcoding.rendering import dumps

_KIND = "text/event-stream"
_RETRY = b"retry: 2000\n\n"


async def answer_events(
    exchange: Exchange,
    stream: Any,
    frames: Frames,
    policy: Policy,
    describe: Callable[[Problem], dict[str, Any]],
    drain: Drain,
) -> None:
    """Answer with the messages of a stream until it, the reader or this gateway ends.

    Raises:
        grpc.aio.AioRpcError: The service refused before anything was sent.
        Failure: The service said nothing within the time of a call.
        Unavailable: This gateway began to stop before anything was sent.
    """
    gone = asyncio.ensure_future(exchange.gone())
    gone.add_done_callback(lambda _: stream.cancel())
    idle: asyncio.Task[None] | None = None
    try:
        message = await first_message(stream, gone, policy.call_seconds)
        await exchange.start(200, _HEADERS)
        await exchange.chunk(_RETRY)
        idle = asyncio.create_task(_beat(exchange, policy.heartbeat_seconds))
        while message is not grpc.aio.EOF:
            await exchange.chunk(event(frames.read(message)))
            message = await stream.read()
        await exchange.chunk(_named(b"end", b"{}"))
        await exchange.chunk(b"", more=False)
    except asyncio.CancelledError:
        if not gone.done() and not drain.begun:
            raise
        if not gone.done():
            await exchange.chunk(b"", more=False)  # the page comes back by itself, with the id of the last event
    except grpc.aio.AioRpcError as error:
        if not exchange.status:
            raise
        await exchange.chunk(_named(b"problem", dumps(describe(of_error(error)))))
        await exchange.chunk(b"", more=False)
    finally:
        tasks = [task for task in (gone, idle) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _beat(exchange: Exchange, seconds: float) -> None:
    """Say now and then that the stream lives, so that proxies keep it open."""
    while True:
        await asyncio.sleep(seconds)
        await exchange.chunk(b": still here\n\n")


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
