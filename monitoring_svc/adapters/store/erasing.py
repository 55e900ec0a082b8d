"""Takes an erased player out of alerts that are resolved, a few rows at a time: new alerts do not wait for it.

Of an alert first its own row, then its messages, then its events. The events tell which alerts were a player's, so that
what was interrupted goes on when the erasure is asked for again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.columns import Json
from mesh.database import Database
from monitoring_svc.adapters.store.tables import alert_events, alert_log, alerts, deliveries
from monitoring_svc.domain.book import STORM_GROUP
from monitoring_svc.domain.delivery import DeliveryState

CHUNK = 500
"""Rows in one transaction."""
_PERSONAL = ("subject_pseudonym", "data", "labels")


async def hold_log(connection: AsyncConnection) -> None:
    """Take the log's row until the transaction ends: whoever read the log before reads it anew, and what we write.

    Every new alert needs that row: nothing may be waited for with it.
    """
    await connection.execute(sa.update(alert_log).values(head=alert_log.c.head))


async def erase(database: Database, alert_ids: Sequence[str]) -> None:
    """Take the player out of at most `CHUNK` alerts, all resolved."""
    async with database.begin() as connection:
        await connection.execute(
            sa.update(alerts)
            .where(alerts.c.alert_id.in_(alert_ids))
            .values(subject=None, sealed_subject=None, data={}, fingerprint="erased")
        )
        await hold_log(connection)
    await _change(database, deliveries, alert_ids, _message(database.dialect))
    await _change(database, alert_events, alert_ids, _event(database.dialect))


async def _change(database: Database, table: sa.Table, alert_ids: Sequence[str], values: dict[str, object]) -> None:
    """Write `values` to the rows of these alerts, at most `CHUNK` in a transaction."""
    (key,) = table.primary_key.columns
    chosen = sa.select(key).where(table.c.alert_id.in_(alert_ids)).order_by(key)
    async with database.read() as connection:
        keys = list((await connection.execute(chosen)).scalars())
    for start in range(0, len(keys), CHUNK):
        async with database.begin() as connection:
            some = key.in_(keys[start : start + CHUNK])
            await connection.execute(sa.update(table).where(some).values(values))


def _event(dialect: str) -> dict[str, object]:
    """Return what an event is without its player."""
    snapshot = alert_events.c.snapshot
    bare = (
        snapshot.op("||")(sa.bindparam(None, {"data": {}, "fingerprint": "erased"}, type_=Json))
        if dialect == "postgresql"
        else sa.func.json_set(snapshot, "$.data", sa.func.json("{}"), "$.fingerprint", "erased")
    )
    return {"subject": None, "snapshot": bare, "note": ""}


def _message(dialect: str) -> dict[str, object]:
    """Return what a message is without its player: one that waits is not sent, but for what it tells of others."""
    content, key = deliveries.c.content, deliveries.c.group_key
    bare = (
        content.op("-")(sa.bindparam(None, list(_PERSONAL), type_=ARRAY(sa.Text)))
        if dialect == "postgresql"
        else sa.func.json_remove(content, *(f"$.{name}" for name in _PERSONAL))
    )
    shared = sa.and_(key.is_not(None), key.endswith(STORM_GROUP))
    waits = sa.and_(deliveries.c.state == DeliveryState.PENDING.value, sa.not_(shared))
    return {
        "content": bare,
        "group_key": sa.case((shared, key), else_=None),
        "state": sa.case((waits, DeliveryState.DROPPED.value), else_=deliveries.c.state),
    }
