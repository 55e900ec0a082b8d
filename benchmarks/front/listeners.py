"""WebSockets that only listen: the moment of each frame is kept, and what it says is read when all is over.

A client library would use about as much processor time a frame as the gateway does, on the same cores: what one would
measure then is that library.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import Iterator

ALERTS = 10
"""How many alerts are measured, one a second."""
_AT_ONCE = 50


class Listener(asyncio.Protocol):
    """One open WebSocket."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, bytes]] = []
        """Pieces as they came, with the Unix seconds."""
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came; a ping is answered, so that the connection stays."""
        if data[0] == 0x89:
            self.transport.write(bytes((0x8A, 0x80 | data[1])) + bytes(4) + data[2:])
            return
        self.heard.append((time.time(), data))
        if not self.opened.done() and b'"cursor"' in data:
            self.opened.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for the first frame that none will come."""
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"no stream: {b''.join(each for _, each in self.heard)[:200]!r}"))

    def frames(self) -> Iterator[tuple[float, bytes]]:
        """Return each text frame after the handshake, with the moment at which it was whole."""
        text = b""
        for moment, data in self.heard:
            text += data
            if text.startswith(b"HTTP/"):
                _, _, text = text.partition(b"\r\n\r\n")
            while len(text) >= 4:
                start, size = (4, int.from_bytes(text[2:4])) if text[1] == 126 else (2, text[1])
                if len(text) < start + size:
                    break
                yield moment, text[start : start + size]
                text = text[start + size :]


async def listen(port: int, path: str, token: str, count: int) -> list[list[float]]:
    """Open `count` sockets and return, for each of ten alerts, how long it took to each of them, in milliseconds."""
    listeners: list[Listener] = []
    for _ in range(0, count, _AT_ONCE):
        listeners += await asyncio.gather(*(_open(port, path, token) for _ in range(_AT_ONCE)))
    begun = time.time()
    await asyncio.sleep(ALERTS + 2)
    waits: dict[float, list[float]] = {}
    for each in listeners:
        alerts = ((moment, json.loads(frame).get("event")) for moment, frame in each.frames())
        sent = ((moment, float(event["note"])) for moment, event in alerts if event)
        for moment, left in sent:
            if left > begun:
                waits.setdefault(left, []).append((moment - left) * 1000)
        each.transport.abort()
    found = [waits[left] for left in sorted(waits)[:ALERTS]]
    assert [len(each) for each in found] == [count] * ALERTS, "some alerts did not arrive everywhere"
    return found


async def _open(port: int, path: str, token: str) -> Listener:
    _, listener = await asyncio.get_running_loop().create_connection(Listener, "127.0.0.1", port)
    head = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n"
    )
    listener.transport.write(head.encode())
    await listener.opened
    return listener
