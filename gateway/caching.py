"""What may be kept by the reader's own browser: released data, and nothing else."""

import hashlib

from tta.analytics.v1 import access_pb2

from gateway.exchange import Header
from gateway.transcoding.image import Call

IMMUTABLE = frozenset({"/tta.analytics.v1.AggregationService/GetRelease"})
"""Calls whose answer to the same request never changes: a release is computed once and stored."""


def released(call: Call) -> bool:
    """Tell whether a call answers from released data: read-only, and open to all who may view it."""
    return bool(
        call.side_effect_free
        and call.access
        and access_pb2.PERMISSION_VIEW_ANONYMIZED_DATA in call.access.any_of
        and access_pb2.PERMISSION_VIEW_OPERATIONS not in call.access.any_of
    )


def cache_control(call: Call) -> bytes:
    """Return how long an answer may be kept. Always private: what a caller may see depends on the caller."""
    if call.path in IMMUTABLE:
        return b"private, max-age=86400, immutable"
    return b"private, no-cache" if released(call) else b"no-store"


def etag(body: bytes) -> str:
    """Return the weak validator of a body; weak because it holds for every content encoding."""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str, tag: str) -> bool:
    """Tell whether the caller already has the body of this validator."""
    return if_none_match.strip() == "*" or tag.removeprefix("W/") in (
        each.strip().removeprefix("W/") for each in if_none_match.split(",")
    )


def headers(call: Call, tag: str) -> list[Header]:
    """Return the caching headers of an answer."""
    found = [(b"cache-control", cache_control(call)), (b"vary", b"Authorization, Cookie")]
    return [*found, (b"etag", tag.encode())] if tag else found
