"""Models in SQL."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.model_codec import drift_row, model_of
from aggregation_svc.adapters.prediction_tables import (
    predictive_model_subjects,
    predictive_models,
    predictive_trainings,
)
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.trainings import Model, ModelState, TrainingSpec, spec_of
from aggregation_svc.ports import Act
from aggregation_svc.prediction_ports import Models
from mesh.database import Database

AT_ONCE = 500
_HEAD = [column for column in predictive_models.columns if column.name != "content"]


class SqlModels(Models):
    """The store on one database."""

    def __init__(self, database: Database, store: SqlStore) -> None:
        """Read `database`; what is audited goes through the transactions of `store`."""
        self._database, self._store = database, store

    async def listed(
        self, model_name: str | None, state: ModelState | None, before: int | None, limit: int
    ) -> Sequence[Model]:
        """See the port."""
        table = predictive_models.c
        query = sa.select(*_HEAD).order_by(table.position.desc()).limit(limit)
        if model_name is not None:
            query = query.where(table.model_name == model_name)
        if state is not None:
            query = query.where(table.state == state.value)
        if before is not None:
            query = query.where(table.position < before)
        async with self._database.read() as connection:
            return [model_of(row) for row in await connection.execute(query)]

    async def get(self, model_id: str) -> Model | None:
        """See the port."""
        return await self._one(predictive_models.c.model_id == model_id)

    async def answering(self, model_name: str) -> Model | None:
        """See the port."""
        table = predictive_models.c
        states = [ModelState.ACTIVE.value, ModelState.STALE.value]
        return await self._one(sa.and_(table.model_name == model_name, table.state.in_(states)))

    async def _one(self, which: sa.ColumnElement[bool]) -> Model | None:
        query = sa.select(*_HEAD).where(which).order_by(predictive_models.c.position.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else model_of(row)

    async def content(self, model_id: str) -> bytes | None:
        """See the port."""
        query = sa.select(predictive_models.c.content).where(predictive_models.c.model_id == model_id)
        async with self._database.read() as connection:
            found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return found

    async def watched(self, model_id: str, drift: Drift) -> None:
        """See the port."""
        async with self._database.begin() as connection:
            await connection.execute(
                sa.update(predictive_models)
                .where(predictive_models.c.model_id == model_id)
                .values(drift=drift_row(drift))
            )

    async def retire(self, model_id: str, note: str, act: Act) -> None:
        """See the port."""
        whom = predictive_model_subjects
        async with self._store.facts() as facts:
            await facts.connection.execute(
                sa.update(predictive_models)
                .where(predictive_models.c.model_id == model_id)
                .values(state=ModelState.RETIRED.value, content=None, note=note)
            )
            await facts.connection.execute(sa.delete(whom).where(whom.c.model_id == model_id))
            await facts.record(act)

    async def learned_from(self, model_id: str, subject_ids: Sequence[int]) -> frozenset[int]:
        """See the port."""
        whom, found = predictive_model_subjects.c, set[int]()
        async with self._database.read() as connection:
            for first in range(0, len(subject_ids), AT_ONCE):
                part = subject_ids[first : first + AT_ONCE]
                query = sa.select(whom.subject_id).where(whom.model_id == model_id, whom.subject_id.in_(part))
                found.update((await connection.execute(query)).scalars())
        return frozenset(found)

    async def predicted(self, act: Act) -> None:
        """See the port."""
        async with self._store.facts() as facts:
            await facts.record(act)

    async def trained_since(self, spec: TrainingSpec, since: datetime) -> bool:
        """See the port."""
        table = predictive_trainings.c
        query = sa.select(table.spec).where(table.model_name == spec.model_name, table.created_at >= micros(since))
        async with self._database.read() as connection:
            return any(spec_of(found) == spec for found in (await connection.execute(query)).scalars())
