"""Callers as the rules of this service see them."""

from aggregation_svc.ports import Actor
from mesh.identity import Caller, current_caller
from mesh.pseudonyms import canonical_user_id


def actor(caller: Caller | None = None, *, on: str | None = None) -> Actor:
    """Return who acts: the caller of the running call, as a player where they act `on` their own id.

    Staff and services may have a player's id too: that makes them the player of no other one.
    """
    caller = caller or current_caller()
    return Actor(
        caller.name,
        administrator=caller.may("access_audit_logs") and not caller.anonymous,
        anonymous=caller.anonymous,
        player=on is not None and caller.player_id is not None and caller.player_id == canonical_user_id(on),
    )
