"""Gzip for answers that are worth it, off the event loop where they are large."""

import asyncio
import zlib

from gateway.exchange import Header

SMALLEST = 1024
"""Bytes below which compression costs more than it saves."""
_INLINE = 64 << 10  # bytes above which zlib runs in a thread; it releases the interpreter lock
LEVEL = 4
"""Of zlib: most of what there is to save, at a third of the best level's time."""
_VARY: Header = (b"vary", b"Accept-Encoding")
GZIPPED: list[Header] = [_VARY, (b"content-encoding", b"gzip")]
"""Headers of a compressed body."""


def wanted(accept_encoding: str) -> bool:
    """Tell whether the caller takes gzip."""
    for part in accept_encoding.split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def compress(body: bytes, accept_encoding: str) -> tuple[bytes, list[Header]]:
    """Return the body, compressed where the caller takes it and it pays, with the headers that say so."""
    if len(body) < SMALLEST:
        return body, []
    if not wanted(accept_encoding):
        return body, [_VARY]
    smaller = gzip(body) if len(body) <= _INLINE else await asyncio.to_thread(gzip, body)
    return smaller, GZIPPED


def gzip(body: bytes) -> bytes:
    """Return the body as one gzip member."""
    return zlib.compress(body, LEVEL, 31)
