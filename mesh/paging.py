"""Opaque page tokens: a position in a list, valid only for the question that it was made for."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from mesh.refusal import InvalidArgument, Violation

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
_MAC_BYTES = 12
_KEY = bytearray()
"""Set once by the process, alike in all replicas, so that nobody makes tokens of their own."""


def key_tokens(key: bytes) -> None:
    """Make and take tokens under this secret from now on."""
    _KEY[:] = key


def page_size(requested: int) -> int:
    """Return how many rows a page holds: 0 asks for 50; raises InvalidArgument outside 0 to 1000."""
    if not 0 <= requested <= LARGEST_SIZE:
        violation = Violation("page_size", "int32.gte_lte", f"is {requested}; it lies between 0 and {LARGEST_SIZE}")
        raise InvalidArgument("page_size_invalid", f"page_size {violation.description}.", violations=[violation])
    return requested or DEFAULT_SIZE


def filter_hash(call: str, /, **filters: Any) -> bytes:
    """Return what identifies a question: the call, its filters and its order (all JSON values)."""
    text = json.dumps([call, filters], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()


def encode_token(position: Mapping[str, Any], filter_hash: bytes) -> str:
    """Return the token of a position (JSON values) in the answers to one question."""
    body = json.dumps(dict(position), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mac(body, filter_hash) + body).rstrip(b"=").decode()


def decode_token(token: str, filter_hash: bytes) -> dict[str, Any] | None:
    """Return the position of a token, none for the empty one.

    Raises InvalidArgument (field `page_token`) for a token that was made up, cut, or made for another question.
    """
    if not token:
        return None
    try:
        raw = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise _foreign() from error
    mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(body, filter_hash)):
        raise _foreign()
    position: dict[str, Any] = json.loads(body)
    return position


def _mac(body: bytes, filter_hash: bytes) -> bytes:
    return hmac.digest(bytes(_KEY) + filter_hash, body, "sha256")[:_MAC_BYTES]


def _foreign() -> InvalidArgument:
    violation = Violation("page_token", "page_token", "belongs to another question; start again without it")
    return InvalidArgument("page_token_invalid", f"page_token {violation.description}.", violations=[violation])
