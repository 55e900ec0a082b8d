"""The outbox: rows that wait to be sent, claimed by one replica at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import FailedPrecondition, NotFound
from monitoring_svc.adapters.store import delivery_rows
from monitoring_svc.adapters.store.arrangements import contact_of
from monitoring_svc.adapters.store.selecting import among
from monitoring_svc.adapters.store.tables import alerts, contacts, deliveries
from monitoring_svc.domain.commands import AUTO
from monitoring_svc.domain.delivery import Delivery, DeliveryState, Lane, dropped
from monitoring_svc.domain.routing import Contact

_PENDING = DeliveryState.PENDING.value
_WAITS = deliveries.c.state == sa.literal_column(f"'{_PENDING}'")
"""Written out, so that each database sees that its index of what waits will do."""


class Outbox:
    """Deliveries by their rows."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def claim(self, room: Mapping[Lane, int], lease: timedelta) -> list[tuple[Delivery, Contact | None]]:
        """Take due deliveries for as long as `lease`, at most `room` of each lane, each with its contact.

        The urgent first, then the longest due: no channel waits for another, and no new message for those that are
        tried again and again. A claim raises the fence: an attempt whose claim ran out can't write
        its outcome any more. What comes back as dropped is not to be sent: somebody has resolved its alert since it
        failed, or deleted its contact.
        """
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            wanted = {_parameter(lane): most for lane, most in room.items()} | {"now": now}
            ids: list[str] = [row.delivery_id for row in await connection.execute(_due(tuple(room)), wanted)]
            if not ids:
                return []
            chosen = among(deliveries.c.delivery_id, ids, self._database.dialect)
            await connection.execute(
                sa.update(deliveries)
                .where(chosen)
                .values(fence=deliveries.c.fence + 1, attempts=deliveries.c.attempts + 1, due_at=now + lease)
            )
            rows = (await connection.execute(sa.select(deliveries).where(chosen))).mappings().all()
            named = [row["contact_id"] for row in rows if row["contact_id"]]
            found = await connection.execute(
                sa.select(contacts).where(among(contacts.c.contact_id, named, self._database.dialect))
            )
            by_id = {row["contact_id"]: contact_of(row) for row in found.mappings()}
            over = await self._over(connection, rows, by_id)
        taken = [(delivery_rows.from_row(row), by_id.get(row["contact_id"])) for row in rows]
        return [(dropped(one) if one.delivery_id in over else one, contact) for one, contact in taken]

    async def _over(
        self, connection: AsyncConnection, rows: Sequence[sa.RowMapping], contact_of_id: Mapping[str, Contact]
    ) -> set[str]:
        """Drop messages to contacts that are gone, and those that failed and whose alert somebody has resolved since.

        Return their ids. Of the latter not those that tell of other alerts too, nor those that are sent again by hand:
        their fence is above their attempts.
        """
        over = {row["delivery_id"] for row in rows if row["contact_id"] and row["contact_id"] not in contact_of_id}
        over |= await self._resolved(connection, rows)
        if over:
            await connection.execute(
                sa.update(deliveries)
                .where(among(deliveries.c.delivery_id, sorted(over), self._database.dialect))
                .values(state=DeliveryState.DROPPED.value)
            )
        return over

    async def _resolved(self, connection: AsyncConnection, rows: Sequence[sa.RowMapping]) -> set[str]:
        failed = {
            row["delivery_id"]: row["alert_id"]
            for row in rows
            if row["last_error"] and row["alert_id"] and row["fence"] == row["attempts"]
            if not row["content"].get("others")
        }
        if not failed:
            return set()
        statement = sa.select(alerts.c.alert_id).where(
            among(alerts.c.alert_id, sorted(set(failed.values())), self._database.dialect),
            alerts.c.is_resolved,
            alerts.c.resolved_by != AUTO,
        )
        resolved = set((await connection.execute(statement)).scalars())
        return {delivery_id for delivery_id, alert_id in failed.items() if alert_id in resolved}

    async def next_due(self) -> timedelta | None:
        """Return how long until the next delivery is due; None where none waits."""
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            statement = sa.select(sa.func.min(deliveries.c.due_at)).where(_WAITS)
            due: datetime | None = (await connection.execute(statement)).scalar_one()
        return None if due is None else max(due - now, timedelta(0))

    async def delivered(self, delivery: Delivery) -> bool:
        """Say that it arrived; return False where another replica has claimed it since."""
        return await self._finish(delivery, DeliveryState.DELIVERED)

    async def dead(self, delivery: Delivery, error: str) -> bool:
        """Give it up."""
        return await self._finish(delivery, DeliveryState.DEAD, error)

    async def again(self, delivery: Delivery, at: datetime, error: str) -> bool:
        """Have it tried again at a time."""
        return await self._update(delivery, due_at=at, last_error=error)

    async def now(self) -> datetime:
        """Return the database's clock."""
        async with self._database.read() as connection:
            return await self._database.now(connection)

    async def _finish(self, delivery: Delivery, state: DeliveryState, error: str = "") -> bool:
        now = await self.now()
        arrived = now if state is DeliveryState.DELIVERED else None
        return await self._update(delivery, state=state.value, last_error=error, delivered_at=arrived)

    async def _update(self, delivery: Delivery, **values: object) -> bool:
        async with self._database.begin() as connection:
            done = await connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.delivery_id == delivery.delivery_id, deliveries.c.fence == delivery.fence)
                .values(**values)
            )
        return done.rowcount == 1

    async def page(
        self,
        size: int,
        after: tuple[datetime, str] | None,
        states: frozenset[DeliveryState] = frozenset(),
        alert_id: str = "",
    ) -> Sequence[Delivery]:
        """Return at most `size` deliveries, newest first, after (created_at, delivery_id)."""
        at, key = deliveries.c.created_at, deliveries.c.delivery_id
        statement = sa.select(deliveries).order_by(at.desc(), key.desc()).limit(size)
        if states:
            statement = statement.where(deliveries.c.state.in_(sorted(states)))
        if alert_id:
            statement = statement.where(deliveries.c.alert_id == alert_id)
        if after is not None:
            statement = statement.where(sa.or_(at < after[0], sa.and_(at == after[0], key < after[1])))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [delivery_rows.from_row(row) for row in rows]

    async def retry(self, delivery_id: str) -> Delivery:
        """Send one that was given up again; raises NotFound and FailedPrecondition."""
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            statement = sa.select(deliveries).where(deliveries.c.delivery_id == delivery_id)
            row = (await connection.execute(statement)).mappings().first()
            if row is None:
                raise NotFound("delivery_not_found", "No delivery of that id. List them with ListDeliveries.")
            if row["state"] != DeliveryState.DEAD.value:
                raise FailedPrecondition("delivery_not_dead", f"The delivery is {row['state']}, it was not given up.")
            await connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.delivery_id == delivery_id, deliveries.c.state == DeliveryState.DEAD.value)
                .values(state=_PENDING, due_at=now, attempts=0, fence=deliveries.c.fence + 1)
            )
            row = (await connection.execute(statement)).mappings().one()
        return delivery_rows.from_row(row)

    async def queue(self, rows: Sequence[tuple[Delivery, bytes | None, bytes | None]]) -> None:
        """Queue messages that no alert asked for, each with its sealed address and files; those that are there stay."""
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            values = [
                delivery_rows.to_row(delivery)
                | {"sealed_address": address, "attachments": files, "created_at": now, "due_at": now}
                for delivery, address, files in rows
            ]
            ids = [row["delivery_id"] for row in values]
            found = await connection.execute(
                sa.select(deliveries.c.delivery_id).where(among(deliveries.c.delivery_id, ids, self._database.dialect))
            )
            known = set(found.scalars())
            fresh = [row for row in values if row["delivery_id"] not in known]
            if fresh:
                await connection.execute(sa.insert(deliveries), fresh)

    async def parcel(self, delivery_id: str) -> tuple[bytes | None, bytes | None]:
        """Return the sealed address and the attachments of a delivery."""
        statement = sa.select(deliveries.c.sealed_address, deliveries.c.attachments)
        async with self._database.read() as connection:
            row = (await connection.execute(statement.where(deliveries.c.delivery_id == delivery_id))).one()
        return row.sealed_address, row.attachments


@cache
def _due(lanes: tuple[Lane, ...]) -> sa.CompoundSelect[tuple[str]]:
    """Return the statement that finds what is due at `now`, and locks it where rows have locks.

    At most so many of each lane as its parameter says.
    """
    return sa.union_all(*map(_due_in, lanes))


def _due_in(lane: Lane) -> sa.Select[tuple[str]]:
    tried = deliveries.c.attempts > 0
    first = (
        sa.select(deliveries.c.delivery_id)
        .where(_WAITS, deliveries.c.channel == lane.channel.value, deliveries.c.due_at <= sa.bindparam("now"))
        .where(tried if lane.again else sa.not_(tried))
        .order_by(deliveries.c.urgent.desc(), deliveries.c.due_at)
        .limit(sa.bindparam(_parameter(lane), type_=sa.Integer))
        .with_for_update(skip_locked=True)
        .subquery()
    )
    return sa.select(first.c.delivery_id)


def _parameter(lane: Lane) -> str:
    return f"{lane.channel.value}_{'again' if lane.again else 'first'}"
