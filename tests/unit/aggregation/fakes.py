"""Fakes of the aggregation service's ports."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from aggregation_svc.domain.consent import Consent, ConsentChange, Moments
from aggregation_svc.domain.session_versions import StoredSession
from aggregation_svc.ports import Act, Facts, Question, Row, Store, Subject
from mesh.refusal import AlreadyExists


@dataclass
class Held:
    """What a committed transaction leaves."""

    people: dict[str, Subject] = field(default_factory=dict)
    tombstones: dict[str, int] = field(default_factory=dict)
    moments: dict[int, Moments] = field(default_factory=dict)
    history: list[tuple[int, ConsentChange]] = field(default_factory=list)
    sessions: dict[tuple[int, int], Row] = field(default_factory=dict)
    snapshots: dict[Row, Row] = field(default_factory=dict)
    outcomes: dict[Row, Row] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    answers: dict[tuple[str, str, str], tuple[bytes, dict[str, Any]]] = field(default_factory=dict)


class FakeFacts(Facts):
    def __init__(self, held: Held) -> None:
        self.held = held

    async def subjects(self, canonical_ids: Collection[str]) -> dict[str, Subject]:
        return {one: self.held.people[one] for one in canonical_ids if one in self.held.people}

    async def erased(self, canonical_ids: Collection[str]) -> set[str]:
        return self.held.tombstones.keys() & set(canonical_ids)

    async def erased_at(self, canonical_id: str) -> int | None:
        return self.held.tombstones.get(canonical_id)

    async def enrol(
        self, canonical_ids: Collection[str], consent: Consent, changes: Sequence[ConsentChange]
    ) -> dict[str, Subject]:
        for one in canonical_ids:
            subject = self.held.people.setdefault(one, Subject(len(self.held.people) + 1, consent))
            await self.keep_history({subject.subject_id: changes})
        return await self.subjects(canonical_ids)

    async def set_consent(self, subject_id: int, consent: Consent, changes: Sequence[ConsentChange]) -> None:
        for one, subject in self.held.people.items():
            if subject.subject_id == subject_id:
                self.held.people[one] = Subject(subject_id, consent)
        await self.keep_history({subject_id: changes})

    async def moments(self, subject_ids: Collection[int]) -> dict[int, Moments]:
        return {one: self.held.moments.get(one, Moments()) for one in subject_ids}

    async def keep_moments(self, moments: Mapping[int, Moments]) -> None:
        self.held.moments |= moments

    async def keep_history(self, changes: Mapping[int, Sequence[ConsentChange]]) -> None:
        self.held.history += [(subject_id, change) for subject_id, of in changes.items() for change in of]

    async def reopen(self, canonical_id: str) -> None:
        del self.held.tombstones[canonical_id]

    async def record(self, *acts: Act) -> None:
        self.held.acts.extend(acts)

    async def replayed(self, question: Question) -> dict[str, Any] | None:
        found = self.held.answers.get((question.caller, question.call, question.request_id))
        if found is None:
            return None
        if found[0] != question.fingerprint:
            raise AlreadyExists("request_id_reused", "That request_id was used for another request.")
        return found[1]

    async def remember(self, question: Question, answer: Mapping[str, Any], subject_id: int | None = None) -> None:
        key = (question.caller, question.call, question.request_id)
        self.held.answers[key] = (question.fingerprint, dict(answer))

    async def add_sessions(self, rows: Sequence[Row]) -> int:
        new = {row[:2]: row for row in rows if row[:2] not in self.held.sessions}
        self.held.sessions |= new
        return len(new)

    async def other_sessions(self, rows: Sequence[Row]) -> list[StoredSession]:
        found = []
        for row in rows:
            held = self.held.sessions[row[:2]]
            later = row[12] is not None and (held[12] is None or held[12] < row[12])
            if held[13] != row[13] or later:
                found.append(StoredSession(held[0], held[1], held[2], held[12], held[13]))
        return found

    async def replace_sessions(self, rows: Sequence[Row]) -> int:
        self.held.sessions |= {row[:2]: row for row in rows}
        return len(rows)

    async def add_snapshots(self, rows: Sequence[Row]) -> int:
        return self._add(self.held.snapshots, rows)

    async def add_outcomes(self, rows: Sequence[Row]) -> int:
        return self._add(self.held.outcomes, rows)

    def _add(self, table: dict[Row, Row], rows: Sequence[Row]) -> int:
        before = len(table)
        for row in rows:
            table.setdefault(row[:3], row)
        return len(table) - before


class FakeStore(Store):
    """Commits a copy at the end of a block, and nothing where it raises."""

    def __init__(self) -> None:
        self.held = Held()

    @asynccontextmanager
    async def facts(self) -> AsyncIterator[FakeFacts]:
        held = deepcopy(self.held)
        yield FakeFacts(held)
        self.held = held

    people = facts

    @asynccontextmanager
    async def view(self) -> AsyncIterator[FakeFacts]:
        yield FakeFacts(self.held)
