"""Signing in and out of pages: a link's code, or an access token of TTA's, is exchanged for the sealed cookie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs

from jinja2 import Environment
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.headers import PAGE_POLICY
from gateway.identity.callers import Callers
from gateway.identity.sessions import Sessions
from gateway.origins import same_or_listed
from gateway.settings import GatewaySettings
from mesh import sign_in
from mesh.identity import service_token


class UsedCodes(Protocol):
    """Remembers which codes were redeemed."""

    since: float
    """Unix seconds from which on it remembers: an older code may have been used, and is refused."""

    async def use(self, code_id: str, now: float) -> bool:
        """Use a code up; false where it was used before."""


class UsedHere:
    """Codes redeemed by this process."""

    def __init__(self, since: float) -> None:
        self.since = since
        self._used: dict[str, float] = {}

    async def use(self, code_id: str, now: float) -> bool:
        """Use a code up; false where it was used before."""
        self._used = {each: until for each, until in self._used.items() if until > now}
        if code_id in self._used:
            return False
        self._used[code_id] = now + sign_in.LIFETIME
        return True


class UsedAnywhere:
    """Codes redeemed by any gateway, kept in Redis. While Redis is away no code is redeemed."""

    def __init__(self, redis: Any) -> None:
        self.since = 0.0
        self._redis = redis

    async def use(self, code_id: str, now: float) -> bool:
        """Use a code up; false where it was used before."""
        try:
            return bool(await self._redis.set(f"tta:gateway:code:{code_id}", "1", nx=True, ex=sign_in.LIFETIME))
        except (RedisError, OSError):
            return False


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The pages and posts of signing in and out."""

    settings: GatewaySettings
    used: UsedCodes
    sessions: Sessions
    callers: Callers
    origins: frozenset[str]
    templates: Environment
    clock: Callable[[], float]

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/sign-in", self.show, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/sign-out", self.leave, methods=["POST"]),
            Route("/api/session", self.session, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the form; opening a link changes nothing, so that a mail scanner does not use it up."""
        return self._form(request, code=request.query_params.get("code", ""))

    async def enter(self, request: Request) -> Response:
        """Exchange a code or an access token for the cookie."""
        if not self._own_page(request):
            return self._form(request, 403, "This form was sent from another site.")
        fields = await _form(request)
        now = self.clock()
        lifetime = self.settings.gateway_session_time
        if code := fields.get("code", ""):
            found = self._read_code(code)
            if found is None or not await self.used.use(found.code_id, now):
                return self._form(request, 403, "This link was used or is older than five minutes. Ask for a new one.")
            token = service_token(self.settings, found.name, role=found.role, lifetime=lifetime)
            return self._enter(request, token, found.name, now + lifetime.total_seconds())
        token = fields.get("token", "").strip()
        caller = await self.callers.read(token)
        if caller is None or caller.expires_at is None:
            return self._form(request, 403, "This access token does not hold. It may have expired.")
        expires = min(caller.expires_at.timestamp(), now + lifetime.total_seconds())
        return self._enter(request, token, caller.name, expires)

    def _read_code(self, code: str) -> sign_in.SignIn | None:
        secret = self.settings.auth_secret_key
        found = sign_in.read_code(secret.get_secret_value().encode(), code) if secret else None
        return found if found and found.made_at >= int(self.used.since) else None

    async def session(self, request: Request) -> Response:
        """Tell a page who is signed in, until when, and the token that its writes must carry."""
        found = self.sessions.read(request.headers.get("cookie", ""), now=self.clock(), secure=_secure(request))
        body: dict[str, Any] = {"signed_in": found is not None}
        if found is not None:
            caller = await self.callers.read(found.token)
            body |= {
                "name": found.name,
                "role": caller.role if caller else "",
                "permissions": sorted(caller.permissions) if caller else [],
                "csrf_token": found.csrf,
                "expires_at": datetime.fromtimestamp(found.expires_at, UTC).isoformat(),
            }
        return JSONResponse(body, headers={"cache-control": "no-store"})

    async def leave(self, request: Request) -> Response:
        """Sign out. Needs no token: signing a reader out does no harm that a foreign page could want."""
        if not self._own_page(request):
            return self._form(request, 403, "This form was sent from another site.")
        answer = RedirectResponse("/sign-in", 303)
        answer.raw_headers.append(self.sessions.end(secure=_secure(request)))
        return answer

    def _enter(self, request: Request, token: str, name: str, expires_at: float) -> Response:
        answer = RedirectResponse("/", 303, headers={"cache-control": "no-store"})
        secure = _secure(request)
        cookie = self.sessions.cookie(token, name, now=self.clock(), expires_at=expires_at, secure=secure)
        answer.raw_headers.append(cookie)
        return answer

    def _form(self, request: Request, status: int = 200, error: str = "", code: str = "") -> Response:
        page = self.templates.get_template("sign_in.html").render(error=error, code=code)
        headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-store"}
        return HTMLResponse(page, status, headers)

    def _own_page(self, request: Request) -> bool:
        origin = request.headers.get("origin", "")
        return same_or_listed(origin, request.headers.get("host", ""), self.origins)


def _secure(request: Request) -> bool:
    return bool(request.url.scheme == "https")


async def _form(request: Request) -> dict[str, str]:
    try:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=8)
    except ValueError:  # more fields than any form of ours has
        return {}
    return {name: values[-1] for name, values in fields.items()}
