"""Consent: set, read, and its history."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from aggregation_svc.domain.consent import Basis, Consent, ConsentChange, Moments, Timely, decided, timely
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import Plausible, micros, moment
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
    decided_at: int | None = None
    """Microseconds since 1970, UTC, as the sender told; None counts as now."""


@dataclass(frozen=True, slots=True)
class ConsentTally:
    """What became of decisions."""

    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    """On players who were erased."""
    superseded: int = 0
    """Changed nothing, because a newer decision stands."""

    def __add__(self, other: "ConsentTally") -> "ConsentTally":
        """Return both together."""
        return ConsentTally(
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.superseded + other.superseded,
        )


class SetConsent:
    """Set what a player decided."""

    def __init__(self, store: Store, hashes: KeyedHash, canonical: Canonical, clock: Clock) -> None:
        """Keep decisions in `store`."""
        self._store, self._hashes, self._canonical, self._clock = store, hashes, canonical, clock

    async def __call__(
        self, actor: Actor, user_id: str, analytics: bool | None, research: bool | None, request_id: str = ""
    ) -> Consent:
        """Set what was decided just now, as `one` does."""
        return await self.one(actor, Decision(user_id, analytics, research), request_id)

    async def one(self, actor: Actor, decision: Decision, request_id: str = "") -> Consent:
        """Return what stands after the decision; None, or a newer decision, leaves a purpose as it stands.

        Raises:
            InvalidArgument: neither purpose is given, the id cannot be mapped, or the moment cannot be true.
            FailedPrecondition: the player was erased, and this is not their own new yes.
        """
        if decision.analytics is None and decision.research is None:
            sentence = "Give analytics, research, or both."
            raise InvalidArgument(
                "consent_empty", sentence, violations=[Violation("analytics", "consent.purpose", sentence)]
            )
        time = self._clock()
        if (told := decision.decided_at) is not None and told not in (plausible := Plausible(time)):
            refuse([plausible.violation(told, "decided_at")])
        decision, now = replace(decision, user_id=self._canonical(decision.user_id)), micros(time)
        question = self._question(actor, "SetConsent", request_id, _content(decision))
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
            InvalidArgument: ids cannot be mapped, or moments cannot be true; nothing is set.
        """
        canonical, plausible = CanonicalIds(self._canonical, "decisions"), Plausible(self._clock())
        ready = [replace(one, user_id=canonical.of(index, one.user_id)) for index, one in enumerate(decisions)]
        wrong = [
            plausible.violation(one.decided_at, f"decisions[{index}].decided_at")
            for index, one in enumerate(decisions)
            if one.decided_at is not None and one.decided_at not in plausible
        ]
        refuse([*canonical.violations, *wrong])
        tally = ConsentTally()
        for first in range(0, len(ready), PART):
            tally += await self._part(actor, ready[first : first + PART], f"SetConsents/{first}", request_id)
        return tally

    async def _part(self, actor: Actor, decisions: Sequence[Decision], call: str, request_id: str) -> ConsentTally:
        now = micros(self._clock())
        question = self._question(actor, call, request_id, [_content(decision) for decision in decisions])
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


def _content(decision: Decision) -> tuple[object, ...]:
    """Return what makes a repeated decision the same one; without a moment as it was before there were any."""
    content = (decision.user_id, decision.analytics, decision.research)
    return content if decision.decided_at is None else (*content, decision.decided_at)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a decision comes to."""

    consent: Consent
    changes: Sequence[ConsentChange]
    timely: Timely


def _settle(standing: Consent, last: Moments, decision: Decision, basis: Basis, now: int) -> _Settled:
    counted = timely(last, decision.analytics, decision.research, decision.decided_at, now)
    consent, changes = decided(standing, counted.analytics, counted.research, basis, now, counted.decided_at)
    return _Settled(consent, changes, counted)


async def _settled(people: People, actor: Actor, decision: Decision, now: int) -> tuple[Consent, int]:
    """Set one decision, its id canonical; return what stands, and for which subject.

    Raises:
        FailedPrecondition: the player was erased, and this is not their own new yes; nothing is written.
    """
    canonical, basis = decision.user_id, _basis(actor)
    known = (await people.subjects([canonical])).get(canonical)
    if known is None:
        found = _settle(Consent(), await _let_in(people, actor, decision, now), decision, basis, now)
        subject_id = (await people.enrol([canonical], found.consent, found.changes))[canonical].subject_id
    else:
        subject_id = known.subject_id
        found = _settle(known.consent, (await people.moments([subject_id]))[subject_id], decision, basis, now)
        if found.changes:
            await people.set_consent(subject_id, found.consent, found.changes)
    await people.keep_moments({subject_id: found.timely.moments})
    if found.changes:
        await people.record(_act(actor, subject_id, found.changes, basis))
    return found.consent, subject_id


async def _let_in(people: People, actor: Actor, decision: Decision, now: int) -> Moments:
    """Open to who is not known; of somebody who was erased return since when all that they had said is a no.

    Raises:
        FailedPrecondition: they were erased, and this is not their own new yes.
    """
    canonical = decision.user_id
    erased_at = await people.erased_at(canonical)
    if erased_at is None:
        return Moments()
    if not (actor.player and (decision.analytics or decision.research)):
        raise FailedPrecondition(
            "subject_erased", "This player was erased. Only their own new consent lets them in again."
        )
    if decision.decided_at is not None and min(decision.decided_at, now) <= erased_at:
        raise FailedPrecondition(
            "subject_erased", "This player was erased after this decision. Only a newer one lets them in again."
        )
    await people.reopen(canonical)
    return Moments(erased_at, erased_at)


async def _settled_together(people: People, actor: Actor, decisions: Sequence[Decision], now: int) -> ConsentTally:
    """Set decisions, their ids canonical, in order; players who are new are enrolled together."""
    subjects = await people.subjects([decision.user_id for decision in decisions])
    unknown = [decision for decision in decisions if decision.user_id not in subjects]
    erased = await people.erased([decision.user_id for decision in unknown]) if unknown else set[str]()
    basis, tally = _basis(actor), ConsentTally()
    first = {decision.user_id: decision for decision in reversed(unknown) if decision.user_id not in erased}
    opened = await _opened(people, first.values(), basis, now)
    ids = {one: subject.subject_id for one, subject in subjects.items()}
    last = await people.moments(ids.values())
    ids |= {one: subject_id for one, (subject_id, _) in opened.items()}
    standing = {one: subject.consent for one, subject in subjects.items()}
    acts = list[Act]()
    for decision in decisions:
        one = decision.user_id
        if one in erased:
            tally += ConsentTally(refused=1)
            continue
        subject_id = ids[one]
        if first.get(one) is decision:
            found = opened[one][1]
        else:
            found = _settle(standing[one], last[subject_id], decision, basis, now)
            if found.changes:
                await people.set_consent(subject_id, found.consent, found.changes)
        standing[one], last[subject_id] = found.consent, found.timely.moments
        if found.changes:
            acts.append(_act(actor, subject_id, found.changes, basis))
        tally += _counted(found)
    await people.keep_moments(last)
    if acts:
        await people.record(*acts)
    return tally


async def _opened(
    people: People, decisions: Collection[Decision], basis: Basis, now: int
) -> dict[str, tuple[int, _Settled]]:
    """Enrol players by the first decision of each, those who decided alike together; return their subjects."""
    found = {one.user_id: _settle(Consent(), Moments(), one, basis, now) for one in decisions}
    alike: dict[Consent, list[str]] = {}
    for one, settled in found.items():
        alike.setdefault(settled.consent, []).append(one)
    opened: dict[str, tuple[int, _Settled]] = {}
    for consent, canonical_ids in alike.items():
        enrolled = await people.enrol(canonical_ids, consent, ())
        opened |= {one: (enrolled[one].subject_id, found[one]) for one in canonical_ids}
    await people.keep_history({subject_id: settled.changes for subject_id, settled in opened.values()})
    return opened


def _counted(found: _Settled) -> ConsentTally:
    if found.changes:
        return ConsentTally(changed=1)
    return ConsentTally(superseded=1) if found.timely.superseded else ConsentTally(unchanged=1)


def _basis(actor: Actor) -> Basis:
    return Basis.PLAYER if actor.player else Basis.SERVICE


def _act(actor: Actor, subject_id: int, changes: Sequence[ConsentChange], basis: Basis) -> Act:
    said: dict[str, Any] = {change.purpose.value: change.granted for change in changes}
    if (made := changes[0].decided_at) is not None and made != changes[0].recorded_at:
        said["decided_at"] = moment(made).isoformat()
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
