"""Sealed values that only this deployment's gateways can read: AES-256-GCM under a key per purpose."""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes, as GCM wants them


class Sealer:
    """Seals small JSON objects for one purpose; what was sealed for another does not open."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        """Derive the key from `secret` (32 bytes or more) by HKDF-SHA-256 (RFC 5869)."""
        if len(secret) < 32:
            raise ValueError("a sealing secret has at least 32 bytes")
        key = HKDF(SHA256(), 32, salt=None, info=f"tta-analytics gateway {purpose}".encode()).derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, value: Mapping[str, Any]) -> str:
        """Return the sealed value in URL-safe base64 without padding."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, json.dumps(value, separators=(",", ":")).encode(), None)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, text: str) -> dict[str, Any] | None:
        """Return the value; none where the text was not sealed by us for this purpose."""
        try:
            sealed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            value: dict[str, Any] = json.loads(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        except (InvalidTag, ValueError, binascii.Error):
            return None
        return value
