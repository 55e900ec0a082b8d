"""Consent: set, read, and its history."""

from collections.abc import Sequence
from dataclasses import asdict

from aggregation_svc.domain.consent import Basis, Consent, decided
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Act, Actor, Canonical, Clock, Question, Store
from mesh.refusal import FailedPrecondition, InvalidArgument, Violation


class SetConsent:
    """Set what a player decided."""

    def __init__(self, store: Store, hashes: KeyedHash, canonical: Canonical, clock: Clock) -> None:
        """Keep decisions in `store`."""
        self._store, self._hashes, self._canonical, self._clock = store, hashes, canonical, clock

    async def __call__(
        self, actor: Actor, user_id: str, analytics: bool | None, research: bool | None, request_id: str = ""
    ) -> Consent:
        """Return what stands after the decision; None leaves a purpose as it stands.

        Raises:
            InvalidArgument: neither purpose is given, or the id cannot be mapped.
            FailedPrecondition: the player was erased, and this is not their own new yes.
        """
        if analytics is None and research is None:
            sentence = "Give analytics, research, or both."
            raise InvalidArgument(
                "consent_empty", sentence, violations=[Violation("analytics", "consent.purpose", sentence)]
            )
        canonical = self._canonical(user_id)
        now = micros(self._clock())
        question = None
        if request_id:
            fingerprint = self._hashes.request(repr((canonical, analytics, research)))
            question = Question(actor.name, "SetConsent", request_id, fingerprint)
        async with self._store.people() as people:
            if question and (answer := await people.replayed(question)) is not None:
                return Consent(**answer)
            known = (await people.subjects([canonical])).get(canonical)
            standing = known.consent if known else Consent()
            basis = Basis.PLAYER if actor.player else Basis.SERVICE
            consent, changes = decided(standing, analytics, research, basis, now)
            subject_id = known.subject_id if known else None
            if known is None:
                if await people.erased([canonical]):
                    if not (actor.player and (analytics or research)):
                        raise FailedPrecondition(
                            "subject_erased", "This player was erased. Only their own new consent lets them in again."
                        )
                    await people.reopen(canonical)
                subject_id = (await people.enrol([canonical], consent, changes))[canonical].subject_id
            elif changes:
                await people.set_consent(known.subject_id, consent, changes)
            if changes:
                said = {change.purpose.value: change.granted for change in changes}
                await people.record(Act(actor.name, "consent_set", subject_id, {**said, "basis": basis.value}))
            if question:
                await people.remember(question, asdict(consent), subject_id)
        return consent


class GetConsent:
    """Read what stands of a player's consent."""

    def __init__(self, store: Store, canonical: Canonical) -> None:
        """Read from `store`."""
        self._store, self._canonical = store, canonical

    async def __call__(self, user_id: str) -> Consent:
        """Return what stands; an unknown player consented to nothing.

        Raises:
            InvalidArgument: the id cannot be mapped.
        """
        canonical = self._canonical(user_id)
        async with self._store.view() as people:
            known: Sequence[Consent] = [one.consent for one in (await people.subjects([canonical])).values()]
        return known[0] if known else Consent()
