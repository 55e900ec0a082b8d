"""What is held about a subject, erasures and their progress, in SQL."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from aggregation_svc.adapters.bulk import insert_new
from aggregation_svc.adapters.fact_store import ERASED, SqlFacts, SqlStore
from aggregation_svc.adapters.model_marks import disown
from aggregation_svc.adapters.prediction_tables import predictive_model_subjects
from aggregation_svc.adapters.tables import (
    answered_requests,
    consent_moments,
    consents,
    erasure_parts,
    erasures,
    progress_snapshots,
    sessions,
    subject_keys,
    subject_seals,
    subjects,
    therapeutic_outcomes,
    tombstones,
)
from aggregation_svc.domain.moments import moment
from aggregation_svc.domain.rights import Erasure, ErasurePart, HistoricConsent, Records
from aggregation_svc.rights_ports import Rights, RightsStore

NEVER_OLD = datetime(9999, 1, 1, tzinfo=UTC)
"""When a mark was made that outlasts the 24 hours of other requests."""

AT_ONCE = 500
"""Rows read before other calls get their turn."""
MOMENTS = frozenset(
    {
        "started_at",
        "recorded_at",
        "updated_at",
        "received_at",
        "consent_changed_at",
        "created_at",
        "decided_at",
        "analytics_decided_at",
        "research_decided_at",
    }
)
INTERNAL = frozenset({"subject_id", "session_id", "digest", "position"})
"""Columns that mean nothing to anybody but this store."""

HELD = (
    ("subject", subjects),
    ("consents", consents),
    ("consent_moments", consent_moments),
    ("sessions", sessions),
    ("progress", progress_snapshots),
    ("outcomes", therapeutic_outcomes),
    ("models", predictive_model_subjects),
)
"""Kinds of records about a subject, as an export names them."""

FORGOTTEN = (*HELD, ("keys", subject_keys), ("seals", subject_seals))
"""What an erasure deletes, as its report names it."""


class SqlRights(SqlFacts, Rights):
    """One transaction."""

    async def held(self, subject_id: int) -> Sequence[Records]:
        """Read every table of facts."""
        found = []
        for kind, table in HELD:
            rows = await self.connection.stream(sa.select(table).where(table.c.subject_id == subject_id))
            records = [_exported(row._asdict()) async for part in rows.partitions(AT_ONCE) for row in part]
            if records:
                found.append(Records(kind, records))
        return found

    async def history(self, subject_id: int, before: int | None, limit: int) -> Sequence[HistoricConsent]:
        """Read the history backwards."""
        query = sa.select(
            consents.c.position,
            consents.c.purpose,
            consents.c.granted,
            consents.c.basis,
            consents.c.recorded_at,
            consents.c.decided_at,
        ).where(consents.c.subject_id == subject_id)
        if before is not None:
            query = query.where(consents.c.position < before)
        rows = await self.connection.execute(query.order_by(consents.c.position.desc()).limit(limit))
        return [HistoricConsent(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]

    async def every_subject(self, canonical_id: str) -> Sequence[int]:
        """Follow the pseudonyms of every key that is known."""
        pseudonyms = list(self.identity.pseudonyms.all(canonical_id).values())
        query = sa.select(subject_keys.c.subject_id).where(subject_keys.c.pseudonym.in_(pseudonyms)).distinct()
        return sorted((await self.connection.execute(query)).scalars())

    async def forget(self, subject_id: int) -> dict[str, int]:
        """Delete from every table, and mark the models that learned from the subject."""
        removed = {}
        if models := await disown(self.connection, self.audit, subject_id):
            removed["models"] = models
        for kind, table in FORGOTTEN:
            gone = await self.connection.execute(sa.delete(table).where(table.c.subject_id == subject_id))
            if gone.rowcount:
                removed[kind] = gone.rowcount
        told = answered_requests.c.subject_id == str(subject_id)
        # Of decisions a keyed hash stays, as long as the tombstone: the player's own yes, sent again, must not reopen.
        decisions = sa.update(answered_requests).where(told, answered_requests.c.call == "SetConsent")
        emptied = await self.connection.execute(decisions.values(answer=ERASED, subject_id=None, created_at=NEVER_OLD))
        deleted = await self.connection.execute(sa.delete(answered_requests).where(told))
        if count := emptied.rowcount + deleted.rowcount:
            removed["answers"] = count
        return removed

    async def unseal(self, subject_id: int) -> str | None:
        """Open the seal."""
        query = sa.select(subject_seals.c.sealed).where(subject_seals.c.subject_id == subject_id)
        sealed = (await self.connection.execute(query)).scalar_one_or_none()
        return None if sealed is None else self.identity.unseal(sealed, subject_id)

    async def subject_of(self, pseudonym: bytes) -> int | None:
        """Follow a lookup key."""
        query = sa.select(subject_keys.c.subject_id).where(subject_keys.c.pseudonym == pseudonym)
        found: int | None = (await self.connection.execute(query)).scalar_one_or_none()
        return found

    async def begin_erasure(
        self, erasure_id: str, canonical_id: str, actor: str, services: Sequence[str], at: int
    ) -> None:
        """Insert the rows."""
        mark = self.identity.hashes.tombstone(canonical_id)
        sealed = self.identity.sealer.seal(canonical_id, _binding(erasure_id))
        await insert_new(self.connection, tombstones, [(mark, at)])
        await self.connection.execute(
            sa.insert(erasures).values(
                erasure_id=erasure_id,
                tombstone=mark,
                sealed=sealed,
                actor=actor,
                requested_at=at,
                changes=await self.changes(),
            )
        )
        await self.connection.execute(
            sa.insert(erasure_parts),
            [
                {
                    "erasure_id": erasure_id,
                    "service": service,
                    "done": False,
                    "removed": {},
                    "kept": [],
                    "failures": 0,
                    "next_try_at": at,
                }
                for service in services
            ],
        )

    async def standing_erasure(self, canonical_id: str) -> Erasure | None:
        """Find the last erasure of whoever has a tombstone."""
        mark = self.identity.hashes.tombstone(canonical_id)
        query = (
            sa.select(erasures.c.erasure_id)
            .join(tombstones, tombstones.c.digest == erasures.c.tombstone)
            .where(erasures.c.tombstone == mark)
            .order_by(erasures.c.requested_at.desc())
            .limit(1)
        )
        found = (await self.connection.execute(query)).scalar_one_or_none()
        return None if found is None else await self.erasure(found)

    async def erasure(self, erasure_id: str) -> Erasure | None:
        """Read an erasure and its parts."""
        query = sa.select(erasures).where(erasures.c.erasure_id == erasure_id)
        row = (await self.connection.execute(query)).one_or_none()
        if row is None:
            return None
        parts = sa.select(erasure_parts).where(erasure_parts.c.erasure_id == erasure_id)
        return Erasure(
            erasure_id,
            row.requested_at,
            row.finished_at,
            tuple(map(_part, await self.connection.execute(parts.order_by(erasure_parts.c.service)))),
        )

    async def erased_id(self, erasure_id: str) -> str | None:
        """Open the seal of an erasure."""
        query = sa.select(erasures.c.sealed).where(erasures.c.erasure_id == erasure_id)
        sealed = (await self.connection.execute(query)).scalar_one_or_none()
        return None if sealed is None else self.identity.sealer.open(sealed, _binding(erasure_id))

    async def part(self, erasure_id: str, service: str) -> ErasurePart:
        """Lock the row."""
        query = sa.select(erasure_parts).where(
            erasure_parts.c.erasure_id == erasure_id, erasure_parts.c.service == service
        )
        return _part((await self.connection.execute(query.with_for_update())).one())

    async def keep_part(self, erasure_id: str, part: ErasurePart, at: int) -> None:
        """Update the part, and finish the erasure where it was the last."""
        await self.connection.execute(
            sa.update(erasure_parts)
            .where(erasure_parts.c.erasure_id == erasure_id, erasure_parts.c.service == part.service)
            .values(
                done=part.done,
                removed=dict(part.removed or {}),
                kept=list(part.kept),
                failures=part.failures,
                tried_at=part.tried_at,
                next_try_at=part.next_try(at),
            )
        )
        open_parts = sa.select(erasure_parts.c.service).where(
            erasure_parts.c.erasure_id == erasure_id, erasure_parts.c.done.is_(False)
        )
        await self.connection.execute(
            sa.update(erasures)
            .where(erasures.c.erasure_id == erasure_id, erasures.c.finished_at.is_(None), ~open_parts.exists())
            .values(finished_at=at, sealed=None)
        )

    async def due_erasures(self, at: int) -> Sequence[str]:
        """Find parts whose next try is due."""
        query = (
            sa.select(erasure_parts.c.erasure_id)
            .where(erasure_parts.c.done.is_(False), erasure_parts.c.next_try_at <= at)
            .distinct()
            .limit(100)
        )
        return list((await self.connection.execute(query)).scalars())


class SqlRightsStore(RightsStore):
    """The store of subjects, for their rights."""

    def __init__(self, store: SqlStore) -> None:
        """Work on the transactions of `store`."""
        self._store = store

    def people(self) -> AbstractAsyncContextManager[SqlRights]:
        """Hold the lock alone."""
        return _as_rights(self._store.people)

    def view(self) -> AbstractAsyncContextManager[SqlRights]:
        """Read only."""
        return _as_rights(self._store.view)

    def records(self) -> AbstractAsyncContextManager[SqlRights]:
        """Share the lock with writers of facts."""
        return _as_rights(self._store.facts)


@asynccontextmanager
async def _as_rights(enter: Callable[[], AbstractAsyncContextManager[SqlFacts]]) -> AsyncIterator[SqlRights]:
    async with enter() as facts:
        yield SqlRights(facts.connection, facts.identity, facts.audit, facts.idempotency, facts.cache)


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as its subject may read it: times in words, nothing internal, nothing that is missing."""
    return {
        name: moment(value).isoformat() if name in MOMENTS else value
        for name, value in row.items()
        if name not in INTERNAL and value is not None
    }


def _part(row: Any) -> ErasurePart:
    return ErasurePart(row.service, row.done, row.removed, tuple(row.kept), row.failures, row.tried_at)


def _binding(erasure_id: str) -> str:
    return f"erasure {erasure_id}"
