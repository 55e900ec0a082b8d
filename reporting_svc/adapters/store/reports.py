"""The reports, and the queue that they are: holds with leases, writes fenced by tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import NotFound
from reporting_svc.adapters.store.acts import Acts
from reporting_svc.adapters.store.rows import paged, report_of, report_row
from reporting_svc.adapters.store.tables import discarded_folders, reports, schedule_runs
from reporting_svc.domain.job import Claim, Failure, Rendition, Report, State
from reporting_svc.domain.plain import to_plain
from reporting_svc.domain.report import ReportType
from reporting_svc.domain.schedule import RunState
from reporting_svc.store_ports import Once, Page, ReportQuestion
from reporting_svc.store_ports import Reports as ReportsPort

_OVER = tuple(state.value for state in State if state.over)
_ALL = sa.select(reports)
"""Made once: SQLAlchemy looks at each of its columns when it is made."""

STILL_WRITING = timedelta(minutes=10)
"""How long a worker may go on writing files of a report that was deleted while it was made."""

DELETED = Failure("report_deleted", "Its report was deleted before it was sent to everybody.")
EXPIRED = Failure("report_expired", "Its report was past its term before it was sent to everybody.")


@dataclass(frozen=True, slots=True)
class SqlReports(ReportsPort):
    """Reports in the database."""

    database: Database
    acts: Acts

    async def add(self, report: Report, once: Once) -> str:
        """Queue a report."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return answer
            await connection.execute(sa.insert(reports), report_row(report))
            details = {"report_id": report.report_id, "type": report.spec.report_type.value}
            await self.acts.done(connection, once, report.report_id, "report.requested", details)
        return report.report_id

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before."""
        if not once.request_id:
            return None
        async with self.database.read() as connection:
            return await self.acts.known(connection, once)

    async def get(self, report_id: str) -> Report:
        """Return a report."""
        async with self.database.read() as connection:
            return report_of(await _row(connection, report_id))

    async def list(self, question: ReportQuestion, page: Page) -> Sequence[Report]:
        """Return reports, newest first."""
        query = _ALL
        for column, wanted in (
            (reports.c.report_type, question.report_type),
            (reports.c.state, question.state),
            (reports.c.schedule_id, question.schedule_id),
            (reports.c.created_by, question.created_by),
        ):
            if wanted is not None:
                query = query.where(column == str(wanted))
        if not question.operational:
            query = query.where(sa.not_(reports.c.operational))
        if not question.players:
            query = query.where(reports.c.report_type == ReportType.SYSTEM_PERFORMANCE.value)
        async with self.database.read() as connection:
            query = query.where(reports.c.expires_at > await self.database.now(connection))
            rows = await connection.execute(paged(query, reports.c.created_at, reports.c.report_id, page))
            return [report_of(row) for row in rows]

    async def waiting(self) -> int:
        """Return how many are queued."""
        async with self.database.read() as connection:
            return await waiting(connection)

    async def cancel(self, report_id: str, by: str) -> Report:
        """Stop a report that is not over."""
        async with self.database.begin() as connection:
            await _row(connection, report_id)
            now = await self.database.now(connection)
            changed = await connection.execute(
                sa.update(reports)
                .where(reports.c.report_id == report_id, reports.c.state.not_in(_OVER))
                .values(state=State.CANCELLED.value, stage="Cancelled", finished_at=now, holder=None)
            )
            if changed.rowcount:
                await self.acts.note(connection, by, "report.cancelled", {"report_id": report_id})
            return report_of(await _row(connection, report_id))

    async def remove(self, report_id: str, by: str, once: Once) -> None:
        """Delete a report, and remember its folder until its files are gone."""
        async with self.database.begin() as connection:
            if await self.acts.answered(connection, once) is not None:
                return
            row = await _row(connection, report_id, lock=True)
            await connection.execute(sa.delete(reports).where(reports.c.report_id == report_id))
            await _discard(connection, [row], await self.database.now(connection))
            await _end_runs(connection, [report_id], await self.database.now(connection), DELETED)
            await self.acts.done(connection, once, report_id, "report.deleted", {"report_id": report_id})

    async def keep(self, report_id: str, rendition: Rendition) -> None:
        """Note a format that was rendered later."""
        async with self.database.begin() as connection:
            row = await _row(connection, report_id, lock=True)
            others = [one for one in row.renditions if one["format"] != rendition.format.value]
            await connection.execute(
                sa.update(reports)
                .where(reports.c.report_id == report_id)
                .values(renditions=[*others, to_plain(rendition)])
            )

    async def claim(self, holder: str, lease: timedelta, most_attempts: int) -> Claim | None:
        """Take the oldest report that waits, or whose holder has vanished."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            while True:
                row = (await connection.execute(_free(now))).one_or_none()
                if row is None:
                    return None
                if row.attempts < most_attempts:
                    break
                told = f"It was tried {row.attempts} times and its worker vanished each time."
                await _settle(connection, row.report_id, now, Failure("took_too_long", told))
            token = row.token + 1
            await connection.execute(
                sa.update(reports)
                .where(reports.c.report_id == row.report_id)
                .values(
                    state=State.RUNNING.value,
                    holder=holder,
                    token=token,
                    lease_until=now + lease,
                    attempts=row.attempts + 1,
                    progress=0.0,
                    stage="Taken by a worker",
                    started_at=row.started_at or now,
                )
            )
            return Claim(report_of(await _row(connection, row.report_id)), token)

    async def advance(self, claim: Claim, progress: float, stage: str, lease: timedelta) -> bool:
        """Note progress and renew the hold; a negative progress renews only."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            values: dict[str, Any] = {"lease_until": now + lease}
            if progress >= 0:
                values |= {"progress": progress, "stage": stage}
            done = await connection.execute(sa.update(reports).where(_held(claim)).values(**values))
            return done.rowcount == 1

    async def finish(
        self, claim: Claim, renditions: Sequence[Rendition], data_as_of: datetime, *, operational: bool
    ) -> bool:
        """Note that a report is done."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            done = await connection.execute(
                sa.update(reports)
                .where(_held(claim))
                .values(
                    state=State.DONE.value,
                    progress=1.0,
                    stage="Done",
                    finished_at=now,
                    data_as_of=data_as_of,
                    renditions=[to_plain(one) for one in renditions],
                    operational=operational,
                    holder=None,
                )
            )
            return done.rowcount == 1

    async def fail(self, claim: Claim, failure: Failure, again_after: timedelta | None) -> None:
        """Note that it failed, or put it back into the queue."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            values: dict[str, Any] = {
                "state": State.FAILED.value,
                "stage": "Failed",
                "finished_at": now,
                "failure_reason": failure.reason,
                "failure_message": failure.message,
                "holder": None,
            }
            if again_after is not None:
                values = {
                    "state": State.QUEUED.value,
                    "stage": "Waiting to be tried again",
                    "not_before": now + again_after,
                    "holder": None,
                }
            await connection.execute(sa.update(reports).where(_held(claim)).values(**values))

    async def discarded(self, limit: int) -> Sequence[str]:
        """Return folders of reports that are gone."""
        async with self.database.read() as connection:
            now = await self.database.now(connection)
            folders = discarded_folders.c
            query = sa.select(folders.folder).where(folders.not_before <= now).order_by(folders.not_before).limit(limit)
            return (await connection.execute(query)).scalars().all()

    async def forgotten(self, folders: Sequence[str]) -> None:
        """Note that their files are gone."""
        async with self.database.begin() as connection:
            await connection.execute(sa.delete(discarded_folders).where(discarded_folders.c.folder.in_(folders)))

    async def expire(self, limit: int) -> Sequence[str]:
        """Remove reports that are past their term; return their ids."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            old = (
                sa.select(reports.c.report_id, reports.c.state)
                .where(reports.c.expires_at <= now)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = (await connection.execute(old)).all()
            gone = [row.report_id for row in rows]
            await self.acts.idempotency.expire(connection)
            if gone:
                await connection.execute(sa.delete(reports).where(reports.c.report_id.in_(gone)))
                await _discard(connection, rows, now)
                await _end_runs(connection, gone, now, EXPIRED)
                await self.acts.note(connection, "system", "reports.expired", {"count": len(gone)})
        return gone


async def waiting(connection: AsyncConnection) -> int:
    """Return how many reports are queued."""
    query = sa.select(sa.func.count()).where(reports.c.state == State.QUEUED.value)
    return int((await connection.execute(query)).scalar_one())


async def _discard(connection: AsyncConnection, gone: Sequence[Any], now: datetime) -> None:
    """Remember the folders of reports that are deleted in this transaction."""
    insert = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(discarded_folders)
    rows = [{"folder": row.report_id, "not_before": now if row.state in _OVER else now + STILL_WRITING} for row in gone]
    await connection.execute(insert.on_conflict_do_nothing(), rows)


async def _end_runs(connection: AsyncConnection, gone: Sequence[str], now: datetime, failure: Failure) -> None:
    """End the runs that wait for reports which are no more."""
    await connection.execute(
        sa.update(schedule_runs)
        .where(schedule_runs.c.report_id.in_(gone), schedule_runs.c.state == RunState.RUNNING.value)
        .values(
            state=RunState.FAILED.value,
            finished_at=now,
            failure_reason=failure.reason,
            failure_message=failure.message,
            holder=None,
            lease_until=None,
        )
    )


async def _row(connection: AsyncConnection, report_id: str, *, lock: bool = False) -> Any:
    query = _ALL.where(reports.c.report_id == report_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound("report_not_found", "No report of that id; it may have expired. List them with ListReports.")
    return row


def _free(now: datetime) -> sa.Select[Any]:
    waits = sa.and_(reports.c.state == State.QUEUED.value, reports.c.not_before <= now)
    left = sa.and_(reports.c.state == State.RUNNING.value, reports.c.lease_until < now)
    order = (reports.c.not_before, reports.c.report_id)
    return _ALL.where(sa.or_(waits, left)).order_by(*order).limit(1).with_for_update(skip_locked=True)


def _held(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(
        reports.c.report_id == claim.report.report_id,
        reports.c.token == claim.token,
        reports.c.state == State.RUNNING.value,
    )


async def _settle(connection: AsyncConnection, report_id: str, now: datetime, failure: Failure) -> None:
    await connection.execute(
        sa.update(reports)
        .where(reports.c.report_id == report_id)
        .values(
            state=State.FAILED.value,
            stage="Failed",
            finished_at=now,
            failure_reason=failure.reason,
            failure_message=failure.message,
            holder=None,
        )
    )
