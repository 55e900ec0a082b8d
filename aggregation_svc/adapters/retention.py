"""Retention: what has outlived its term is removed, in small steps, with an audit entry that says that it ran."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from aggregation_svc.adapters.tables import FACTS, consents
from aggregation_svc.domain.moments import micros
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.idempotency import Idempotency

BATCH = 5_000
"""Rows a transaction, so that no ingest waits long for it."""


class Retention:
    """Removes facts, superseded consent decisions, audit entries and kept answers after their terms."""

    def __init__(
        self,
        database: Database,
        audit: AuditLog,
        idempotency: Idempotency,
        *,
        facts_term: timedelta,
        consent_history_term: timedelta,
        audit_term: timedelta,
    ) -> None:
        """Work on `database`; facts count from their arrival."""
        self._database, self._audit, self._idempotency = database, audit, idempotency
        self._facts, self._history, self._entries = facts_term, consent_history_term, audit_term

    async def __call__(self) -> None:
        """Remove what is too old by the database's clock: a host whose own is ahead deletes nothing too early."""
        async with self._database.read() as connection:
            now = await self._database.now(connection)
        await self.at(now)

    async def at(self, now: datetime) -> None:
        """Remove what is too old at `now`."""
        oldest = micros(now - self._facts)
        for table, _ in FACTS:
            key = tuple(table.primary_key.columns)
            old = sa.select(*key).where(table.c.received_at < oldest).limit(BATCH)
            await self._in_steps(sa.delete(table).where(sa.tuple_(*key).in_(old)))
        # The newest decision on each purpose stands and stays, whatever its age.
        newer = consents.alias("newer")
        superseded = (
            sa.select(newer.c.position)
            .where(
                newer.c.subject_id == consents.c.subject_id,
                newer.c.purpose == consents.c.purpose,
                newer.c.position > consents.c.position,
            )
            .exists()
        )
        decision = (consents.c.subject_id, consents.c.position)
        old = sa.select(*decision).where(consents.c.recorded_at < micros(now - self._history), superseded)
        await self._in_steps(sa.delete(consents).where(sa.tuple_(*decision).in_(old.limit(BATCH))))
        async with self._database.begin() as connection:
            await self._idempotency.expire(connection)
            await self._audit.cut(connection, now - self._entries)
            terms = {
                "facts_days": self._facts.days,
                "consents_days": self._history.days,
                "audit_days": self._entries.days,
            }
            await self._audit.append(connection, Entry("system", "retention_ran", details=terms))

    async def _in_steps(self, delete: sa.Delete) -> None:
        """Run a limited delete until it removes nothing more."""
        while True:
            async with self._database.begin() as connection:
                if (await connection.execute(delete)).rowcount < BATCH:
                    return
