"""The ledger in SQL: one account, one lock, integers only."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.release_tables import privacy_caps, privacy_ledger
from aggregation_svc.domain.moments import micros, moment
from aggregation_svc.domain.periods import Grain, Period
from aggregation_svc.domain.releases import WINDOW, Account, Answer, Charge, Kind, Question
from aggregation_svc.release_ports import ChargeFilter
from mesh.database import Database

LOCK = 7_285_096
"""Key of the advisory lock on the account."""


class Ledger:
    """Charges and the cap, within the caller's transaction."""

    def __init__(self, database: Database, cap_micro: int) -> None:
        """Keep the cap of the settings; a raised one is higher."""
        self._database, self._cap_micro = database, cap_micro

    async def lock(self, connection: AsyncConnection) -> None:
        """Hold the account until the transaction ends. SQLite has one writer anyway."""
        if self._database.dialect == "postgresql":
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")

    async def account(self, connection: AsyncConnection, *, detailed: bool = False) -> Account:
        """Return the account at the database's clock, with the window's charges where `detailed`."""
        now = await self._database.now(connection)
        table = privacy_ledger.c
        recent = table.charged_at > micros(now - WINDOW)
        spent, lifetime = (
            await connection.execute(
                sa.select(
                    sa.func.sum(sa.case((recent, table.epsilon_micros), else_=0)), sa.func.sum(table.epsilon_micros)
                )
            )
        ).one()
        raised = (await connection.execute(sa.select(sa.func.max(privacy_caps.c.cap_micros)))).scalar_one()
        window: tuple[Charge, ...] = ()
        if detailed:
            rows = await connection.execute(sa.select(privacy_ledger).where(recent).order_by(table.charged_at))
            window = tuple(_charge(row) for row in rows.all())
            # What was charged since the sums were read counts in them too.
            since, spent = int(spent or 0), sum(charge.epsilon_micro for charge in window)
            lifetime = int(lifetime or 0) + spent - since
        return Account(now, max(self._cap_micro, raised or 0), int(spent or 0), int(lifetime or 0), window)

    async def room(self, connection: AsyncConnection, micro: int) -> Account:
        """Return the account; raises ResourceExhausted with what would fit where `micro` does not."""
        account = await self.account(connection)
        if not account.fits(micro):
            account = await self.account(connection, detailed=True)
        account.require(micro)
        return account

    async def charge(
        self, connection: AsyncConnection, question: Question, answer: Answer, release_id: str, actor: str
    ) -> Charge:
        """Append an entry; raises ResourceExhausted where it would pass the cap. The lock is held."""
        account = await self.room(connection, answer.epsilon_micro)
        period = question.period
        inserted = await connection.execute(
            privacy_ledger.insert()
            .values(
                release_id=release_id,
                kind=question.kind.value,
                grain=period.grain.value if period else None,
                period_start=micros(period.start) if period else None,
                revision=question.revision,
                epsilon_micros=answer.epsilon_micro,
                delta=answer.delta,
                actor=actor,
                charged_at=micros(account.now),
            )
            .returning(privacy_ledger.c.entry_id)
        )
        entry = int(inserted.scalar_one())
        return Charge(entry, release_id, question, answer.epsilon_micro, answer.delta, actor, account.now)

    async def raise_cap(self, connection: AsyncConnection, cap_micro: int, actor: str, purpose: str) -> None:
        """Append a higher cap."""
        now = await self._database.now(connection)
        await connection.execute(
            privacy_caps.insert().values(cap_micros=cap_micro, actor=actor, purpose=purpose, raised_at=micros(now))
        )

    async def charges(self, connection: AsyncConnection, which: ChargeFilter, limit: int) -> Sequence[Charge]:
        """Return at most `limit` charges, newest first."""
        table, kind, since, until = privacy_ledger.c, which.kind, which.since, which.until
        query = sa.select(privacy_ledger).order_by(table.entry_id.desc()).limit(limit)
        if which.before is not None:
            query = query.where(table.entry_id < which.before)
        if kind is not None:
            query = query.where(table.kind == kind.value)
        if since is not None:
            query = query.where(table.charged_at >= micros(since))
        if until is not None:
            query = query.where(table.charged_at < micros(until))
        return tuple(_charge(row) for row in (await connection.execute(query)).all())


def question_of(row: Any) -> Question:
    """Return the question of a row of the ledger or of the releases."""
    period = None if row.grain is None else Period(moment(row.period_start), Grain(row.grain))
    batch = "" if period else str(getattr(row, "question", "")).partition(":")[2]
    return Question(Kind(row.kind), period, row.revision, batch)


def _charge(row: Any) -> Charge:
    return Charge(
        row.entry_id,
        row.release_id,
        question_of(row),
        row.epsilon_micros,
        row.delta,
        row.actor,
        moment(row.charged_at),
    )
