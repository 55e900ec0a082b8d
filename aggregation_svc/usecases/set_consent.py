"""Consent: set, read, and its history."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass

from aggregation_svc.domain.consent import Basis, Consent, ConsentChange, decided
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.ports import Act, Actor, Canonical, Clock, People, Question, Store
from aggregation_svc.usecases.admitted import CanonicalIds, refuse
from mesh.refusal import FailedPrecondition, InvalidArgument, Violation

PART = 50
"""Decisions of one transaction: facts that arrive wait for so many at most."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one of many players decided; None leaves a purpose as it stands."""

    user_id: str
    analytics: bool | None
    research: bool | None


@dataclass(frozen=True, slots=True)
class ConsentTally:
    """What became of decisions."""

    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    """On players who were erased."""

    def __add__(self, other: "ConsentTally") -> "ConsentTally":
        """Return both together."""
        return ConsentTally(
            self.changed + other.changed, self.unchanged + other.unchanged, self.refused + other.refused
        )


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
        decision = Decision(self._canonical(user_id), analytics, research)
        now = micros(self._clock())
        question = self._question(actor, "SetConsent", request_id, (decision.user_id, analytics, research))
        async with self._store.people() as people:
            if question and (answer := await people.replayed(question)) is not None:
                return Consent(**answer)
            consent, subject_id = await _settled(people, actor, decision, now)
            if question:
                await people.remember(question, asdict(consent), subject_id)
        return consent

    async def many(self, actor: Actor, decisions: Sequence[Decision], request_id: str = "") -> ConsentTally:
        """Set what many players decided, in parts; writers of facts get their turn after each.

        Raises:
            InvalidArgument: ids cannot be mapped; nothing is set.
        """
        canonical = CanonicalIds(self._canonical, "decisions")
        ready = [
            Decision(canonical.of(index, one.user_id), one.analytics, one.research)
            for index, one in enumerate(decisions)
        ]
        refuse(canonical.violations)
        tally = ConsentTally()
        for first in range(0, len(ready), PART):
            tally += await self._part(actor, ready[first : first + PART], f"SetConsents/{first}", request_id)
        return tally

    async def _part(self, actor: Actor, decisions: Sequence[Decision], call: str, request_id: str) -> ConsentTally:
        now = micros(self._clock())
        question = self._question(actor, call, request_id, [astuple(decision) for decision in decisions])
        async with self._store.people() as people:
            if question and (answer := await people.replayed(question)) is not None:
                return ConsentTally(**answer)
            tally = await _settled_together(people, actor, decisions, now)
            if question:
                await people.remember(question, asdict(tally))
        return tally

    def _question(self, actor: Actor, call: str, request_id: str, content: object) -> Question | None:
        if not request_id:
            return None
        return Question(actor.name, call, request_id, self._hashes.request(repr(content)))


async def _settled(people: People, actor: Actor, decision: Decision, now: int) -> tuple[Consent, int]:
    """Set one decision, its id canonical; return what stands, and for which subject.

    Raises:
        FailedPrecondition: the player was erased, and this is not their own new yes; nothing is written.
    """
    canonical, analytics, research = decision.user_id, decision.analytics, decision.research
    known = (await people.subjects([canonical])).get(canonical)
    standing = known.consent if known else Consent()
    basis = _basis(actor)
    consent, changes = decided(standing, analytics, research, basis, now)
    if known is None:
        if await people.erased([canonical]):
            if not (actor.player and (analytics or research)):
                raise FailedPrecondition(
                    "subject_erased", "This player was erased. Only their own new consent lets them in again."
                )
            await people.reopen(canonical)
        subject_id = (await people.enrol([canonical], consent, changes))[canonical].subject_id
    else:
        subject_id = known.subject_id
        if changes:
            await people.set_consent(subject_id, consent, changes)
    if changes:
        await people.record(_act(actor, subject_id, changes, basis))
    return consent, subject_id


async def _settled_together(people: People, actor: Actor, decisions: Sequence[Decision], now: int) -> ConsentTally:
    """Set decisions, their ids canonical, in order; players who are new are enrolled together."""
    known = await people.subjects([decision.user_id for decision in decisions])
    unknown = [decision for decision in decisions if decision.user_id not in known]
    erased = await people.erased([decision.user_id for decision in unknown]) if unknown else set[str]()
    basis, acts, changed = _basis(actor), list[Act](), 0
    first = {decision.user_id: decision for decision in reversed(unknown) if decision.user_id not in erased}
    alike: dict[tuple[bool | None, bool | None], list[str]] = {}
    for decision in first.values():
        alike.setdefault((decision.analytics, decision.research), []).append(decision.user_id)
    for (analytics, research), canonical_ids in alike.items():
        consent, changes = decided(Consent(), analytics, research, basis, now)
        enrolled = await people.enrol(canonical_ids, consent, changes)
        known |= enrolled
        if changes:
            changed += len(canonical_ids)
            acts += [_act(actor, enrolled[one].subject_id, changes, basis) for one in canonical_ids]
    standing = {one: subject.consent for one, subject in known.items()}
    for decision in decisions:
        if decision.user_id in erased:
            continue
        consent, changes = decided(standing[decision.user_id], decision.analytics, decision.research, basis, now)
        if changes:
            subject_id = known[decision.user_id].subject_id
            await people.set_consent(subject_id, consent, changes)
            acts.append(_act(actor, subject_id, changes, basis))
            standing[decision.user_id] = consent
            changed += 1
    if acts:
        await people.record(*acts)
    refused = sum(decision.user_id in erased for decision in decisions)
    return ConsentTally(changed, len(decisions) - changed - refused, refused)


def _basis(actor: Actor) -> Basis:
    return Basis.PLAYER if actor.player else Basis.SERVICE


def _act(actor: Actor, subject_id: int, changes: Sequence[ConsentChange], basis: Basis) -> Act:
    said = {change.purpose.value: change.granted for change in changes}
    return Act(actor.name, "consent_set", subject_id, {**said, "basis": basis.value})


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
