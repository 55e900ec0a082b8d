"""The credentials of one request: a bearer token, else the cookie of a page."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.exchange import Exchange
from gateway.failures import csrf, foreign_origin, misdirected
from gateway.identity.sessions import Session, Sessions, same
from gateway.origins import same_or_listed

_READS = frozenset({"GET", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the services are told of the caller."""

    token: str
    """The access token; empty for a caller without one."""
    session: Session | None = None
    """The page session that the token came from; none for a bearer token."""


ANONYMOUS = Credentials("")


def credentials(exchange: Exchange, sessions: Sessions, *, now: float) -> Credentials:
    """Return the credentials of a request. A token in the Authorization header wins over a cookie."""
    scheme, _, token = exchange.header(b"authorization").partition(" ")
    if token and scheme.lower() == "bearer":
        # No token holds other characters, and no metadata either.
        return Credentials(token.strip() if token.isascii() and token.isprintable() else "malformed")
    if cookie := exchange.header(b"cookie"):
        session = sessions.read(cookie, now=now, secure=exchange.secure)
        if session is not None:
            return Credentials(session.token, session)
    return ANONYMOUS


def guard_host(exchange: Exchange, hosts: Collection[str]) -> None:
    """Refuse a request to a name that is none of `hosts`; where those are empty, any name is ours.

    Without identity, a page whose own name was made to lead here (DNS rebinding) would read and write as we do.

    Raises:
        Failure: The Host header names another.
    """
    if hosts and _host(exchange.header(b"host")) not in hosts:
        raise misdirected()


def _host(authority: str) -> str:
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


def guard_write(exchange: Exchange, session: Session, listed: Collection[str]) -> None:
    """Refuse a request by cookie that this reader's own page did not make.

    Raises:
        Failure: The request writes and lacks the session's CSRF token, or it comes from a page of another site.
    """
    guard_origin(exchange, listed, required=False)
    if exchange.method not in _READS and not same(exchange.header(b"x-csrf-token"), session.csrf):
        raise csrf()


def guard_open_write(exchange: Exchange, listed: Collection[str]) -> None:
    """Refuse a write without a token by a page of another site: while authentication is off, it would count.

    Raises:
        Failure: The page is foreign.
    """
    if exchange.method not in _READS:
        guard_origin(exchange, listed, required=False)


def guard_origin(exchange: Exchange, listed: Collection[str], *, required: bool) -> None:
    """Refuse a request of a foreign page; with `required`, also one that does not say which page it is of.

    Raises:
        Failure: The origin is foreign, or missing where it is required.
    """
    origin = exchange.header(b"origin")
    if (origin or required) and not same_or_listed(origin, exchange.header(b"host"), listed):
        raise foreign_origin()
