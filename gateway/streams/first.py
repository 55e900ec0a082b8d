"""The first message of a stream: until it is there, a refusal is still an HTTP status.

Every stream of ours says at once where it starts, so that waiting for it costs nothing, and no clock decides whether a
refusal is an answer or an event.
"""

import asyncio
from typing import Any

from gateway.failures import silent
from gateway.streams.drain import stopping


async def first_message(stream: Any, gone: asyncio.Future[None], seconds: float) -> Any:
    """Return the first message of a stream, or the mark of its end.

    Raises:
        grpc.aio.AioRpcError: The service refused.
        Failure: Nothing came within so many seconds.
        Unavailable: This gateway is stopping.
        asyncio.CancelledError: The reader has gone.
    """
    reading = asyncio.ensure_future(stream.read())
    try:
        await asyncio.wait((reading, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            raise asyncio.CancelledError
        if not reading.done():
            raise silent()
        if reading.cancelled():
            raise stopping()
        return reading.result()
    finally:
        reading.cancel()
