"""Keyed hashes of this store: names of sessions, contents of facts, tombstones.

The key is random and the store's own, so that the hashes outlive the rotation of the keys in the settings.
BLAKE2b (RFC 7693) with a key is a pseudo-random function; 64 bits keep accidental equals among one player's facts
below one in ten billion.
"""

import hashlib

import orjson


class KeyedHash:
    """Hashes under one key, apart by purpose."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 16 to 64 bytes."""
        # A copied state costs half of what keying anew does.
        self._session = hashlib.blake2b(key=key, digest_size=8, person=b"session")
        self._content = hashlib.blake2b(key=key, digest_size=8, person=b"content")
        self._tombstone = hashlib.blake2b(key=key, digest_size=32, person=b"tombstone")
        self._request = hashlib.blake2b(key=key, digest_size=32, person=b"request")

    def session(self, session_id: str) -> int:
        """Return what stands for a sender's name of a session: a signed 64-bit number."""
        state = self._session.copy()
        state.update(session_id.encode())
        return int.from_bytes(state.digest(), "little", signed=True)

    def content(self, values: tuple[object, ...]) -> int:
        """Return what stands for a fact's content (finite numbers, strings, None): a signed 64-bit number."""
        state = self._content.copy()
        state.update(orjson.dumps(values))
        return int.from_bytes(state.digest(), "little", signed=True)

    def tombstone(self, canonical_id: str) -> bytes:
        """Return the mark of an erased player, 32 bytes."""
        state = self._tombstone.copy()
        state.update(canonical_id.encode())
        return state.digest()

    def request(self, content: str) -> bytes:
        """Return what stands for the content of a request, 32 bytes."""
        state = self._request.copy()
        state.update(content.encode())
        return state.digest()
