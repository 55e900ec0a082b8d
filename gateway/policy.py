"""The limits and manners of this gateway, as its settings give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What requests are held to."""

    body_bytes: int = 4 << 20
    """Largest request body."""
    call_seconds: float = 30.0
    """Deadline of a call, passed on to the service."""
    heartbeat_seconds: float = 15.0
    """How often an idle stream of events says that it lives."""
    origins: frozenset[str] = frozenset()
    """Pages of other sites that may ask, by origin: `https://play.example.org`."""
    hosts: frozenset[str] = frozenset()
    """Names that requests may be sent to; empty for any."""
    sampled: float = 0.05
    """Share of new traces that are recorded, 0 to 1."""
    compress: bool = True
    """Whether large answers are compressed for those who take it."""
