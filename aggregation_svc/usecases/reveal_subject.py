"""Reveal: the player behind a subject, for a stated purpose, never without a trace."""

from collections.abc import Callable

from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.ports import Act, Actor
from aggregation_svc.rights_ports import RightsStore
from aggregation_svc.usecases.repeated import repeated
from mesh.refusal import InvalidArgument, NotFound, PermissionDenied, Violation

SHORTEST_PURPOSE = 10
"""Characters: a word is no purpose."""


class RevealSubject:
    """Open the seal of a subject."""

    def __init__(self, store: RightsStore, hashes: KeyedHash, notify: Callable[[], None]) -> None:
        """Open seals of `store`; `notify` tells the operators that somebody was revealed."""
        self._store, self._hashes, self._notify = store, hashes, notify

    async def __call__(
        self,
        actor: Actor,
        purpose: str,
        *,
        second_factor: bool | None,
        subject_id: int | None = None,
        pseudonym: bytes | None = None,
        request_id: str = "",
    ) -> str:
        """Return the canonical id; the audit entry is stored before anybody learns it, once for a repeated request.

        Raises:
            InvalidArgument: the purpose says nothing.
            PermissionDenied: the token says that no second factor was shown.
            NotFound: there is no such subject.
        """
        if second_factor is False:
            raise PermissionDenied("mfa_required", "Revealing a player needs a token with a second factor.")
        if len(purpose.strip()) < SHORTEST_PURPOSE:
            sentence = f"States no purpose; write at least {SHORTEST_PURPOSE} characters for the audit trail."
            raise InvalidArgument(
                "purpose_missing", sentence, violations=[Violation("purpose", "string.min_len", sentence)]
            )
        async with self._store.records() as rights:
            found = subject_id if pseudonym is None else await rights.subject_of(pseudonym)
            canonical = None if found is None else await rights.unseal(found)
            if canonical is None:
                raise NotFound("subject_not_found", "There is no such subject; perhaps they were erased.")
            fingerprint = self._hashes.request(f"{found} {purpose}")
            if not await repeated(rights, actor, "RevealSubject", request_id, fingerprint, found):
                await rights.record(Act(actor.name, "subject_revealed", found, {"purpose": purpose.strip()}))
        self._notify()
        return canonical
