"""Checks bearer tokens: HS256 under TTA's secret, RS256 and ES256 under the published keys of a JWKS address."""

import asyncio
import hmac
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import jwt

from mesh.identity import Caller
from mesh.permissions import ROLES, permissions_of
from mesh.pseudonyms import canonical_user_id, derive
from mesh.refusal import InvalidArgument, Unauthenticated, Unavailable
from mesh.settings import SettingError, Settings

_FAMILY = {"RS256": "RSA", "ES256": "EC"}
_KEYS_KEPT = 300.0
_RETRY_AFTER = 10.0
_CACHED_CALLERS = 10_000
_CACHE_SECONDS = 60.0
_SKEW = 10.0
"""Seconds that the issuer's clock may be ahead of ours: its newest tokens (`iat`, `nbf`) hold at once."""


class PublishedKeys:
    """The public keys behind a JWKS address, fetched when needed and kept for five minutes.

    While the address is away, keys that are known stay good.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare for `url`; redirects are not followed. `clock` gives seconds."""
        self._url = url
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=5.0, follow_redirects=False)
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._turn = asyncio.Lock()

    async def key(self, key_id: str, family: str) -> Any:
        """Return the key of that id and family (`RSA` or `EC`).

        Raises Unauthenticated where there is none, Unavailable where no key was ever fetched.
        """
        await self._refresh(key_id)
        known = self._keys.get(key_id)
        if known is None or known.key_type != family:
            raise Unauthenticated("token_key_unknown", "The token is signed by a key that is not published.")
        return known.key

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _refresh(self, key_id: str) -> None:
        if not self._due(key_id):
            return
        async with self._turn:
            if not self._due(key_id):
                return
            self._tried = self._clock()
            try:
                answer = await self._client.get(self._url)
                answer.raise_for_status()
                keys = [jwt.PyJWK.from_dict(key) for key in answer.json()["keys"] if usable(key)]
            except (httpx.HTTPError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
                if not self._keys:
                    message = "The keys of tokens can't be fetched; try again."
                    raise Unavailable("token_keys_unavailable", message, retry_after=_RETRY_AFTER) from error
                return
            self._keys = {key.key_id or "": key for key in keys}
            self._fetched = self._tried

    def _due(self, key_id: str) -> bool:
        now = self._clock()
        wanted = now - self._fetched > _KEYS_KEPT or key_id not in self._keys
        return wanted and now - self._tried > _RETRY_AFTER


def usable(key: dict[str, Any]) -> bool:
    """Return whether a published key may check tokens: RSA for RS256 or P-256 for ES256, meant for signatures."""
    if key.get("use", "sig") != "sig":
        return False
    algorithm, kind = key.get("alg"), key.get("kty")
    if kind == "RSA":
        return algorithm in (None, "RS256")
    return kind == "EC" and key.get("crv") == "P-256" and algorithm in (None, "ES256")


class Verifier:
    """Turns a bearer token into its caller."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Take secret, JWKS address, issuer and audience from the settings.

        Raises SettingError where authentication is on and there is nothing to check tokens with.
        """
        if settings.auth == "on" and settings.auth_secret_key is None and settings.auth_jwks_url is None:
            certificates = settings.tls_client_authority is not None and settings.tls_client_names
            if not certificates:
                raise SettingError(
                    "TTA_AUTH_SECRET_KEY",
                    "is not set; set it or TTA_AUTH_JWKS_URL, or TTA_AUTH=off on a trusted network",
                )
        self._secret = settings.secret("auth_secret_key") if settings.auth_secret_key is not None else None
        self._keys = PublishedKeys(settings.auth_jwks_url) if settings.auth_jwks_url is not None else None
        self._now = now
        self._issuer, self._audience = settings.auth_issuer, settings.auth_audience
        self._name_key = name_key(settings)
        self._cache: dict[str, tuple[Caller, float]] = {}

    async def caller(self, token: str) -> Caller:
        """Return the caller of a valid access token; raises Unauthenticated, saying why, for any other."""
        cached = self._cache.get(token)
        if cached is None or time.monotonic() >= cached[1]:
            cached = self._caller_of(await self._claims(token)), time.monotonic() + _CACHE_SECONDS
            if len(self._cache) >= _CACHED_CALLERS:
                self._cache.clear()
            self._cache[token] = cached
        caller = cached[0]
        if caller.expires_at is not None and self._now() >= caller.expires_at:
            raise _expired()
        return caller

    async def close(self) -> None:
        """Close the connections to the JWKS address."""
        if self._keys is not None:
            await self._keys.close()

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            key = await self._key(algorithm, str(header.get("kid") or ""))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[str(algorithm)],
                issuer=self._issuer,
                audience=self._audience,
                leeway=_SKEW,
                options={
                    "require": [
                        "exp",
                        "sub",
                        *(["iss"] if self._issuer is not None else []),
                        *(["aud"] if self._audience is not None else []),
                    ],
                    "verify_aud": self._audience is not None,
                },
            )
        except jwt.ExpiredSignatureError as error:
            raise _expired() from error
        except jwt.InvalidIssuerError as error:
            raise Unauthenticated("token_issuer", "The token comes from another issuer.") from error
        except jwt.InvalidAudienceError as error:
            raise Unauthenticated("token_audience", "The token is meant for another audience.") from error
        except jwt.MissingRequiredClaimError as error:
            raise Unauthenticated("token_incomplete", f"The token lacks the claim {error.claim}.") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated("token_invalid", "The token is not valid.") from error
        if claims.get("type", "access") != "access":
            raise Unauthenticated("token_type", "This is no access token; a refresh token opens nothing here.")
        return claims

    async def _key(self, algorithm: object, key_id: str) -> Any:
        if algorithm == "HS256" and self._secret is not None:
            return self._secret
        if isinstance(algorithm, str) and algorithm in _FAMILY and self._keys is not None:
            return await self._keys.key(key_id, _FAMILY[algorithm])
        raise Unauthenticated("token_algorithm", "Tokens of this algorithm are not accepted here.")

    def _caller_of(self, claims: dict[str, Any]) -> Caller:
        role = claims.get("role") or "player"
        listed = claims.get("permissions")
        subject, player = claims["sub"], claims.get("player_id")
        if not isinstance(role, str) or not (listed is None or isinstance(listed, list)):
            raise Unauthenticated("token_claims", "The token's role or permissions have the wrong type.")
        try:
            player_id = canonical_user_id(str(player or subject)) if player or role == "player" else None
            name = canonical_user_id(subject)
        except InvalidArgument as error:
            raise Unauthenticated("token_claims", "The token's sub or player_id is no id.") from error
        if role not in ROLES or role == "player":
            # Of a role that we do not know, nothing says that its `sub` is no player's id.
            name = f"player:{hmac.digest(self._name_key, name.encode(), 'sha256')[:12].hex()}"
        try:
            expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise Unauthenticated("token_claims", "The token's exp is no time.") from error
        return Caller(
            name=name,
            role=role,
            permissions=permissions_of(role, None if listed is None else [str(item) for item in listed]),
            player_id=player_id,
            mfa_verified=claims["mfa_verified"] is True if "mfa_verified" in claims else None,
            expires_at=expires_at,
        )


def name_key(settings: Settings) -> bytes:
    """Return the key that players' names in records are made under."""
    return shared_key(settings, "caller names")


def shared_key(settings: Settings, purpose: str) -> bytes:
    """Return a key for one purpose, alike in all replicas: of the first secret that is set, else random.

    The audit key comes first: it stays when others are rotated, so that replicas agree on page tokens meanwhile.
    """
    for field in ("audit_key", "pseudonym_key", "auth_secret_key"):
        if getattr(settings, field) is not None:
            return derive(settings.secret(field), purpose)
    return os.urandom(32)


def _expired() -> Unauthenticated:
    return Unauthenticated("token_expired", "The token has expired; get a new one.")
