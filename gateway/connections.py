"""Connections over HTTP/1.1, held to limits that the server's own parser does not know.

A request's head comes whole within a time and is of bounded size, so that nobody holds memory or connections by a head
that never ends (CWE-400). Fields after the body are no headers (RFC 9110, section 6.5.1): taken for ones, they would
pass by what a proxy in front has checked.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES = 64 << 10
"""Largest request line and headers together."""
HEAD_SECONDS = 20.0
"""Longest time from a connection's start, or from a request's first bytes, to the end of its head."""
_UNFINISHED_BYTES = 256 << 10  # of a head without an end: as much as the loop reads at once, which may hold a body too


class Connection(HttpToolsProtocol):
    """One connection of a caller."""

    url = b""
    _in_head = False
    _head = _unfinished = 0
    _late: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Await the first head."""
        super().connection_made(transport)
        self._await_end_of_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing any more."""
        self._forget_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        begun = self._in_head
        super().data_received(data)
        if self._in_head:
            self._unfinished += len(data) if begun else 0
            if self._unfinished > _UNFINISHED_BYTES:
                self._refuse(431)
            elif self._late is None:
                self._await_end_of_head()

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head, self._head, self._unfinished = True, 0, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; raises ValueError where the head is too large."""
        if not self._in_head:
            return  # a trailer
        self._head += len(name) + len(value) + len(b": \r\n")
        if self._head_is_large():
            raise ValueError("the head is too large")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Have the request answered."""
        self._in_head = False
        self._forget_head()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse a head that is too large, or what is no HTTP."""
        if self._head_is_large():
            self._refuse(431)
        else:
            super().send_400_response(msg)

    def _head_is_large(self) -> bool:
        return len(self.url) + self._head > HEAD_BYTES

    def _await_end_of_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _forget_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int) -> None:
        """Close, with a word where no answer to an earlier request is under way."""
        self._forget_head()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()
