"""The queue of reports as gauges: how many in which state, and how long the oldest waits."""

from datetime import datetime

import sqlalchemy as sa

from mesh.database import Database
from mesh.figures import show
from mesh.telemetry import gauge
from reporting_svc.adapters.store.tables import reports, schedules
from reporting_svc.domain.job import State

REPORTS = gauge("reports", "Reports that are kept, by state", ["state"])
WAITING = gauge("report_oldest_waiting_seconds", "How long the oldest report waits for a worker")
LATE = gauge("schedule_oldest_due_seconds", "How late the schedule is that is most overdue")


class QueueFigures:
    """Reads the queue."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def __call__(self) -> None:
        """Set the gauges."""
        tally = sa.select(reports.c.state, sa.func.count().label("number")).group_by(reports.c.state)
        first = sa.select(sa.func.min(reports.c.created_at)).where(reports.c.state == State.QUEUED.value)
        due = sa.select(sa.func.min(schedules.c.next_tick))
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            found = (await connection.execute(tally)).all()
            oldest = (await connection.execute(first)).scalar_one()
            next_tick = (await connection.execute(due)).scalar_one()
        states: dict[tuple[str, ...], float] = {(row.state,): row.number for row in found}
        show(REPORTS, states, [(state.value,) for state in State])
        WAITING.set(_since(now, oldest))
        LATE.set(_since(now, next_tick))


def _since(now: datetime, then: datetime | None) -> float:
    return 0.0 if then is None else max(0.0, (now - then).total_seconds())
