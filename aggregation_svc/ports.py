"""What facts, consent and rights need from outside."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from aggregation_svc.domain.consent import Consent, ConsentChange, Moments
from aggregation_svc.domain.progress_viz import PlayedSession, Progress
from aggregation_svc.domain.session_versions import StoredSession

Clock = Callable[[], datetime]
"""The time now, with a time zone."""
Canonical = Callable[[str], str]
"""A source's user id -> the canonical one; raises InvalidArgument where it cannot be mapped."""
Row = tuple[Any, ...]
"""A row in the order of its table's columns."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as far as the rules of this service ask."""

    name: str
    """For the audit trail."""
    administrator: bool = False
    player: bool = False
    """Acts on themselves."""
    anonymous: bool = False
    """Nobody knows who: authentication is off."""


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the audit trail. Never holds a player's id, a count of players, or a text of theirs."""

    actor: str
    action: str
    subject_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject and what stands of their consent."""

    subject_id: int
    consent: Consent


@dataclass(frozen=True, slots=True)
class Question:
    """What makes a repeated request the same one: its answer is kept for 24 hours."""

    caller: str
    call: str
    request_id: str
    fingerprint: bytes
    """Of the request's content: the same id with another content is refused."""


class People(Protocol):
    """Subjects, their consent, and the trail, within one transaction."""

    async def subjects(self, canonical_ids: Collection[str]) -> dict[str, Subject]:
        """Return those who are known."""

    async def consenting(self, canonical_ids: Collection[str]) -> dict[str, int]:
        """Return the subject_id of those who are known and agreed to analytics; every message of facts asks for it."""
        known = await self.subjects(canonical_ids)
        return {one: subject.subject_id for one, subject in known.items() if subject.consent.analytics}

    async def erased(self, canonical_ids: Collection[str]) -> set[str]:
        """Return those who have a tombstone."""

    async def erased_at(self, canonical_id: str) -> int | None:
        """Return when a player was erased, microseconds since 1970; None where they have no tombstone."""

    async def enrol(
        self, canonical_ids: Collection[str], consent: Consent, changes: Sequence[ConsentChange]
    ) -> dict[str, Subject]:
        """Make subjects of unknown ids with their first consent; return also those that were made meanwhile."""

    async def set_consent(self, subject_id: int, consent: Consent, changes: Sequence[ConsentChange]) -> None:
        """Keep what stands and what changed."""

    async def moments(self, subject_ids: Collection[int]) -> dict[int, Moments]:
        """Return when they last decided, for all of them."""

    async def keep_moments(self, moments: Mapping[int, Moments]) -> None:
        """Keep when subjects last decided."""

    async def keep_history(self, changes: Mapping[int, Sequence[ConsentChange]]) -> None:
        """Append to the history of each subject."""

    async def reopen(self, canonical_id: str) -> None:
        """Take the tombstone of a player away."""

    async def record(self, *acts: Act) -> None:
        """Append to the audit trail."""

    async def replayed(self, question: Question) -> dict[str, Any] | None:
        """Return the answer that the same request got; raises a refusal where the id was used for another content."""

    async def remember(self, question: Question, answer: Mapping[str, Any], subject_id: int | None = None) -> None:
        """Keep the answer with this transaction; what is about one subject goes with their erasure."""


class Facts(People, Protocol):
    """The tables of facts, within the same transaction. Rows are sorted by key, so that writers meet in one order."""

    async def add_sessions(self, rows: Sequence[Row]) -> int:
        """Store those that are not known by (subject_id, session_id); return how many."""

    async def other_sessions(self, rows: Sequence[Row]) -> list[StoredSession]:
        """Return what is stored of these keys with another content, or confirmed earlier."""

    async def replace_sessions(self, rows: Sequence[Row]) -> int:
        """Overwrite those that are stored with an earlier `updated_at` or none; return how many."""

    async def add_snapshots(self, rows: Sequence[Row]) -> int:
        """Store those that are not known; return how many."""

    async def add_outcomes(self, rows: Sequence[Row]) -> int:
        """Store those that are not known; return how many."""


class Store(Protocol):
    """The store of subjects and facts."""

    def facts(self) -> AbstractAsyncContextManager[Facts]:
        """Enter a transaction that writes facts. Many run at once; none beside one that changes subjects."""

    def people(self) -> AbstractAsyncContextManager[Facts]:
        """Enter a transaction that changes what stands of subjects. It runs alone: no fact slips past it."""

    def view(self) -> AbstractAsyncContextManager[Facts]:
        """Enter a view that only reads."""


class Diary(Protocol):
    """What one player did, read for nobody but them."""

    async def of(
        self, canonical_id: str, since: datetime, until: datetime
    ) -> tuple[Sequence[PlayedSession], Sequence[Progress]]:
        """Return sessions and snapshots from `since` on to before `until`; nothing of an unknown player."""
