"""How the entries of an audit chain hang together: pure functions over bytes."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any, NamedTuple

GENESIS = bytes(32)
"""What the first entry follows."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stored(NamedTuple):
    """An entry as its row holds it."""

    position: int
    at: datetime
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


def link(key: bytes, before: bytes, entry: Stored) -> bytes:
    """Return the HMAC-SHA-256 of an entry that follows the one whose HMAC is `before`.

    The content is one JSON array, so that no two entries have the same bytes.
    """
    since = entry.at - _EPOCH
    microseconds = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    subject = "null" if entry.subject_id is None else encode_basestring(entry.subject_id)
    text = (
        f"[{entry.position},{microseconds},{encode_basestring(entry.actor)},{encode_basestring(entry.action)},"
        f"{subject},{entry.details}]"
    )
    return hmac.digest(key, before + text.encode(), "sha256")


def sign(key: bytes, head: Head) -> bytes:
    """Return the signature of a head, over everything else in it."""
    numbers = f"head {head.position} {head.cut_position} ".encode()
    return hmac.digest(key, numbers + head.mac + head.cut_mac, "sha256")
