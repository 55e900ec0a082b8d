"""Events that name a player whose alert does not: no seal says who it was, so that no newer key could find them."""

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.erasing import CHUNK, erase
from monitoring_svc.adapters.store.tables import alert_events, alerts

STEP = 5000
"""Positions looked at in one statement."""


async def erase_orphaned(database: Database) -> None:
    """Take the player out of what tells of alerts that have gone, or that an erasure which was cut off stripped."""
    position, place = 0, alert_events.c.position
    known = sa.exists().where(
        alerts.c.alert_id == alert_events.c.alert_id,
        sa.or_(alerts.c.subject.is_not(None), sa.not_(alerts.c.is_resolved)),
    )
    while True:
        some = sa.select(place).where(place > position).order_by(place).limit(STEP).subquery()
        async with database.read() as connection:
            end = (await connection.execute(sa.select(sa.func.max(some.c.position)))).scalar_one()
            if end is None:
                return
            orphaned = sa.select(alert_events.c.alert_id).where(
                place > position, place <= end, alert_events.c.subject.is_not(None), ~known
            )
            ids = list((await connection.execute(orphaned.distinct())).scalars())
        for start in range(0, len(ids), CHUNK):
            await erase(database, ids[start : start + CHUNK])
        position = end
