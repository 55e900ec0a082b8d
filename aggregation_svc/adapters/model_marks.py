"""What becomes of models when somebody whom they learned from is erased or withdraws."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from aggregation_svc.adapters.prediction_tables import predictive_model_subjects, predictive_models
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction.trainings import ModelState
from mesh.audit import AuditLog, Entry
from mesh.database import clock

STALE = "Somebody it learned from was erased or withdrew; it is retrained soon, or retired."
GONE = "Somebody it learned from was erased or withdrew; its numbers are deleted."


async def disown(connection: AsyncConnection, audit: AuditLog, subject_id: int) -> int:
    """Mark the models that learned from a subject, and forget that they did; return how many there were.

    One that answers becomes stale until it is retrained or retired. One that was rejected loses its numbers.
    """
    table, whom = predictive_models, predictive_model_subjects
    used = sa.select(whom.c.model_id).where(whom.c.subject_id == subject_id)
    answering = (
        sa.update(table)
        .where(table.c.model_id.in_(used), table.c.state == ModelState.ACTIVE.value)
        .values(state=ModelState.STALE.value, stale_since=micros(await clock(connection)), note=STALE)
        .returning(table.c.model_id)
    )
    stale = (await connection.execute(answering)).scalars().all()
    for model_id in stale:
        await audit.append(connection, Entry("system", "model_stale", details={"model_id": model_id}))
    others = (
        sa.update(table)
        .where(table.c.model_id.in_(used), table.c.state == ModelState.REJECTED.value)
        .values(state=ModelState.RETIRED.value, note=GONE, content=None)
    )
    await connection.execute(others)
    gone = await connection.execute(sa.delete(whom).where(whom.c.subject_id == subject_id))
    return gone.rowcount
