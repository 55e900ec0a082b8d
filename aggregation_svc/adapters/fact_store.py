"""Subjects, consent and facts in SQL.

Writers of facts share one advisory lock that changes of subjects take alone: consent and erasure never race a batch.
SQLite has one writer anyway.
"""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.bulk import copy_new, insert_new, insert_or_replace, select_all, select_by_key
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.model_marks import disown
from aggregation_svc.adapters.subject_cache import SubjectCache
from aggregation_svc.adapters.tables import (
    consent_moments,
    consents,
    progress_snapshots,
    sessions,
    subject_changes,
    subject_keys,
    subject_seals,
    subjects,
    therapeutic_outcomes,
    tombstones,
)
from aggregation_svc.domain.consent import Basis, Consent, ConsentChange, Moments
from aggregation_svc.domain.session_versions import StoredSession
from aggregation_svc.ports import Act, Facts, Question, Row, Store, Subject
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.refusal import Aborted, FailedPrecondition

LOCK = 7_285_095
"""Key of the advisory lock between writers of facts and changes of subjects."""


OF_NOBODY = ~sa.exists(sa.select(subjects.c.subject_id).where(subjects.c.subject_id == subject_keys.c.subject_id))
"""Lookup keys that lead to a subject that is gone. A subject and its keys are always written in one transaction."""

ERASED = b"erased"
"""In place of an answer about an erased player: the same request, sent again, is not a new one."""


async def share_lock(connection: AsyncConnection) -> None:
    """Have no subject changed nor erased by another until this transaction ends; writers of facts go on."""
    await _lock(connection, "pg_advisory_xact_lock_shared")


async def _lock(connection: AsyncConnection, function: str) -> None:
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(f"SELECT {function}({LOCK})")


class SqlFacts(Facts):
    """One transaction."""

    def __init__(
        self,
        connection: AsyncConnection,
        identity: Identity,
        audit: AuditLog,
        idempotency: Idempotency,
        cache: SubjectCache,
    ) -> None:
        """Work on an open transaction."""
        self.connection = connection
        self.identity, self.audit, self.idempotency, self.cache = identity, audit, idempotency, cache
        self.looked_up: dict[str, Subject] = {}
        """Subjects that this transaction read; they may be cached once it has committed."""

    async def subjects(self, canonical_ids: Collection[str]) -> dict[str, Subject]:
        """Look up in the cache, then by the pseudonyms of every key in use."""
        cached = self.cache.known(canonical_ids, await self.changes())
        missing = [one for one in canonical_ids if one not in cached]
        found = await self._look_up(missing)
        self.looked_up |= found
        return cached | found

    async def consenting(self, canonical_ids: Collection[str]) -> dict[str, int]:
        """Look up as `subjects` does; of those in the cache nothing is made but the answer."""
        held = self.cache.held(await self.changes())
        found = {one: row[0] for one in canonical_ids if (row := held.get(one)) is not None and row[1]}
        if len(found) < len(canonical_ids) and (missing := [one for one in canonical_ids if one not in held]):
            looked_up = await self._look_up(missing)
            self.looked_up |= looked_up
            found |= {one: subject.subject_id for one, subject in looked_up.items() if subject.consent.analytics}
        return found

    async def changes(self) -> int:
        """Return how often subjects were changed: what is cached holds for one such number."""
        return int((await select_all(self.connection, subject_changes, "changes"))[0][0])

    async def _look_up(self, canonical_ids: Collection[str]) -> dict[str, Subject]:
        names = {
            pseudonym: canonical
            for canonical in canonical_ids
            for pseudonym in self.identity.pseudonyms.all(canonical).values()
        }
        held = await select_by_key(
            self.connection,
            subject_keys,
            [subject_keys.c.pseudonym],
            [(pseudonym,) for pseudonym in names],
            wanted="t.pseudonym, s.subject_id, s.analytics_consent, s.research_consent, s.consent_changed_at",
            joined=(subjects, "s", "s.subject_id = t.subject_id"),
        )
        return {names[row[0]]: Subject(row[1], Consent(bool(row[2]), bool(row[3]), row[4])) for row in held}

    async def erased(self, canonical_ids: Collection[str]) -> set[str]:
        """Look up by the tombstones' marks."""
        marks = {self.identity.hashes.tombstone(canonical): canonical for canonical in canonical_ids}
        found = await select_by_key(
            self.connection, tombstones, [tombstones.c.digest], [(mark,) for mark in marks], wanted="t.digest"
        )
        return {marks[row[0]] for row in found}

    async def erased_at(self, canonical_id: str) -> int | None:
        """Look up by the tombstone's mark."""
        mark = self.identity.hashes.tombstone(canonical_id)
        found: int | None = await self.connection.scalar(
            sa.select(tombstones.c.erased_at).where(tombstones.c.digest == mark)
        )
        return found

    async def enrol(
        self, canonical_ids: Collection[str], consent: Consent, changes: Sequence[ConsentChange]
    ) -> dict[str, Subject]:
        """Whoever inserts a subject's pseudonyms first has made it; the other waits for that and finds it.

        Made is who owns a pseudonym under every key that is known here: another replica may know fewer of them.
        """
        found = await self._enrolled(canonical_ids, consent, changes)
        if lost := [one for one in canonical_ids if one not in found]:
            # Their pseudonyms lead to subjects that are gone.
            stray = subject_keys.c.pseudonym.in_(self._pseudonyms(lost))
            await self.connection.execute(sa.delete(subject_keys).where(stray, OF_NOBODY))
            found |= await self._enrolled(lost, consent, changes)
        if len(found) < len(set(canonical_ids)):
            raise Aborted("concurrent_change", "A concurrent change won; send the request again.")
        return found

    async def _enrolled(
        self, canonical_ids: Collection[str], consent: Consent, changes: Sequence[ConsentChange]
    ) -> dict[str, Subject]:
        """Make subjects of those who are none; return all that can be found then."""
        fresh = {canonical: self.identity.new_subject_id() for canonical in canonical_ids}
        keys = sorted(
            (pseudonym, version, fresh[canonical])
            for canonical in canonical_ids
            for version, pseudonym in self.identity.pseudonyms.all(canonical).items()
        )
        await insert_new(self.connection, subject_keys, keys)
        owners = dict(
            await select_by_key(
                self.connection,
                subject_keys,
                [subject_keys.c.pseudonym],
                [(key[0],) for key in keys],
                wanted="t.pseudonym, t.subject_id",
            )
        )
        others = {subject_id for pseudonym, _, subject_id in keys if owners.get(pseudonym) != subject_id}
        if others:
            await self.connection.execute(sa.delete(subject_keys).where(subject_keys.c.subject_id.in_(others)))
        made = {canonical: subject_id for canonical, subject_id in fresh.items() if subject_id not in others}
        at = consent.changed_at
        await insert_new(
            self.connection,
            subjects,
            [(subject_id, consent.analytics, consent.research, at, at) for subject_id in made.values()],
        )
        sealer = self.identity.sealer
        await insert_new(
            self.connection,
            subject_seals,
            [(subject_id, sealer.active, self.identity.seal(one, subject_id)) for one, subject_id in made.items()],
        )
        await self.keep_history(dict.fromkeys(made.values(), changes))
        found = {canonical: Subject(subject_id, consent) for canonical, subject_id in made.items()}
        self.looked_up |= found
        if others:
            found |= await self.subjects([canonical for canonical in fresh if canonical not in made])
        return found

    def _pseudonyms(self, canonical_ids: Collection[str]) -> list[bytes]:
        """Return the pseudonyms of players under every key that is known."""
        return [one for canonical in canonical_ids for one in self.identity.pseudonyms.all(canonical).values()]

    async def set_consent(self, subject_id: int, consent: Consent, changes: Sequence[ConsentChange]) -> None:
        """Update the subject and append to the history."""
        await self.connection.execute(
            sa.update(subjects)
            .where(subjects.c.subject_id == subject_id)
            .values(
                analytics_consent=consent.analytics,
                research_consent=consent.research,
                consent_changed_at=consent.changed_at,
            )
        )
        await self.keep_history({subject_id: changes})
        if not (consent.analytics and consent.research):
            await disown(self.connection, self.audit, subject_id)

    async def moments(self, subject_ids: Collection[int]) -> dict[int, Moments]:
        """Take the newer of what was kept and what the history knows.

        Of an entry that does not tell its moment a player's own counts as made when it was recorded, and so does a no;
        a yes gives way to whatever tells one.
        """
        wanted = list(subject_ids)
        latest: dict[int, dict[str, int]] = {subject_id: {} for subject_id in wanted}
        made = sa.func.max(sa.func.coalesce(consents.c.decided_at, consents.c.recorded_at))
        known = sa.or_(
            consents.c.decided_at.is_not(None), consents.c.basis == Basis.PLAYER.value, consents.c.granted.is_(False)
        )
        history = (
            sa.select(consents.c.subject_id, consents.c.purpose, made)
            .where(consents.c.subject_id.in_(wanted), known)
            .group_by(consents.c.subject_id, consents.c.purpose)
        )
        for subject_id, purpose, at in await self.connection.execute(history):
            latest[subject_id][purpose] = at
        kept = sa.select(consent_moments).where(consent_moments.c.subject_id.in_(wanted))
        for row in await self.connection.execute(kept):
            of = latest[row.subject_id]
            for purpose, at in (("analytics", row.analytics_decided_at), ("research", row.research_decided_at)):
                if at is not None:
                    of[purpose] = max(at, of.get(purpose, at))
        return {subject_id: Moments(**of) for subject_id, of in latest.items()}

    async def keep_moments(self, moments: Mapping[int, Moments]) -> None:
        """Insert or overwrite."""
        rows = [(subject_id, of.analytics, of.research) for subject_id, of in moments.items()]
        await insert_or_replace(self.connection, consent_moments, rows, "true")

    async def keep_history(self, changes: Mapping[int, Sequence[ConsentChange]]) -> None:
        """Insert in order."""
        rows = [
            (
                subject_id,
                change.purpose.value,
                change.granted,
                change.basis.value,
                change.recorded_at,
                change.decided_at,
            )
            for subject_id, of in changes.items()
            for change in of
        ]
        columns = [column for column in consents.columns if column is not consents.c.position]
        await insert_new(self.connection, consents, rows, columns)

    async def reopen(self, canonical_id: str) -> None:
        """Delete the tombstone."""
        mark = self.identity.hashes.tombstone(canonical_id)
        await self.connection.execute(sa.delete(tombstones).where(tombstones.c.digest == mark))

    async def record(self, *acts: Act) -> None:
        """Append to the chain."""
        entries = [
            Entry(act.actor, act.action, None if act.subject_id is None else str(act.subject_id), dict(act.details))
            for act in acts
        ]
        await self.audit.append(self.connection, *entries)

    async def replayed(self, question: Question) -> dict[str, Any] | None:
        """Look the request up, and claim it where it is new."""
        answer = await self.idempotency.replay(
            self.connection, question.caller, question.call, question.request_id, question.fingerprint
        )
        if answer == ERASED:
            raise FailedPrecondition("subject_erased", "This request is older than the erasure of its player.")
        return None if answer is None else json.loads(answer)

    async def remember(self, question: Question, answer: Mapping[str, Any], subject_id: int | None = None) -> None:
        """Keep the answer as JSON."""
        await self.idempotency.remember(
            self.connection,
            question.caller,
            question.call,
            question.request_id,
            question.fingerprint,
            json.dumps(answer).encode(),
            subject_id=None if subject_id is None else str(subject_id),
        )

    async def add_sessions(self, rows: Sequence[Row]) -> int:
        """Insert what is new: by COPY while all of it was, so that only repeats pay for being found."""
        if self.cache.all_new and self.connection.dialect.name == "postgresql":
            self.cache.all_new = await copy_new(self.connection, sessions, rows)
            if self.cache.all_new:
                return len(rows)
        added = await insert_new(self.connection, sessions, rows)
        self.cache.all_new = added == len(rows)
        return added

    async def other_sessions(self, rows: Sequence[Row]) -> list[StoredSession]:
        """Compare by digest and `updated_at` in the database, so that only what differs comes back."""
        found = await select_by_key(
            self.connection,
            sessions,
            [sessions.c.subject_id, sessions.c.session_id],
            [(row[0], row[1], row[13], row[12]) for row in rows],
            wanted="t.subject_id, t.session_id, t.started_at, t.updated_at, t.digest, "
            "t.digest <> k.e0 OR (k.e1 IS NOT NULL AND coalesce(t.updated_at, -1) < k.e1)",
        )
        return [StoredSession(*row[:5]) for row in found if row[5]]

    async def replace_sessions(self, rows: Sequence[Row]) -> int:
        """Overwrite what is older."""
        older = "old.updated_at IS NULL OR old.updated_at < excluded.updated_at"
        return await insert_or_replace(self.connection, sessions, rows, older)

    async def add_snapshots(self, rows: Sequence[Row]) -> int:
        """Insert what is new."""
        return await insert_new(self.connection, progress_snapshots, rows)

    async def add_outcomes(self, rows: Sequence[Row]) -> int:
        """Insert what is new."""
        return await insert_new(self.connection, therapeutic_outcomes, rows)


class SqlStore(Store):
    """The store on one database."""

    def __init__(self, database: Database, identity: Identity, audit: AuditLog, idempotency: Idempotency) -> None:
        """Open transactions on `database`."""
        self._database, self._identity, self._audit, self._idempotency = database, identity, audit, idempotency
        self._cache = SubjectCache()

    @asynccontextmanager
    async def facts(self) -> AsyncIterator[SqlFacts]:
        """Share the lock with other writers of facts."""
        async with self._database.begin() as connection:
            facts = await self.joined(connection)
            yield facts
            changes = await facts.changes() if facts.looked_up else 0
        self._cache.keep(facts.looked_up, changes)

    @asynccontextmanager
    async def people(self) -> AsyncIterator[SqlFacts]:
        """Hold the lock alone."""
        async with self._database.begin() as connection:
            await _lock(connection, "pg_advisory_xact_lock")
            await connection.execute(sa.update(subject_changes).values(changes=subject_changes.c.changes + 1))
            yield self.on(connection)

    @asynccontextmanager
    async def view(self) -> AsyncIterator[SqlFacts]:
        """Read only."""
        async with self._database.read() as connection:
            yield self.on(connection)

    async def joined(self, connection: AsyncConnection) -> SqlFacts:
        """Share the lock with other writers of facts in a transaction that is already open."""
        await share_lock(connection)
        return self.on(connection)

    def on(self, connection: AsyncConnection) -> SqlFacts:
        """Return the work on a transaction that is already open."""
        return SqlFacts(connection, self._identity, self._audit, self._idempotency, self._cache)
