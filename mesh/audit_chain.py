"""How the entries of an audit chain hang together: pure functions over bytes."""

import base64
import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any, NamedTuple

GENESIS = bytes(32)
"""What the first entry follows."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WITHOUT_ZONE = datetime(1970, 1, 1)  # noqa: DTZ001 for times that SQLite gives back
_BLOCK = 64
_TOKEN = struct.Struct(">qq32s32s32s")


class Stored(NamedTuple):
    """An entry as its row holds it."""

    position: int
    at: datetime
    """In UTC, with or without saying so."""
    actor: str
    action: str
    subject_id: str | None
    details: str
    """Canonical JSON: sorted keys, no spaces."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry of a chain, and the checkpoint that retention cut it at."""

    position: int
    mac: bytes
    cut_position: int = 0
    """Entries up to here were removed; 0 for none."""
    cut_mac: bytes = GENESIS
    """What the first entry that is left follows."""
    signature: bytes = b""

    def columns(self) -> dict[str, Any]:
        """Return the values of the head row."""
        return {
            "position": self.position,
            "mac": self.mac,
            "cut_position": self.cut_position,
            "cut_mac": self.cut_mac,
            "signature": self.signature,
        }

    def token(self) -> str:
        """Return the whole head as one word of 150 characters, for the log stream: base64url without padding."""
        numbers = (self.position, self.cut_position)
        packed = _TOKEN.pack(*numbers, self.mac, self.cut_mac, self.signature)
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def head_of(token: str) -> Head:
    """Return the head that `Head.token` wrote, its signature unchecked.

    Raises:
        ValueError: The text is no such word.
    """
    try:
        packed = base64.b64decode(token.strip() + "=" * (-len(token.strip()) % 4), altchars=b"-_", validate=True)
        position, cut_position, mac, cut_mac, signature = _TOKEN.unpack(packed)
    except (ValueError, struct.error) as error:
        raise ValueError("not a signed head") from error
    return Head(position, mac, cut_position, cut_mac, signature)


class ChainKey:
    """HMAC-SHA-256 (RFC 2104) under one key of 32 bytes; hashing the padded key once halves the time of an entry."""

    def __init__(self, key: bytes) -> None:
        """Hash the inner and outer pad."""
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def mac(self, content: bytes) -> bytes:
        """Return the 32 bytes that only a holder of the key can make."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(content)
        outer.update(inner.digest())
        return outer.digest()

    def link(self, before: bytes, entry: Stored | tuple[Any, ...]) -> bytes:
        """Return the MAC of an entry that follows the one whose MAC is `before`.

        The content is one JSON array, so that no two entries have the same bytes.
        """
        position, at, actor, action, subject_id, details = entry
        since = at - (_EPOCH_WITHOUT_ZONE if at.tzinfo is None else _EPOCH)
        microseconds = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
        subject = "null" if subject_id is None else encode_basestring(subject_id)
        names = f"{encode_basestring(actor)},{encode_basestring(action)},{subject}"
        return self.mac(before + f"[{position},{microseconds},{names},{details}]".encode())

    def signature(self, head: Head) -> bytes:
        """Return the signature of a head, over everything else in it."""
        numbers = f"head {head.position} {head.cut_position} ".encode()
        return self.mac(numbers + head.mac + head.cut_mac)
