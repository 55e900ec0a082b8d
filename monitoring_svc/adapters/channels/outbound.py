"""HTTP to the outside: https but for loopback, no redirects, the resolved address checked at connect.

The check is made on the address that the connection goes to, so that a name that resolves to one thing for the check
and to another for the connection gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from mesh.refusal import InvalidArgument, Violation
from monitoring_svc.ports import SendFailed

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_target(url: str) -> None:
    """Refuse an address that is neither https nor loopback; raises InvalidArgument."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)):
        return
    violation = Violation("definition.address", "https", "is neither https nor loopback; write https://host/path")
    raise InvalidArgument("address_not_https", f"The address {violation.description}.", violations=[violation])


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that may be reached."""

    def __init__(self, *, allow_private: bool) -> None:
        self._backend = httpcore.AnyIOBackend()
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{type(error).__name__}") from error
        for *_, address in found:
            if self._may_reach(host, str(address[0])):
                return await self._backend.connect_tcp(str(address[0]), port, timeout, local_address, socket_options)
        raise httpcore.ConnectError("the name resolves to addresses that must not be reached")

    def _may_reach(self, host: str, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        if ip.is_loopback:
            return host in _LOOPBACK
        if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
            return False
        return self._allow_private or not ip.is_private

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class Outbound:
    """One HTTP client for all webhooks."""

    def __init__(self, *, allow_private: bool = False, timeout: float = 10.0) -> None:
        """Reach private addresses only if allowed; wait `timeout` seconds for each part of an exchange."""
        transport = httpx.AsyncHTTPTransport(retries=0)
        transport._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=50,
            network_backend=_CheckedBackend(allow_private=allow_private),
        )
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        """POST JSON. Raises SendFailed: permanent for 4xx but 408, 425 and 429, else worth another attempt."""
        try:
            check_target(url)
            answer = await self._client.post(url, content=body, headers={"Content-Type": "application/json"} | headers)
        except InvalidArgument as error:
            raise SendFailed(error.message, permanent=True) from error
        except httpx.HTTPError as error:
            raise SendFailed(f"could not be reached: {type(error).__name__}") from error
        if answer.is_success:
            return
        again = answer.status_code >= 500 or answer.status_code in (408, 425, 429)
        raise SendFailed(f"answered {answer.status_code}", permanent=not again)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()
