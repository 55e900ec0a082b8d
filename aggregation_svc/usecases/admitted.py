"""Whose facts are let in: subjects with standing consent to analytics, and nobody else."""

from collections.abc import Collection, Sequence
from enum import Enum
from typing import TypeVar

from aggregation_svc.domain.consent import Basis, Consent, decided
from aggregation_svc.ports import Act, Actor, Canonical, Facts
from mesh.refusal import FailedPrecondition, InvalidArgument, Violation

T = TypeVar("T")


class ConsentBasis(Enum):
    """How the sender of facts knows that the players consented."""

    REQUIRED = "required"
    """Standing consent decides."""
    ASSERTED = "asserted"
    """The sender vouches for players who never decided here."""


def require_right_to_assert(actor: Actor, basis: ConsentBasis, *, open_to_all: bool) -> None:
    """Refuse a sender who vouches without the right to.

    Raises:
        FailedPrecondition: neither does the setting open it to all, nor is the actor an administrator.
    """
    if basis is ConsentBasis.ASSERTED and not (open_to_all or actor.administrator):
        raise FailedPrecondition(
            "consent_assertion_off",
            "Vouching for players' consent is for administrators, or for all with TTA_LEGACY_CONSENT=asserted. "
            "Set each player's consent with SetConsent instead.",
        )


class CanonicalIds:
    """The canonical ids of the players of one message's facts, and what is wrong with those that have none."""

    def __init__(self, canonical: Canonical, path: str, field: str = ".user_id") -> None:
        """Name violations by `path`, the field of the facts, and the `field` of each that holds its id."""
        self._canonical, self._path, self._field = canonical, path, field
        self._known: dict[str, str] = {}
        self.violations: list[Violation] = []

    def of(self, index: int, raw: str) -> str:
        """Return the canonical id of the fact at `index`; empty where it has none."""
        found = self._known.get(raw)
        if found is None:
            try:
                found = self._canonical(raw)
            except InvalidArgument as error:
                self.violations.append(Violation(f"{self._path}[{index}]{self._field}", "user_id", str(error)))
                return ""
            self._known[raw] = found
        return found


async def admitted(facts: Facts, actor: Actor, ids: Collection[str], basis: ConsentBasis, now: int) -> dict[str, int]:
    """Return the subject of each canonical id whose facts may be stored.

    Where the sender vouches, players who were never heard of are enrolled, but for the erased; a standing no stays.
    """
    if basis is ConsentBasis.REQUIRED:
        return await facts.consenting(ids)
    subjects = await facts.subjects(ids)
    if new := [one for one in ids if one not in subjects]:
        erased = await facts.erased(new)
        welcome = [one for one in new if one not in erased]
        if welcome:
            consent, changes = decided(Consent(), analytics=True, research=None, basis=Basis.ASSERTED, at=now)
            subjects |= await facts.enrol(welcome, consent, changes)
            await facts.record(Act(actor.name, "consent_asserted"))
    return {one: subject.subject_id for one, subject in subjects.items() if subject.consent.analytics}


async def welcome(facts: Facts, ids: Collection[str], basis: ConsentBasis) -> set[str]:
    """Return the canonical ids that `admitted` would let in, and change nothing."""
    subjects = await facts.subjects(ids)
    found = {one for one, subject in subjects.items() if subject.consent.analytics}
    if basis is ConsentBasis.ASSERTED and (new := [one for one in ids if one not in subjects]):
        found |= set(new) - await facts.erased(new)
    return found


def refuse(violations: Sequence[Violation]) -> None:
    """Refuse the whole message where any of its facts is wrong, naming all.

    Raises:
        InvalidArgument: there are violations.
    """
    if violations:
        raise InvalidArgument(
            "facts_invalid",
            f"{len(violations)} of the facts' fields cannot be right; nothing of this message is stored.",
            violations=violations,
        )
