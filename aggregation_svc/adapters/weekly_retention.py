"""Retention in SQL: own weeks since each consented subject's first session."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.tables import sessions, subjects
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.periods import Period

WEEK = 7 * 86_400 * 1_000_000
"""Microseconds of a week."""


async def retention_counts(connection: AsyncConnection, period: Period, weeks: int) -> list[int]:
    """Return the subjects whose first session lies in the period, then how many were active in own weeks 0 to W - 1."""
    entered = (
        sa.select(sessions.c.subject_id, sa.func.min(sessions.c.started_at).label("first"))
        .join(subjects, subjects.c.subject_id == sessions.c.subject_id)
        .where(subjects.c.analytics_consent)
        .group_by(sessions.c.subject_id)
        .having(
            sa.func.min(sessions.c.started_at) >= micros(period.start),
            sa.func.min(sessions.c.started_at) < micros(period.end),
        )
        .subquery("entered")
    )
    week = ((sessions.c.started_at - entered.c.first) // WEEK).label("week")
    query = (
        sa.select(week, sa.func.count(sessions.c.subject_id.distinct()))
        .join(entered, entered.c.subject_id == sessions.c.subject_id)
        .where(sessions.c.started_at - entered.c.first < weeks * WEEK)
        .group_by(week)
    )
    active: dict[int, int] = {row[0]: row[1] for row in (await connection.execute(query)).all()}
    return [active.get(0, 0), *(active.get(number, 0) for number in range(weeks))]
