"""Players' facts for outcome models, in SQL: only of those who consent to analytics and to research."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.tables import FACTS, progress_snapshots, sessions, subjects, therapeutic_outcomes
from aggregation_svc.domain.prediction.facts import PlayerFacts
from aggregation_svc.prediction_ports import Histories
from mesh.database import Database

_SESSION = (
    sessions.c.started_at,
    sessions.c.therapeutic_focus,
    sessions.c.duration_minutes,
    sessions.c.interaction_count,
    sessions.c.therapeutic_interventions_count,
    sessions.c.progress_markers_count,
    sessions.c.engagement_score,
    sessions.c.sentiment_score,
)
_SNAPSHOT = (
    progress_snapshots.c.recorded_at,
    progress_snapshots.c.overall_progress,
    progress_snapshots.c.goal_completion_rate,
)
_OUTCOME = (
    therapeutic_outcomes.c.recorded_at,
    therapeutic_outcomes.c.outcome_category,
    therapeutic_outcomes.c.score,
    therapeutic_outcomes.c.instrument,
)
_CONSENTED = sa.and_(subjects.c.analytics_consent, subjects.c.research_consent)


class SqlHistories(Histories):
    """Reads one database, a part at a time, so that no transaction holds others up."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def consented(self, after: int | None, limit: int) -> Sequence[int]:
        """See the port."""
        query = sa.select(subjects.c.subject_id).where(_CONSENTED).order_by(subjects.c.subject_id).limit(limit)
        if after is not None:
            query = query.where(subjects.c.subject_id > after)
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalars().all()

    async def of(self, subject_ids: Sequence[int]) -> Sequence[PlayerFacts]:
        """See the port; consent is that of the moment of reading for everybody but a single subject."""
        found = {subject_id: PlayerFacts(subject_id) for subject_id in sorted(subject_ids)}
        async with self._database.read() as connection:
            for row in await _rows(connection, sessions, _SESSION, subject_ids):
                found[row[0]].sessions.append(tuple(row[1:]))
            for row in await _rows(connection, progress_snapshots, _SNAPSHOT, subject_ids):
                found[row[0]].snapshots.append(tuple(row[1:]))
            for row in await _rows(connection, therapeutic_outcomes, _OUTCOME, subject_ids):
                found[row[0]].outcomes.append(tuple(row[1:]))
        return [facts for facts in found.values() if facts.first() is not None]

    async def entered(self, since: int, until: int, limit: int) -> Sequence[int]:
        """See the port."""
        some = sa.union(
            *(
                sa.select(table.c.subject_id).where(table.c[time] >= since, table.c[time] <= until)
                for table, time in FACTS
            )
        ).subquery()
        query = (
            sa.select(subjects.c.subject_id)
            .join(some, some.c.subject_id == subjects.c.subject_id)
            .where(_CONSENTED, *(~_fact_before(table, time, since) for table, time in FACTS))
            .order_by(subjects.c.subject_id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalars().all()


def _fact_before(table: sa.Table, time: str, since: int) -> sa.ColumnElement[bool]:
    mine = table.c.subject_id == subjects.c.subject_id
    return sa.select(table.c.subject_id).where(mine, table.c[time] < since).exists()


async def _rows(
    connection: AsyncConnection, table: sa.Table, columns: Sequence[sa.Column[Any]], subject_ids: Sequence[int]
) -> Sequence[Any]:
    query = sa.select(table.c.subject_id, *columns).where(table.c.subject_id.in_(subject_ids))
    return (await connection.execute(query)).all()
