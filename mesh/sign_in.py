"""Sign-in links: a code that opens one page session, once, within five minutes.

A code is a JWT under a key of its own, derived from the secret of access tokens: neither is taken for the other.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

import jwt

LIFETIME = 300
"""Seconds until a code is of no more use."""

_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom a code signs in."""

    code_id: str
    """What makes the code one-use: whoever redeems it remembers this for `LIFETIME`."""
    name: str
    role: str
    made_at: int
    """Unix seconds."""


def make_code(secret: bytes, *, name: str, role: str, now: float) -> str:
    """Return a code for the sign-in link `/sign-in?code=...`; `now` is Unix seconds."""
    claims = {"jti": secrets.token_urlsafe(16), "sub": name, "role": role, "exp": int(now) + LIFETIME}
    return jwt.encode(claims, _key(secret), algorithm=_ALGORITHM)


def read_code(secret: bytes, code: str) -> SignIn | None:
    """Return whom a code signs in; none where it was not made under this secret or its time is over."""
    try:
        claims = jwt.decode(code, _key(secret), algorithms=[_ALGORITHM], options={"require": ["exp", "jti", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return SignIn(claims["jti"], claims["sub"], claims["role"], int(claims["exp"]) - LIFETIME)


def _key(secret: bytes) -> bytes:
    return hmac.new(secret, b"tta-analytics sign-in link", hashlib.sha256).digest()
