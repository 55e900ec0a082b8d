"""Sessions of pages: a stateless sealed cookie that holds the reader's token and dies with it."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from gateway.exchange import Header
from gateway.identity.sealing import Sealer

_KEPT = 4096  # opened cookies remembered, so that a page's requests do not decrypt the same one again


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in reader."""

    token: str
    """The access token that goes to the services."""
    csrf: str
    """What a write must repeat in its X-CSRF-Token header."""
    expires_at: float
    """When the token ends, in Unix seconds."""
    name: str
    """Who it is, as the token says."""


class Sessions:
    """Makes and reads session cookies."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._opened: OrderedDict[str, Session] = OrderedDict()

    def cookie(self, token: str, name: str, *, now: float, expires_at: float, secure: bool) -> Header:
        """Return the header that signs a reader in until `expires_at` (Unix seconds)."""
        value = self._sealer.seal({"t": token, "c": secrets.token_urlsafe(24), "e": expires_at, "n": name})
        return _set(cookie_name(secure=secure), value, max(0, int(expires_at - now)), secure=secure)

    def end(self, *, secure: bool) -> Header:
        """Return the header that signs a reader out."""
        return _set(cookie_name(secure=secure), "", 0, secure=secure)

    def read(self, header: str, *, now: float, secure: bool) -> Session | None:
        """Return the session of a Cookie header; none where there is none that still holds."""
        name = cookie_name(secure=secure)
        if name not in header:
            return None
        try:
            morsel = SimpleCookie(header).get(name)
        except CookieError:
            return None
        if morsel is None or not morsel.value:
            return None
        session = self._opened.get(morsel.value) or self._open(morsel.value)
        return session if session and session.expires_at > now else None

    def _open(self, value: str) -> Session | None:
        if (found := self._sealer.open(value)) is None:
            return None
        session = Session(found["t"], found["c"], found["e"], found["n"])
        self._opened[value] = session
        if len(self._opened) > _KEPT:
            self._opened.popitem(last=False)
        return session


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; with TLS one that browsers accept only from this very host."""
    return "__Host-tta-session" if secure else "tta-session"


def same(given: str, csrf: str) -> bool:
    """Compare a CSRF token in constant time."""
    return hmac.compare_digest(given.encode(), csrf.encode())


def _set(name: str, value: str, seconds: int, *, secure: bool) -> Header:
    parts = [f"{name}={value}", "Path=/", f"Max-Age={seconds}", "HttpOnly", "SameSite=Strict"]
    return b"set-cookie", "; ".join([*parts, *(["Secure"] if secure else [])]).encode()
