"""Releases in SQL. A stored release never changes, so that what was read once is kept in memory."""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.ledger import Ledger, question_of
from aggregation_svc.adapters.pattern_codec import pattern_of, row_of, user_behavior_patterns
from aggregation_svc.adapters.refreshed import Refreshed
from aggregation_svc.adapters.release_codec import cell_of, figures_of
from aggregation_svc.adapters.release_tables import cohort_analysis, privacy_ledger, releases
from aggregation_svc.adapters.standby import ReadFirst
from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.moments import micros, moment
from aggregation_svc.domain.release_statistics import Cell
from aggregation_svc.domain.releases import Account, Answer, Charge, Kind, Question, Release
from aggregation_svc.ports import Act, Facts
from aggregation_svc.ports import Question as Request
from aggregation_svc.release_ports import ChargeFilter, Recording, ReleaseFilter, Releases
from mesh.audit import AuditLog, Entry
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.refusal import InvalidArgument, Violation

REMEMBERED = 64
"""Releases kept in memory with their cells."""
INDEX_SECONDS = 1.0
"""How often the list of releases is read: a release of another replica appears within twice this time."""

_HEADS = sa.select(releases, privacy_ledger.c.entry_id).join(
    privacy_ledger, privacy_ledger.c.release_id == releases.c.release_id
)


FactsOn = Callable[[AsyncConnection], Awaitable[Facts]]
"""An open transaction -> the tables of facts within it."""


async def _no_facts(connection: AsyncConnection) -> Facts:
    raise RuntimeError("this store of releases was given no tables of facts")


class SqlReleases(Releases):
    """The store on one database."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        audit: AuditLog,
        idempotency: Idempotency,
        standby: Database | None = None,
        *,
        facts: FactsOn = _no_facts,
    ) -> None:
        """Open transactions on `database`; what is stored, and decides no charge, is read from a `standby` first.

        `facts` writes what is recorded with an answer in that answer's transaction.
        """
        self._database, self._ledger, self._audit, self._idempotency = database, ledger, audit, idempotency
        self._facts = facts
        self._stored = ReadFirst(database, standby)
        self._remembered: OrderedDict[str, Release] = OrderedDict()
        self._settled: dict[str, Release] = {}
        """Releases of this process that the list, which may come from a standby, did not show yet."""
        self._index = Refreshed(self._heads, INDEX_SECONDS)

    async def now(self) -> datetime:
        """See the port."""
        async with self._database.read() as connection:
            return await self._database.now(connection)

    async def account(self) -> Account:
        """See the port."""
        async with self._database.read() as connection:
            return await self._ledger.account(connection, detailed=True)

    async def require_room(self, micro: int) -> None:
        """See the port."""
        async with self._database.read() as connection:
            await self._ledger.room(connection, micro)

    async def find(self, question: Question) -> Release | None:
        """See the port."""
        async with self._database.read() as connection:
            return await self._whole(connection, releases.c.question == question.name)

    async def get(self, release_id: str) -> Release | None:
        """See the port."""
        if found := self._remembered.get(release_id):
            self._remembered.move_to_end(release_id)
            return found
        return await self._stored.find(lambda connection: self._whole(connection, releases.c.release_id == release_id))

    async def last_revision(self, question: Question) -> int | None:
        """See the port."""
        if question.period is None:
            return None
        async with self._database.read() as connection:
            found = await connection.execute(
                sa.select(sa.func.max(releases.c.revision)).where(
                    releases.c.kind == question.kind.value,
                    releases.c.grain == question.period.grain.value,
                    releases.c.period_start == micros(question.period.start),
                )
            )
            last: int | None = found.scalar_one()
            return last

    async def listed(self, which: ReleaseFilter) -> Sequence[Release]:
        """See the port; at most twice `INDEX_SECONDS` old."""
        return tuple(release for release in await self._index.get() if _matches(release.question, which, release))

    async def settle(
        self, question: Question, answer: Answer, actor: str, act: Act, record: Recording | None = None
    ) -> Release:
        """See the port."""
        release_id = str(uuid.uuid4())
        rows = [_row(release_id, position, cell) for position, cell in enumerate(answer.cells)]
        async with self._database.begin() as connection:
            await self._ledger.lock(connection)
            winner = await self._whole(connection, releases.c.question == question.name)
            if winner is not None:
                return winner
            charge = await self._ledger.charge(connection, question, answer, release_id, actor)
            if record is not None:
                # The lock of facts comes after the account's and before the trail's, wherever two are held.
                await record(await self._facts(connection))
            await connection.execute(releases.insert().values(_head(release_id, question, answer, charge)))
            if rows:
                await connection.execute(cohort_analysis.insert(), rows)
            if answer.patterns:
                segments = [row_of(release_id, pattern) for pattern in answer.patterns]
                await connection.execute(user_behavior_patterns.insert(), segments)
            details = {"release_id": release_id, "ledger_entry_id": charge.entry_id, **act.details}
            await self._audit.append(connection, Entry(act.actor, act.action, None, details))
        release = Release(release_id, question, answer, charge.entry_id, charge.charged_at)
        self._remember(release)
        if self._stored.may_lag:
            self._settled[release_id] = release
        self._index.forget()
        return release

    async def tie(self, request: Request) -> None:
        """See the port."""
        async with self._database.begin() as connection:
            key = (request.caller, request.call, request.request_id, request.fingerprint)
            await self._idempotency.replay(connection, *key)

    async def raise_cap(self, cap_micro: int, actor: str, purpose: str, act: Act, request: Request | None) -> Account:
        """See the port."""
        async with self._database.begin() as connection:
            key = None if request is None else (request.caller, request.call, request.request_id, request.fingerprint)
            if key and await self._idempotency.replay(connection, *key) is not None:
                return await self._ledger.account(connection)
            await self._ledger.lock(connection)
            account = await self._ledger.account(connection)
            if cap_micro <= account.cap_micro:
                sentence = f"is not above the present cap of {account.cap_micro}"
                raise InvalidArgument(
                    "budget_not_raised",
                    f"cap_micros {sentence}; a cap is only ever raised.",
                    violations=[Violation("cap_micros", "budget.raised", sentence)],
                )
            await self._ledger.raise_cap(connection, cap_micro, actor, purpose)
            await self._audit.append(connection, Entry(act.actor, act.action, None, dict(act.details)))
            if key:
                await self._idempotency.remember(connection, *key, b"{}")
            return await self._ledger.account(connection)

    async def charges(self, which: ChargeFilter, limit: int) -> Sequence[Charge]:
        """See the port."""
        async with self._database.read() as connection:
            return await self._ledger.charges(connection, which, limit)

    async def _heads(self) -> tuple[Release, ...]:
        async def read(connection: AsyncConnection) -> tuple[Release, ...]:
            return tuple(_release(row) for row in (await connection.execute(_HEADS)).all())

        listed = await self._stored.find(read) or ()
        for shown in self._settled.keys() & {release.release_id for release in listed}:
            del self._settled[shown]
        return tuple(sorted((*self._settled.values(), *listed), key=lambda release: release.place, reverse=True))

    async def _whole(self, connection: AsyncConnection, which: sa.ColumnElement[bool]) -> Release | None:
        row = (await connection.execute(_HEADS.where(which))).one_or_none()
        if row is None:
            return None
        if found := self._remembered.get(row.release_id):
            return found
        table = cohort_analysis.c
        rows = (
            await connection.execute(
                sa.select(cohort_analysis).where(table.release_id == row.release_id).order_by(table.position)
            )
        ).all()
        # Thousands of figures: in a thread, so that no other call waits for them.
        cells = await asyncio.to_thread(lambda: tuple(_cell(one) for one in rows))
        segments = user_behavior_patterns.c
        patterns = await connection.execute(
            sa.select(user_behavior_patterns)
            .where(segments.release_id == row.release_id)
            .order_by(segments.pattern_type, segments.position)
        )
        head = _release(row)
        answer = replace(head.answer, cells=cells, patterns=tuple(pattern_of(one) for one in patterns.all()))
        release = replace(head, answer=answer)
        self._remember(release)
        return release

    def _remember(self, release: Release) -> None:
        self._remembered[release.release_id] = release
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def _matches(question: Question, which: ReleaseFilter, release: Release) -> bool:
    if which.kind is None:
        if question.kind is Kind.INLINE:
            return False
    elif question.kind is not which.kind:
        return False
    if question.period is None:
        since = which.since is None or release.created_at >= which.since
        return since and (which.until is None or release.created_at < which.until) and which.grain is None
    start = question.period.start
    return (
        (which.grain is None or question.period.grain is which.grain)
        and (which.since is None or start >= which.since)
        and (which.until is None or start < which.until)
    )


def _head(release_id: str, question: Question, answer: Answer, charge: Charge) -> dict[str, Any]:
    period = question.period
    return {
        "release_id": release_id,
        "question": question.name,
        "kind": question.kind.value,
        "grain": period.grain.value if period else None,
        "period_start": micros(period.start) if period else None,
        "revision": question.revision,
        "plan_version": answer.plan_version,
        "epsilon_micros": answer.epsilon_micro,
        "delta": answer.delta,
        "notes": list(answer.notes),
        "content": dict(answer.content),
        "created_at": micros(charge.charged_at),
    }


def _release(row: Any) -> Release:
    answer = Answer(row.plan_version, row.epsilon_micros, row.delta, (), tuple(row.notes), content=dict(row.content))
    return Release(row.release_id, question_of(row), answer, row.entry_id, moment(row.created_at))


def _row(release_id: str, position: int, cell: Cell) -> dict[str, Any]:
    return {
        "release_id": release_id,
        "position": position,
        "level": cell.level.value,
        "therapeutic_focus": cell.cohort.focus,
        "session_frequency": cell.cohort.frequency,
        "engagement_level": cell.cohort.level,
        "figures": figures_of(cell),
    }


def _cell(row: Any) -> Cell:
    cohort = Cohort(row.therapeutic_focus, row.session_frequency, row.engagement_level)
    return cell_of(row.level, cohort, row.figures)
