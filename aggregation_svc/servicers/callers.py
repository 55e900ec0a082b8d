"""Callers as the rules of this service see them."""

from aggregation_svc.ports import Actor
from mesh.identity import Caller, current_caller


def actor(caller: Caller | None = None) -> Actor:
    """Return who acts: the caller of the running call."""
    caller = caller or current_caller()
    return Actor(
        caller.name,
        administrator=caller.may("access_audit_logs") and not caller.anonymous,
        player=caller.player_id is not None,
    )
