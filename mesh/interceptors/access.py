"""Who calls, and whether the call's `access` option lets them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool
from tta.analytics.v1 import access_pb2

from mesh.identity import ANYBODY, Caller, current_caller, enter_call
from mesh.interceptors.call import Call
from mesh.interceptors.token_end import until
from mesh.permissions import ROLES
from mesh.protos import enum_name
from mesh.pseudonyms import canonical_user_id
from mesh.refusal import PermissionDenied, Unauthenticated
from mesh.settings import Settings
from mesh.tokens import Verifier

UNKNOWN = Caller("unknown", "unknown", frozenset())
"""Who calls a public call without a token."""


@cache
def condition(path: str) -> tuple[access_pb2.Access, frozenset[str]] | None:
    """Return the `access` option of a call and the names of its permissions; none where it has no option."""
    try:
        method = descriptor_pool.Default().FindMethodByName(path[1:].replace("/", "."))
    except KeyError:
        return None
    options = method.GetOptions()
    if not options.HasExtension(access_pb2.access):
        return None
    access = options.Extensions[access_pb2.access]
    return access, frozenset(enum_name(access_pb2.Permission, number) for number in access.any_of)


class Access:
    """Finds the caller, enforces the call's condition, and ends streams when their token does."""

    def __init__(self, settings: Settings, verifier: Verifier) -> None:
        """Identify by bearer token, else by client certificate; by neither while authentication is off."""
        self._off = settings.auth == "off"
        self._names = frozenset(settings.tls_client_names)
        self._verifier = verifier

    async def enter(self, call: Call, context: Any) -> None:
        """Run the rest of this task as the call's caller; raises Unauthenticated or PermissionDenied."""
        enter_call(UNKNOWN, "", context.time_remaining())
        caller, token = await self._identify(context)
        if caller is not None:
            enter_call(caller, token, context.time_remaining())
        known = condition(call.path)
        if known is None:
            raise PermissionDenied("call_closed", "This call says nothing of who may make it, so nobody may.")
        access, names = known
        if not access.public:
            if caller is None:
                raise Unauthenticated("token_missing", "This call needs a bearer token or a client certificate.")
            authorize(access, names, caller)

    def check(self, call: Call, request: Any) -> None:
        """Let a player without the permission through on their own id only."""
        known = condition(call.path)
        if known is not None and not known[0].public:
            authorize_request(*known, current_caller(), request)

    def while_token_lasts(self, messages: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
        """Return requests or answers; they raise Unauthenticated where the caller's token ends before they do."""
        return until(_end_of_token(), messages)

    async def _identify(self, context: Any) -> tuple[Caller | None, str]:
        if self._off:
            return ANYBODY, ""
        header = next((value for key, value in context.invocation_metadata() or () if key == "authorization"), None)
        if header is not None:
            scheme, _, token = str(header).partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise Unauthenticated("token_invalid", "The authorization header holds no bearer token.")
            return await self._verifier.caller(token), token
        name = next(iter(_certificate_names(context.auth_context()) & self._names), None)
        if name is not None:
            return Caller(name, "service", ROLES["service"]), ""
        return None, ""


def authorize(access: access_pb2.Access, names: frozenset[str], caller: Caller) -> None:
    """Raise PermissionDenied where the caller may not make the call, whatever is asked."""
    if access.needs_identity and caller.anonymous:
        raise PermissionDenied("needs_identity", "This call stays closed while TTA_AUTH is off.")
    if caller.permissions.isdisjoint(names) and not (access.own_player and caller.player_id is not None):
        raise PermissionDenied(
            "permission_missing",
            f"This call needs {' or '.join(sorted(names)) or 'a permission that nobody has'}.",
            metadata={"permissions": ",".join(sorted(names))},
        )


def authorize_request(access: access_pb2.Access, names: frozenset[str], caller: Caller, request: Any) -> None:
    """Raise PermissionDenied where the caller may make the call on themselves only, and asks of somebody else."""
    own_only = access.own_player and caller.permissions.isdisjoint(names)
    if own_only and canonical_user_id(request.user_id) != caller.player_id:
        raise PermissionDenied("not_own_player", "A player may make this call on themselves only.")


def _certificate_names(facts: Mapping[str, Any]) -> frozenset[str]:
    keys = ("x509_common_name", "x509_subject_alternative_name")
    return frozenset(name.decode(errors="replace") for key in keys for name in facts.get(key, ()))


def _end_of_token() -> float | None:
    """Return the event loop's time at which the caller's token ends."""
    expires_at = current_caller().expires_at
    if expires_at is None:
        return None
    return asyncio.get_running_loop().time() + (expires_at - datetime.now(UTC)).total_seconds()
