"""How a player's id enters the platform: one canonical form, looked up by keyed hashes, kept only sealed."""

import hmac
import os
import unicodedata
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mesh.refusal import FailedPrecondition, InvalidArgument, Violation

LONGEST = 256
DECOMPOSED = 4
"""Characters that NFC makes one of, at most: what is longer by this factor stays too long, whatever it is made of."""
_NONCE_BYTES = 12


def canonical_user_id(raw: str) -> str:
    """Return the one form of a player's id: Unicode NFC, trimmed, case kept, 1 to 256 characters.

    Raises InvalidArgument for an id that is empty, too long, or holds control characters or lone surrogates.
    The refusal never quotes the id.
    """
    if raw.isascii() and raw.isprintable() and 0 < len(raw) <= LONGEST and raw[0] != " " and raw[-1] != " ":
        return raw
    text = raw.strip()
    # NFC takes the square of the length for combining characters out of order; so it never sees a long text.
    if len(text) <= DECOMPOSED * LONGEST:
        text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise _invalid("string.min_len", "is empty; give the player's id")
    if len(text) > LONGEST:
        raise _invalid("string.max_len", f"has {len(text)} characters; an id has at most {LONGEST}")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise _invalid("string.pattern", "holds control characters; an id is printable text")
    return text


def _invalid(rule: str, description: str) -> InvalidArgument:
    violation = Violation("user_id", rule, description)
    return InvalidArgument("user_id_invalid", f"user_id {description}.", violations=[violation])


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a 32-byte key for one purpose from a longer-lived secret (HMAC-SHA-256 of the purpose's name)."""
    return hmac.digest(secret, f"tta-analytics {purpose}".encode(), "sha256")


class Pseudonymizer:
    """Lookup keys of canonical ids under versioned secret keys."""

    def __init__(self, keys: Mapping[int, bytes], active: int) -> None:
        """Take the secrets by version; `active` makes new pseudonyms."""
        self._keys = {version: derive(secret, "pseudonym") for version, secret in keys.items()}
        self.active = active
        """The version that new pseudonyms are made under."""
        self._key = self._keys[active]
        self.known = tuple(sorted(self._keys, key=lambda version: (version != active, -version)))
        """Every version there is a key of, the active one first."""

    def pseudonym(self, user_id: str) -> bytes:
        """Return the 32-byte HMAC-SHA-256 of a canonical id under the active key."""
        return hmac.digest(self._key, user_id.encode(), "sha256")

    def all(self, user_id: str) -> dict[int, bytes]:
        """Return the pseudonym under every key that is known, by version; the active one comes first."""
        return {version: hmac.digest(self._keys[version], user_id.encode(), "sha256") for version in self.known}


class Sealer:
    """Authenticated encryption (AES-256-GCM) of short texts, each bound to the row that holds it."""

    def __init__(self, keys: Mapping[int, bytes], active: int) -> None:
        """Take the secrets by version (1 to 255); `active` seals, all open."""
        self._ciphers = {version: AESGCM(derive(secret, "seal")) for version, secret in keys.items()}
        self.active = active
        """The version that new seals are made under."""
        self.known = tuple(self._ciphers)
        """Every version there is a key of."""

    def seal(self, plaintext: str, bound_to: str) -> bytes:
        """Return key version (1 byte), nonce (12), ciphertext and tag (16); opens only with the same `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        head = bytes([self.active])
        return head + nonce + self._ciphers[self.active].encrypt(nonce, plaintext.encode(), head + bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> str:
        """Return the text; raises FailedPrecondition for an unknown key, another binding or a changed seal."""
        head, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        cipher = self._ciphers.get(self.version(sealed))
        if cipher is None:
            raise FailedPrecondition("seal_key_missing", "The key of this seal is not in TTA_SEAL_KEY; add it.")
        try:
            return cipher.decrypt(nonce, rest, head + bound_to.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise FailedPrecondition("seal_broken", "The seal was changed or belongs to another row.") from error

    def renew(self, sealed: bytes, bound_to: str) -> bytes:
        """Return the seal under the active key; one that is not under an older key stays as it is. Raises as `open`."""
        return sealed if self.version(sealed) >= self.active else self.seal(self.open(sealed, bound_to), bound_to)

    @staticmethod
    def version(sealed: bytes) -> int:
        """Return the key version of a seal; 0 for an empty one."""
        return sealed[0] if sealed else 0
