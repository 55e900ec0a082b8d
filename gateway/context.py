"""What one request is known by: its id, its trace, its route; and what the services are told of it."""

import random
import re
from dataclasses import dataclass

from gateway.exchange import Exchange
from gateway.identity.credentials import Credentials
from mesh.channels import ROOM

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)


@dataclass(slots=True)
class Context:
    """One request on its way."""

    request_id: str
    traceparent: str
    credentials: Credentials
    caller: str = ""
    """Name of the caller, where their token was found to hold; else empty."""
    route: str = "unmatched"
    """Method and path template; never the path itself."""

    @property
    def trace_id(self) -> str:
        """The 32 hexadecimal digits of the trace."""
        return self.traceparent[3:35]

    @property
    def sampled(self) -> bool:
        """Whether the trace is recorded."""
        return self.traceparent.endswith("1")

    def metadata(self) -> list[tuple[str, str]]:
        """Return what goes to the services beside the message."""
        found = [("traceparent", self.traceparent), ("x-request-id", self.request_id), ROOM]
        if self.credentials.token:
            found.append(("authorization", f"Bearer {self.credentials.token}"))
        return found


def context(exchange: Exchange, credentials: Credentials, sampled: float) -> Context:
    """Return the context of a request: the caller's trace and request id where they are well formed, else new ones.

    `sampled` is the share of new traces that are recorded, 0 to 1.
    """
    traceparent = exchange.header(b"traceparent")
    if not _TRACEPARENT.fullmatch(traceparent):
        flags = "01" if random.random() < sampled else "00"  # noqa: S311 no secret
        bits = random.getrandbits(192)
        traceparent = f"00-{bits >> 64 or 1:032x}-{bits & (1 << 64) - 1 or 1:016x}-{flags}"
    given = exchange.header(b"x-request-id")
    return Context(given if _REQUEST_ID.fullmatch(given) else traceparent[3:35], traceparent, credentials)
