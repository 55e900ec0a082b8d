"""What one player did, in SQL: by the subject, the front of every key of facts."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.tables import progress_snapshots, sessions
from aggregation_svc.domain.moments import micros, moment
from aggregation_svc.domain.progress_viz import PlayedSession, Progress
from aggregation_svc.ports import Diary


class SqlDiary(Diary):
    """Reads from the store of facts."""

    def __init__(self, store: SqlStore) -> None:
        """Read from `store`."""
        self._store = store

    async def of(
        self, canonical_id: str, since: datetime, until: datetime
    ) -> tuple[Sequence[PlayedSession], Sequence[Progress]]:
        """Read both tables in one view."""
        first, last = micros(since), micros(until)
        async with self._store.view() as facts:
            subject = (await facts.subjects([canonical_id])).get(canonical_id)
            if subject is None:
                return (), ()
            played = sa.select(
                sessions.c.started_at,
                sessions.c.duration_minutes,
                sessions.c.interaction_count,
                sessions.c.engagement_score,
                sessions.c.sentiment_score,
            ).where(
                sessions.c.subject_id == subject.subject_id,
                sessions.c.started_at >= first,
                sessions.c.started_at < last,
            )
            stood = sa.select(
                progress_snapshots.c.recorded_at,
                progress_snapshots.c.overall_progress,
                progress_snapshots.c.goal_completion_rate,
            ).where(
                progress_snapshots.c.subject_id == subject.subject_id,
                progress_snapshots.c.recorded_at >= first,
                progress_snapshots.c.recorded_at < last,
            )
            return (
                [PlayedSession(moment(row[0]), *row[1:]) for row in await facts.connection.execute(played)],
                [Progress(moment(row[0]), *row[1:]) for row in await facts.connection.execute(stood)],
            )
