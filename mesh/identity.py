"""Who calls: the caller of the running call, and tokens for calls between services."""

import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from mesh.permissions import ANONYMOUS
from mesh.refusal import Unauthenticated
from mesh.settings import SettingError, Settings

SERVICE_TOKEN_LIFETIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who makes a call, known by a token, a client certificate, or not at all."""

    name: str
    """Stable name for records: of a player a keyed hash, of anybody else the token's `sub` or certificate's name."""
    role: str
    permissions: frozenset[str]
    player_id: str | None = None
    """Canonical id of the player that the caller is; none for anybody else. Never stored or logged."""
    mfa_verified: bool | None = None
    """Whether a second factor was shown; none where the token does not say."""
    expires_at: datetime | None = None
    anonymous: bool = False
    """True while authentication is off."""

    def may(self, permission: str) -> bool:
        """Return whether the caller has a permission, `manage_reports` for one."""
        return permission in self.permissions


ANYBODY = Caller("anonymous", "anonymous", ANONYMOUS, anonymous=True)
"""Every caller while authentication is off."""

_CALLER: ContextVar[Caller] = ContextVar("caller")
_TOKEN: ContextVar[str] = ContextVar("token", default="")
_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)


def current_caller() -> Caller:
    """Return the caller of the running call; raises Unauthenticated outside of one."""
    caller = _CALLER.get(None)
    if caller is None:
        raise Unauthenticated("no_caller", "There is no caller here.")
    return caller


def current_token() -> str:
    """Return the bearer token that the running call came with; empty where it had none."""
    return _TOKEN.get()


def time_left() -> float | None:
    """Return the seconds until the running call's deadline, at least 0; none where it has no deadline."""
    deadline = _DEADLINE.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def token_time_left(now: datetime) -> float | None:
    """Return the seconds until the caller's token ends, none where it has no end.

    A stream that wants to end with a resume cursor does so shortly before: at 0 it is cut off.
    """
    expires_at = current_caller().expires_at
    return None if expires_at is None else (expires_at - now).total_seconds()


def enter_call(caller: Caller, token: str, deadline_in: float | None) -> None:
    """Set the caller for the rest of this task: a call's task ends with the call."""
    _CALLER.set(caller)
    _TOKEN.set(token)
    _DEADLINE.set(None if deadline_in is None else time.monotonic() + deadline_in)


def service_token(
    settings: Settings,
    name: str,
    *,
    role: str = "service",
    permissions: Sequence[str] | None = None,
    lifetime: timedelta = SERVICE_TOKEN_LIFETIME,
) -> str:
    """Return a short-lived token for calls between services, signed under TTA_AUTH_SECRET_KEY.

    Empty where none is needed: authentication is off, or the process has a client certificate and no secret.
    Raises SettingError where neither a secret nor a certificate is set.
    """
    if settings.auth == "off" or (settings.auth_secret_key is None and settings.tls_certificate is not None):
        return ""
    if settings.auth_secret_key is None:
        raise SettingError(
            "TTA_AUTH_SECRET_KEY", "is not set, and neither is TTA_TLS_CERTIFICATE; services need one to call others"
        )
    return make_token(
        settings.auth_secret_key.get_secret_value(),
        name,
        role,
        lifetime,
        permissions=permissions,
        issuer=settings.auth_issuer,
        audience=settings.auth_audience,
    )


def make_token(
    secret: str,
    subject: str,
    role: str,
    lifetime: timedelta,
    *,
    permissions: Sequence[str] | None = None,
    issuer: str | None = None,
    audience: str | None = None,
) -> str:
    """Return an HS256 token with TTA's claims, and with `permissions`, `iss` and `aud` where they are given."""
    claims = {"permissions": list(permissions) if permissions is not None else None, "iss": issuer, "aud": audience}
    given = {name: value for name, value in claims.items() if value is not None}
    always = {"sub": subject, "role": role, "exp": datetime.now(UTC) + lifetime}
    return jwt.encode(always | given, secret, algorithm="HS256")
