"""Which pages may ask in a reader's name: our own, and those that a setting lists."""

from collections.abc import Collection
from urllib.parse import urlsplit

from gateway.exchange import Header


def same_or_listed(origin: str, host: str, listed: Collection[str]) -> bool:
    """Tell whether a page of `origin` may act: it came from this host, or its origin is listed."""
    if origin in listed:
        return True
    try:
        return bool(origin) and urlsplit(origin).netloc == host
    except ValueError:
        return False


def cors_headers(origin: str, listed: Collection[str]) -> list[Header]:
    """Return the headers that let a listed page read the answer; none for any other."""
    if origin not in listed:
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"vary", b"Origin"),
        (b"access-control-expose-headers", b"ETag, Retry-After, X-Request-Id, Content-Disposition"),
    ]


PREFLIGHT: tuple[Header, ...] = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id",
    ),
    (b"access-control-max-age", b"600"),
)
"""What a browser may send from a listed page. Bearer tokens only: cookies never cross sites."""
