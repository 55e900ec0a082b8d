"""One HTTP request and its answer over ASGI: headers, a bounded body, an answer sent once."""

import asyncio
import ipaddress
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from gateway.failures import body_too_large, body_too_slow

Header = tuple[bytes, bytes]
_HEARD_SECONDS = 0.1
"""How soon the server hears of a connection that closed."""


class Exchange:
    """A request being answered."""

    __slots__ = ("_disconnected", "_send", "extra", "headers", "method", "path", "query", "receive", "scope", "status")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = "GET" if scope["method"] == "HEAD" else scope["method"]
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        self.path = raw.decode("latin-1")
        """The path as it was sent, still percent-encoded."""
        self.query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.extra: list[Header] = []
        """Headers that every answer of this exchange carries."""
        self.status = 0
        """HTTP status once the answer has started; 0 before."""
        self.receive = receive
        self._send = send
        self._disconnected = False

    def header(self, name: bytes) -> str:
        """Return a request header; empty where there is none."""
        value = self.headers.get(name)
        return value.decode("latin-1") if value is not None else ""

    @property
    def address(self) -> str:
        """The caller's address as the socket has it; of IPv6 the network, since each caller has one to itself."""
        client = self.scope.get("client")
        if not client:
            return "unknown"
        return _network(client[0]) if ":" in client[0] else str(client[0])

    @property
    def secure(self) -> bool:
        """Whether the caller speaks TLS, here or to a trusted proxy that said so."""
        return bool(self.scope["scheme"] in ("https", "wss"))

    def take_parameter(self, name: str) -> str:
        """Remove a parameter from the query, so that calls do not see it, and return its last value; else empty."""
        if name.encode() not in self.query:
            return ""
        parts = self.query.split(b"&")
        mine = [part for part in parts if part.split(b"=")[0] == name.encode()]
        self.query = b"&".join(part for part in parts if part not in mine)
        return dict(parse_qsl(b"&".join(mine).decode("latin-1"))).get(name, "")

    async def body(self, limit: int, seconds: float) -> bytes:
        """Read the body; raises the refusal of one of more than `limit` bytes, or that takes longer than `seconds`."""
        if int(self.headers.get(b"content-length") or 0) > limit:
            raise body_too_large(limit)
        try:
            async with asyncio.timeout(seconds):
                return await self._read_body(limit)
        except TimeoutError:
            raise body_too_slow() from None

    async def _read_body(self, limit: int) -> bytes:
        chunks, size, more = [], 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                self._disconnected = True
                raise ClientDisconnected
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > limit:
                raise body_too_large(limit)
            more = message.get("more_body", False)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def gone(self) -> None:
        """Return when the caller has gone away."""
        while not self._disconnected:
            self._disconnected = (await self.receive())["type"] == "http.disconnect"

    async def answer(self, status: int, headers: Iterable[Header], body: bytes = b"") -> None:
        """Send a whole answer."""
        sized = [*headers, (b"content-length", str(len(body)).encode())] if status != 304 else headers
        await self.start(status, sized)
        await self.chunk(b"" if self.scope["method"] == "HEAD" else body, more=False)

    async def start(self, status: int, headers: Iterable[Header]) -> None:
        """Send the head of an answer whose body follows in chunks."""
        self.status = status
        message: MutableMapping[str, Any] = {"type": "http.response.start", "status": status}
        await self._write({**message, "headers": [*self.extra, *headers]})

    async def pass_on(self, message: MutableMapping[str, Any]) -> None:
        """Send an ASGI message as it is."""
        await self._write(message)

    async def chunk(self, body: bytes, *, more: bool = True) -> None:
        """Send a piece of the body, waiting while the caller reads slowly."""
        await self._write({"type": "http.response.body", "body": body, "more_body": more})

    async def _write(self, message: MutableMapping[str, Any]) -> None:
        """Send, or raise ClientDisconnected where the caller left a moment ago.

        uvloop refuses a write to a connection that has just closed; uvicorn hears of that only in the loop's next turn.
        """
        try:
            await self._send(message)
        except RuntimeError as error:
            with suppress(TimeoutError):
                async with asyncio.timeout(_HEARD_SECONDS):
                    await self.gone()
            if self._disconnected:
                raise ClientDisconnected from error
            raise


def _network(address: str) -> str:
    """Return the /64 of an IPv6 address, or the IPv4 address that it stands for."""
    found = ipaddress.IPv6Address(address.partition("%")[0])
    return str(found.ipv4_mapped or ipaddress.IPv6Address(int(found) >> 64 << 64))
