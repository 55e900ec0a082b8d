"""Trainings in SQL: one open at a time, run under a lease whose token fences a holder that slept."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.fact_store import SqlFacts, SqlStore
from aggregation_svc.adapters.model_codec import model_of, packed, training_of
from aggregation_svc.adapters.model_marks import STALE
from aggregation_svc.adapters.prediction_tables import (
    predictive_model_subjects,
    predictive_models,
    predictive_trainings,
)
from aggregation_svc.adapters.tables import leases, subjects
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction.trainings import (
    Learned,
    Model,
    ModelState,
    Training,
    TrainingSpec,
    TrainingState,
)
from aggregation_svc.ports import Act, Question
from aggregation_svc.prediction_ports import Claimed, Trainings
from mesh.database import Database, clock
from mesh.leases import claim, kept, require
from mesh.refusal import FailedPrecondition

LEASE = "training"
INTERRUPTED = "The process that trained it ended before it was done. Train again."
SUBJECTS_AT_ONCE = 500


class SqlTrainings(Trainings):
    """The store on one database."""

    def __init__(self, database: Database, store: SqlStore, hold: timedelta = timedelta(seconds=30)) -> None:
        """Work on `database`, and on the transactions of `store`; `hold` is how long a dead holder is waited for."""
        self._database, self._store, self._hold = database, store, hold
        self._holder = secrets.token_hex(8)
        self._lease: Any = None

    async def begin(self, training: Training, act: Act, question: Question | None) -> Training:
        """See the port."""
        try:
            async with self._store.facts() as facts:
                if question and (answer := await facts.replayed(question)) is not None:
                    return await self._required(facts.connection, answer["training_id"])
                await facts.connection.execute(sa.insert(predictive_trainings).values(_row(training)))
                await facts.record(act)
                if question:
                    await facts.remember(question, {"training_id": training.training_id})
        except IntegrityError as error:
            raise FailedPrecondition(
                "training_running",
                "Another training is open. Wait until it has ended, or cancel it with CancelTraining.",
            ) from error
        return training

    async def get(self, training_id: str) -> Training | None:
        """See the port."""
        async with self._database.read() as connection:
            return await self._found(connection, training_id)

    async def cancel(self, training_id: str, at: datetime, act: Act) -> Training | None:
        """See the port."""
        async with self._store.facts() as facts:
            ended = _ended(TrainingState.CANCELLED, at, message="Cancelled.")
            statement = sa.update(predictive_trainings).where(
                predictive_trainings.c.training_id == training_id, predictive_trainings.c.slot == 1
            )
            if (await facts.connection.execute(statement.values(ended))).rowcount:
                await facts.record(act)
            return await self._found(facts.connection, training_id)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Claimed | None]:
        """See the port."""
        async with self._database.read() as connection:
            waiting = sa.select(predictive_trainings.c.training_id).where(predictive_trainings.c.slot == 1)
            if (await connection.execute(waiting)).first() is None:
                yield Claimed(None, 0)
                return
        async with self._database.begin() as connection:
            lease = await claim(connection, leases, LEASE, self._holder, self._hold)
        if lease is None:
            yield None
            return
        async with kept(self._database, leases, lease, self._hold):
            self._lease = lease
            yield Claimed(await self._next(lease.token), lease.token)

    async def _next(self, token: int) -> Training | None:
        async with self._store.facts() as facts:
            now = await clock(facts.connection)
            await require(facts.connection, leases, self._lease)
            left = sa.update(predictive_trainings).where(
                predictive_trainings.c.slot == 1, predictive_trainings.c.state == TrainingState.RUNNING.value
            )
            ended = _ended(TrainingState.FAILED, now, reason="interrupted", message=INTERRUPTED)
            lost = await facts.connection.execute(left.values(ended).returning(predictive_trainings.c.training_id))
            for training_id in lost.scalars().all():
                await facts.record(_failure(training_id, "interrupted"))
            begun = (
                sa.update(predictive_trainings)
                .where(predictive_trainings.c.slot == 1)
                .values(state=TrainingState.RUNNING.value, token=token, message="Reading players' facts.")
                .returning(predictive_trainings)
            )
            row = (await facts.connection.execute(begun)).one_or_none()
            return None if row is None else training_of(row)

    async def advance(self, training_id: str, token: int, progress: float, message: str) -> bool:
        """See the port."""
        async with self._database.begin() as connection:
            mine = sa.update(predictive_trainings).where(_mine(training_id, token))
            return (await connection.execute(mine.values(progress=progress, message=message))).rowcount == 1

    async def fail(self, training_id: str, token: int, reason: str, message: str) -> None:
        """See the port."""
        async with self._store.facts() as facts:
            ended = _ended(TrainingState.FAILED, await clock(facts.connection), reason=reason, message=message)
            mine = sa.update(predictive_trainings).where(_mine(training_id, token))
            if (await facts.connection.execute(mine.values(ended))).rowcount:
                await facts.record(_failure(training_id, reason))

    async def succeed(self, training_id: str, token: int, learned: Learned, model_id: str) -> Model | None:
        """See the port."""
        content = packed(learned.content)
        async with self._store.facts() as facts:
            now = await clock(facts.connection)
            await require(facts.connection, leases, self._lease)
            ended = _ended(TrainingState.SUCCEEDED, now, message=learned.note, model_id=model_id, progress=1.0)
            mine = sa.update(predictive_trainings).where(_mine(training_id, token))
            row = (await facts.connection.execute(mine.values(ended).returning(predictive_trainings))).one_or_none()
            if row is None:
                return None
            spec = training_of(row).spec
            standing = await _standing(facts, learned.subjects)
            state = ModelState.ACTIVE if learned.passes else ModelState.REJECTED
            if learned.passes and len(standing) < len(learned.subjects):
                state = ModelState.STALE
            return await _store(facts, spec, learned, model_id, state, standing, content, now)

    async def _required(self, connection: AsyncConnection, training_id: str) -> Training:
        row = await connection.execute(
            sa.select(predictive_trainings).where(predictive_trainings.c.training_id == training_id)
        )
        return training_of(row.one())

    async def _found(self, connection: AsyncConnection, training_id: str) -> Training | None:
        query = sa.select(predictive_trainings).where(predictive_trainings.c.training_id == training_id)
        row = (await connection.execute(query)).one_or_none()
        return None if row is None else training_of(row)


async def _standing(facts: SqlFacts, subject_ids: frozenset[int]) -> list[int]:
    """Return those who still consent; nobody withdraws while this transaction runs."""
    ordered, standing = sorted(subject_ids), list[int]()
    for first in range(0, len(ordered), SUBJECTS_AT_ONCE):
        query = sa.select(subjects.c.subject_id).where(
            subjects.c.subject_id.in_(ordered[first : first + SUBJECTS_AT_ONCE]),
            subjects.c.analytics_consent,
            subjects.c.research_consent,
        )
        standing += (await facts.connection.execute(query)).scalars().all()
    return standing


async def _store(
    facts: SqlFacts,
    spec: TrainingSpec,
    learned: Learned,
    model_id: str,
    state: ModelState,
    standing: list[int],
    content: bytes,
    now: datetime,
) -> Model:
    table, connection = predictive_models, facts.connection
    last = sa.select(sa.func.max(table.c.version)).where(table.c.model_name == spec.model_name)
    version = ((await connection.execute(last)).scalar_one() or 0) + 1
    if state is not ModelState.REJECTED:
        await _retire_forerunners(facts, spec.model_name, version)
    whole = state is not ModelState.REJECTED or len(standing) == len(learned.subjects)
    row = await connection.execute(
        sa.insert(table)
        .values(
            model_id=model_id,
            model_name=spec.model_name,
            version=version,
            state=state.value,
            algorithm=learned.algorithm.value,
            spec=spec.stored(),
            metrics=[asdict(metric) for metric in learned.metrics],
            calibration=[asdict(one) for one in learned.calibration],
            importance=[list(one) for one in learned.importance],
            reference=dict(learned.reference),
            content=content if whole else None,
            note=STALE if state is ModelState.STALE else learned.note,
            stale_since=micros(now) if state is ModelState.STALE else None,
            created_at=micros(now),
        )
        .returning(table)
    )
    model = model_of(row.one())
    rows = [{"subject_id": subject_id, "model_id": model_id} for subject_id in standing]
    for first in range(0, len(rows), SUBJECTS_AT_ONCE):
        await connection.execute(sa.insert(predictive_model_subjects), rows[first : first + SUBJECTS_AT_ONCE])
    details = {"model_id": model_id, "model_name": spec.model_name, "version": version, "state": state.value}
    await facts.record(Act("system", "model_stored", None, details))
    return model


async def _retire_forerunners(facts: SqlFacts, model_name: str, version: int) -> None:
    table, whom = predictive_models, predictive_model_subjects
    before = (
        sa.update(table)
        .where(
            table.c.model_name == model_name,
            table.c.state.in_([ModelState.ACTIVE.value, ModelState.STALE.value]),
        )
        .values(state=ModelState.RETIRED.value, content=None, note=f"Replaced by version {version}.")
        .returning(table.c.model_id)
    )
    for model_id in (await facts.connection.execute(before)).scalars().all():
        await facts.connection.execute(sa.delete(whom).where(whom.c.model_id == model_id))
        await facts.record(Act("system", "model_retired", None, {"model_id": model_id}))


def _mine(training_id: str, token: int) -> sa.ColumnElement[bool]:
    table = predictive_trainings.c
    return sa.and_(table.training_id == training_id, table.slot == 1, table.token == token)


def _ended(state: TrainingState, at: datetime, **values: Any) -> dict[str, Any]:
    return {"state": state.value, "slot": None, "finished_at": micros(at), **values}


def _failure(training_id: str, reason: str) -> Act:
    return Act("system", "training_failed", None, {"training_id": training_id, "reason": reason})


def _row(training: Training) -> dict[str, Any]:
    return {
        "training_id": training.training_id,
        "model_name": training.spec.model_name,
        "spec": training.spec.stored(),
        "state": training.state.value,
        "slot": 1,
        "progress": training.progress,
        "message": training.message,
        "reason": "",
        "actor": training.actor,
        "created_at": micros(training.created_at),
    }
