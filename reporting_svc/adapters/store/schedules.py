"""Schedules and their runs: one row a tick whatever the number of replicas, work on them held and fenced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import Aborted, NotFound
from reporting_svc.adapters.store.acts import Acts
from reporting_svc.adapters.store.reports import waiting
from reporting_svc.adapters.store.rows import paged, report_of, report_row, run_of, run_row
from reporting_svc.adapters.store.tables import reports, schedule_runs, schedules
from reporting_svc.domain.job import Failure, Report, State
from reporting_svc.domain.plain import from_plain, to_plain
from reporting_svc.domain.schedule import Run, RunState, Schedule
from reporting_svc.store_ports import Most, Once, Page, RunClaim, TickPlan
from reporting_svc.store_ports import Schedules as SchedulesPort

_OVER = tuple(state.value for state in State if state.over)


@dataclass(frozen=True, slots=True)
class SqlSchedules(SchedulesPort):
    """Schedules in the database."""

    database: Database
    acts: Acts

    async def add(self, schedule: Schedule, next_tick: datetime | None, once: Once) -> str:
        """Keep a new one."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return answer
            values = _row(schedule, next_tick) | {
                "schedule_id": schedule.schedule_id,
                "created_by": schedule.created_by,
                "created_at": schedule.created_at,
            }
            await connection.execute(sa.insert(schedules).values(**values))
            details = {"schedule_id": schedule.schedule_id}
            await self.acts.done(connection, once, schedule.schedule_id, "schedule.created", details)
        return schedule.schedule_id

    async def answered(self, once: Once) -> str | None:
        """Return what this very request was answered before."""
        async with self.database.read() as connection:
            return await self.acts.known(connection, once)

    async def get(self, schedule_id: str) -> Schedule:
        """Return one."""
        query = sa.select(schedules.c.content).where(schedules.c.schedule_id == schedule_id)
        async with self.database.read() as connection:
            content = (await connection.execute(query)).scalar_one_or_none()
        if content is None:
            raise NotFound("schedule_not_found", "No schedule of that id. List them with ListSchedules.")
        return from_plain(Schedule, content)

    async def list(self, created_by: str | None, page: Page) -> Sequence[Schedule]:
        """Return somebody's, newest first."""
        query = sa.select(schedules.c.content)
        if created_by is not None:
            query = query.where(schedules.c.created_by == created_by)
        query = paged(query, schedules.c.created_at, schedules.c.schedule_id, page)
        async with self.database.read() as connection:
            return [from_plain(Schedule, row.content) for row in await connection.execute(query)]

    async def save(self, schedule: Schedule, next_tick: datetime | None, expected: int, once: Once) -> int:
        """Replace one."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return int(answer)
            saved = await connection.execute(
                sa.update(schedules)
                .where(schedules.c.schedule_id == schedule.schedule_id, schedules.c.version == expected)
                .values(**_row(schedule, next_tick))
            )
            if saved.rowcount != 1:
                raise Aborted("version_conflict", "Somebody saved this schedule in between; read it again.")
            details = {"schedule_id": schedule.schedule_id, "version": schedule.version}
            await self.acts.done(connection, once, str(schedule.version), "schedule.saved", details)
        return schedule.version

    async def remove(self, schedule_id: str, by: str, once: Once) -> None:
        """Delete one; its runs go with it."""
        async with self.database.begin() as connection:
            if await self.acts.answered(connection, once) is not None:
                return
            for table in (schedule_runs, schedules):
                await connection.execute(sa.delete(table).where(table.c.schedule_id == schedule_id))
            await self.acts.done(connection, once, "", "schedule.deleted", {"schedule_id": schedule_id, "by": by})

    async def due(self, plan: TickPlan, most: Most) -> int:
        """Record due ticks with their reports, each tick once; every schedule gets a fair share of the look."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            query = (
                sa.select(schedules)
                .where(schedules.c.next_tick <= now)
                .order_by(schedules.c.next_tick)
                .limit(most.schedules)
                .with_for_update(skip_locked=True)
            )
            rows = (await connection.execute(query)).all()
            if not rows:
                return 0
            room = most.waiting - await waiting(connection)
            share = max(1, most.ticks // len(rows))
            pairs: list[tuple[Run, Report | None]] = []
            for row in rows:
                runs, following = plan(from_plain(Schedule, row.content), row.next_tick, now, share, max(0, room))
                if not runs:
                    continue
                pairs += runs
                room -= sum(1 for _, report in runs if report is not None)
                await connection.execute(
                    sa.update(schedules).where(schedules.c.schedule_id == row.schedule_id).values(next_tick=following)
                )
            await _record(connection, pairs, now)
        return len(pairs)

    async def run_now(self, run: Run, report: Report, once: Once) -> str:
        """Record a run asked for by hand with its report."""
        async with self.database.begin() as connection:
            if (answer := await self.acts.answered(connection, once)) is not None:
                return answer
            await _record(connection, [(run, report)], report.created_at)
            details = {"schedule_id": run.schedule_id, "run_id": run.run_id}
            await self.acts.done(connection, once, run.run_id, "schedule.run", details)
        return run.run_id

    async def run(self, run_id: str) -> Run:
        """Return a run."""
        async with self.database.read() as connection:
            query = sa.select(schedule_runs).where(schedule_runs.c.run_id == run_id)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound("run_not_found", "No run of that id. List them with ListScheduleRuns.")
        return run_of(row)

    async def runs(self, schedule_id: str, page: Page) -> Sequence[Run]:
        """Return the runs of a schedule, newest first."""
        query = sa.select(schedule_runs).where(schedule_runs.c.schedule_id == schedule_id)
        query = paged(query, schedule_runs.c.tick, schedule_runs.c.run_id, page)
        async with self.database.read() as connection:
            return [run_of(row) for row in await connection.execute(query)]

    async def claim_finished(self, holder: str, lease: timedelta) -> RunClaim | None:
        """Take a run whose report is over and that nobody holds."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            free = sa.or_(schedule_runs.c.lease_until.is_(None), schedule_runs.c.lease_until < now)
            query = (
                sa.select(schedule_runs)
                .join(reports, reports.c.report_id == schedule_runs.c.report_id)
                .where(
                    schedule_runs.c.state == RunState.RUNNING.value,
                    schedule_runs.c.not_before <= now,
                    free,
                    reports.c.state.in_(_OVER),
                )
                .order_by(schedule_runs.c.not_before)
                .limit(1)
                .with_for_update(skip_locked=True, of=schedule_runs)
            )
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            await connection.execute(
                sa.update(schedule_runs)
                .where(schedule_runs.c.run_id == row.run_id)
                .values(holder=holder, token=row.token + 1, lease_until=now + lease, attempts=row.attempts + 1)
            )
            report = sa.select(reports).where(reports.c.report_id == row.report_id)
            content = sa.select(schedules.c.content).where(schedules.c.schedule_id == row.schedule_id)
            found = (await connection.execute(content)).scalar_one_or_none()
            return RunClaim(
                run_of(row),
                None if found is None else from_plain(Schedule, found),
                report_of((await connection.execute(report)).one()),
                row.token + 1,
                row.attempts + 1,
            )

    async def handed_over(self, claim: RunClaim, count: int, lease: timedelta) -> bool:
        """Note deliveries and renew the hold."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            noted = await connection.execute(
                sa.update(schedule_runs).where(_held(claim)).values(handed_over=count, lease_until=now + lease)
            )
            return noted.rowcount == 1

    async def expire(self, kept: timedelta, limit: int) -> int:
        """Remove runs that ended so long ago, at most `limit`, and leave an audit entry."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            ended = (
                sa.select(schedule_runs.c.run_id)
                .where(schedule_runs.c.finished_at <= now - kept)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            gone = (await connection.execute(ended)).scalars().all()
            if gone:
                await connection.execute(sa.delete(schedule_runs).where(schedule_runs.c.run_id.in_(gone)))
                await self.acts.note(connection, "system", "schedule_runs.expired", {"count": len(gone)})
        return len(gone)

    async def settle(self, claim: RunClaim, failure: Failure | None, again_after: timedelta | None) -> None:
        """Note that a run is done or failed, or let it be tried again."""
        async with self.database.begin() as connection:
            now = await self.database.now(connection)
            values: dict[str, Any] = {"state": RunState.DONE.value, "finished_at": now}
            if failure is not None:
                values = {
                    "state": RunState.FAILED.value,
                    "finished_at": now,
                    "failure_reason": failure.reason,
                    "failure_message": failure.message,
                }
            if again_after is not None:
                values = {"not_before": now + again_after}
            values |= {"holder": None, "lease_until": None}
            await connection.execute(sa.update(schedule_runs).where(_held(claim)).values(**values))


def _row(schedule: Schedule, next_tick: datetime | None) -> dict[str, Any]:
    return {
        "content": to_plain(schedule),
        "dashboard_id": schedule.spec.dashboard_id,
        "version": schedule.version,
        "next_tick": next_tick,
    }


def _held(claim: RunClaim) -> sa.ColumnElement[bool]:
    return sa.and_(
        schedule_runs.c.run_id == claim.run.run_id,
        schedule_runs.c.token == claim.token,
        schedule_runs.c.state == RunState.RUNNING.value,
    )


async def _record(connection: AsyncConnection, pairs: Sequence[tuple[Run, Report | None]], now: datetime) -> None:
    """Insert runs and their reports; a tick that is there already stays as it is, and its report is not made again."""
    if not pairs:
        return
    insert = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(schedule_runs)
    fresh = insert.on_conflict_do_nothing().returning(schedule_runs.c.run_id)
    made = set((await connection.execute(fresh, [run_row(run, now) for run, _ in pairs])).scalars())
    rows = [report_row(report) for run, report in pairs if report is not None and run.run_id in made]
    if rows:
        await connection.execute(sa.insert(reports), rows)
