"""Real receivers of notifications: an HTTP server and an SMTP server that misbehave on demand."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class Webhook:
    """Remembers what was posted to it."""

    port: int = 0
    posts: list[tuple[dict[str, str], dict[str, Any], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Status codes of the next answers; then 200."""
    note: Callable[[dict[str, Any]], None] | None = None
    """Hears of every post."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/alerts"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")[1:]
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                code = self.answers.pop(0) if self.answers else 200
                if code == 200 and self.note is not None:
                    self.note(json.loads(body))
                elif code == 200:
                    self.posts.append((headers, json.loads(body), body))
                extra = "Location: http://127.0.0.1:1/\r\n" if code == 302 else ""
                writer.write(f"HTTP/1.1 {code} x\r\n{extra}Content-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def webhook() -> AsyncIterator[Webhook]:
    """Run a receiver of webhooks."""
    receiver = Webhook()
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


@dataclass
class MailServer:
    """A real SMTP server: keeps mails, or misbehaves."""

    port: int = 0
    mails: list[tuple[list[str], Message]] = field(default_factory=list)
    busy: int = 0
    """So many more mails are answered with 451."""
    hang_up: int = 0
    """So many more connections are closed in the middle of DATA."""
    attempts: int = 0
    refusals: list[str] = field(default_factory=list)
    """What the next senders are told before they may hand in anything; then they may."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.refusals:
            return self.refusals.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.attempts += 1
        if self.hang_up > 0:
            self.hang_up -= 1
            server.transport.abort()
            return "421 gone"
        if self.busy > 0:
            self.busy -= 1
            return "451 try again later"
        self.mails.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        return "250 kept"


def reserved_port() -> socket.socket:
    """Bind a port on which nobody listens: who connects is refused, and no other process can take it meanwhile."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


@asynccontextmanager
async def mail_server(
    server: MailServer,
    reserved: socket.socket | None = None,
    *,
    starttls: SSLContext | None = None,
    tls: SSLContext | None = None,
) -> AsyncIterator[MailServer]:
    """Run an SMTP server, on a reserved port or any.

    In the clear, asking for STARTTLS before a mail, or with TLS from the first byte.
    """
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(server, loop=loop, tls_context=starttls, require_starttls=starttls is not None)

    listening = await loop.create_server(session, sock=reserved or reserved_port(), ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
