"""Contacts, routes, escalation policies and silences: what people arrange about notifications."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from mesh.database import Database
from mesh.refusal import AlreadyExists, FailedPrecondition, NotFound, Violation
from monitoring_svc.adapters.store import arrangements
from monitoring_svc.adapters.store.tables import alerts, contacts, deliveries, policies, routes, silences, timers
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.escalation import Policy
from monitoring_svc.domain.matchers import Silence
from monitoring_svc.domain.routing import Contact, Route
from monitoring_svc.ports import Kept

_UNSENT = (DeliveryState.PENDING.value, DeliveryState.DEAD.value)

V = TypeVar("V", bound=Contact | Route | Policy)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[V]):
    """One kind of arrangement and its table."""

    table: sa.Table
    key: str
    """The key column, and the field of the value that holds it."""
    what: str
    """For people."""
    from_row: Callable[[sa.RowMapping], V]
    definition: Callable[[V], dict[str, Any]]


CONTACTS = Shelf(contacts, "contact_id", "contact", arrangements.contact_of, arrangements.contact_definition)
ROUTES = Shelf(routes, "route_id", "route", arrangements.route_of, arrangements.route_definition)
POLICIES = Shelf(policies, "policy_id", "escalation policy", arrangements.policy_of, arrangements.policy_definition)


class OneShelf(Generic[V]):
    """The rows of one kind of arrangement."""

    def __init__(self, store: "PeopleStore", shelf: Shelf[V]) -> None:
        """Look at one shelf of `store`."""
        self._store = store
        self._shelf = shelf

    async def create(self, value: V) -> Kept[V]:
        """Keep a new one."""
        return await self._store.create(self._shelf, value)

    async def get(self, key: str) -> Kept[V]:
        """Return one; raises NotFound."""
        return await self._store.get(self._shelf, key)

    async def page(self, size: int, after: tuple[str, str] | None) -> Sequence[Kept[V]]:
        """Return at most `size` by name after (name, id)."""
        return await self._store.page(self._shelf, size, after)

    async def replace(self, value: V) -> Kept[V]:
        """Replace one; raises NotFound."""
        return await self._store.replace(self._shelf, value)

    async def delete(self, key: str) -> None:
        """Remove one; raises NotFound and FailedPrecondition."""
        await self._store.delete(self._shelf, key)


class PeopleStore:
    """Keeps arrangements; every change is known to every replica with the next transaction of the log."""

    def __init__(self, database: Database) -> None:
        """Keep them in `database`."""
        self._database = database

    async def create(self, shelf: Shelf[V], value: V) -> Kept[V]:
        """Keep a new one, or return it where the same request made it before.

        Raises NotFound where it names a contact or policy that is not there, and AlreadyExists (`request_id_reused`)
        where its id, which followed from a request id, stands for another.
        """
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            await self._check_names(connection, value)
            chosen = sa.select(shelf.table).where(shelf.table.c[shelf.key] == getattr(value, shelf.key))
            before = (await connection.execute(chosen)).mappings().first()
            if before is not None:
                if (before["name"], before["definition"]) != (value.name, shelf.definition(value)):
                    raise _reused()
                return Kept(shelf.from_row(before), before["updated_at"])
            await connection.execute(sa.insert(shelf.table).values(**_row(shelf, value, now)))
            await arrangements.changed(connection)
            await _look_again(connection, now)
        return Kept(value, now)

    async def get(self, shelf: Shelf[V], key: str) -> Kept[V]:
        """Return one; raises NotFound."""
        statement = sa.select(shelf.table).where(shelf.table.c[shelf.key] == key)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise _not_found(shelf)
        return Kept(shelf.from_row(row), row["updated_at"])

    async def page(self, shelf: Shelf[V], size: int, after: tuple[str, str] | None) -> Sequence[Kept[V]]:
        """Return at most `size` by name after (name, id)."""
        name, key = shelf.table.c.name, shelf.table.c[shelf.key]
        statement = sa.select(shelf.table).order_by(name, key).limit(size)
        if after is not None:
            statement = statement.where(sa.or_(name > after[0], sa.and_(name == after[0], key > after[1])))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [Kept(shelf.from_row(row), row["updated_at"]) for row in rows]

    async def replace(self, shelf: Shelf[V], value: V) -> Kept[V]:
        """Replace one; a contact without a secret keeps the one it has. Raises NotFound."""
        key = getattr(value, shelf.key)
        async with self._database.begin() as connection:
            now = await self._database.now(connection)
            await self._check_names(connection, value)
            row = _row(shelf, value, now)
            if row.get("secret") is None:
                row.pop("secret", None)
            done = await connection.execute(sa.update(shelf.table).where(shelf.table.c[shelf.key] == key).values(**row))
            if done.rowcount == 0:
                raise _not_found(shelf)
            await arrangements.changed(connection)
            await _look_again(connection, now)
        return Kept(value, now)

    async def delete(self, shelf: Shelf[V], key: str) -> None:
        """Remove one; raises NotFound, and FailedPrecondition where another arrangement names it.

        Messages to a contact that wait, or were given up, go with it: nobody can send them any more.
        """
        async with self._database.begin() as connection:
            await self._refuse_if_named(connection, key)
            gone = await connection.execute(sa.delete(shelf.table).where(shelf.table.c[shelf.key] == key))
            if gone.rowcount == 0:
                raise _not_found(shelf)
            if shelf.table is contacts:
                await connection.execute(
                    sa.update(deliveries)
                    .where(deliveries.c.contact_id == key, deliveries.c.state.in_(_UNSENT))
                    .values(state=DeliveryState.DROPPED.value)
                )
            await arrangements.changed(connection)

    async def _refuse_if_named(self, connection: AsyncConnection, key: str) -> None:
        everything = await arrangements.load(connection, 0)
        for route in everything.routes:
            if key in route.contact_ids or key == route.policy_id:
                raise FailedPrecondition("still_named", f"The route `{route.name}` names it; change the route first.")
        for policy in everything.policies.values():
            if any(key in step.contact_ids for step in policy.steps):
                raise FailedPrecondition("still_named", f"The policy `{policy.name}` names it; change it first.")

    async def _check_names(self, connection: AsyncConnection, value: Contact | Route | Policy) -> None:
        if isinstance(value, Contact):
            return
        everything = await arrangements.load(connection, 0)
        if isinstance(value, Route):
            named = value.contact_ids
            if value.policy_id and value.policy_id not in everything.policies:
                raise NotFound("policy_not_found", "No escalation policy of that id.")
        else:
            named = tuple(one for step in value.steps for one in step.contact_ids)
        for contact_id in named:
            if contact_id not in everything.contacts:
                raise NotFound("contact_not_found", f"No contact `{contact_id}`. List them with ListContacts.")

    async def create_silence(self, silence: Silence) -> Silence:
        """Keep a silence, or return it where the same request made it before."""
        async with self._database.begin() as connection:
            chosen = sa.select(silences).where(silences.c.silence_id == silence.silence_id)
            before = (await connection.execute(chosen)).mappings().first()
            if before is not None:
                kept = arrangements.silence_of(before)
                if (kept.matchers, kept.ends_at, kept.comment) != (silence.matchers, silence.ends_at, silence.comment):
                    raise _reused()
                return kept
            await connection.execute(
                sa.insert(silences).values(
                    silence_id=silence.silence_id,
                    matchers=arrangements.matchers_to_json(silence.matchers),
                    starts_at=silence.starts_at,
                    ends_at=silence.ends_at,
                    comment=silence.comment,
                    created_by=silence.created_by,
                    created_at=silence.created_at,
                )
            )
            await arrangements.changed(connection)
        return silence

    async def silences(
        self, size: int, after: tuple[datetime, str] | None, *, active_at: datetime | None
    ) -> Sequence[Silence]:
        """Return at most `size` silences, newest first, after (created_at, id)."""
        at, key = silences.c.created_at, silences.c.silence_id
        statement = sa.select(silences).order_by(at.desc(), key.desc()).limit(size)
        if active_at is not None:
            statement = statement.where(silences.c.starts_at <= active_at, silences.c.ends_at > active_at)
        if after is not None:
            statement = statement.where(sa.or_(at < after[0], sa.and_(at == after[0], key < after[1])))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [arrangements.silence_of(row) for row in rows]

    async def end_silence(self, silence_id: str, now: datetime) -> None:
        """End a silence, and look at once at what it held back; raises NotFound.

        The timer of an alert that opened in it, or whose next step it put off, is due when it was to end.
        """
        chosen = silences.c.silence_id == silence_id
        async with self._database.begin() as connection:
            ends_at = (await connection.execute(sa.select(silences.c.ends_at).where(chosen))).scalar()
            if ends_at is None:
                raise NotFound("silence_not_found", "No silence of that id. List them with ListSilences.")
            if ends_at <= now:
                return
            await connection.execute(sa.update(silences).where(chosen).values(ends_at=now))
            await arrangements.changed(connection)
            await connection.execute(sa.update(timers).where(timers.c.due_at == ends_at).values(due_at=now))


async def _look_again(connection: AsyncConnection, now: datetime) -> None:
    """Have it decided anew whether alerts of which nobody was told yet still wait: somebody may be there now."""
    waiting = sa.select(alerts.c.alert_id).where(alerts.c.silenced, sa.not_(alerts.c.is_resolved))
    await connection.execute(
        sa.update(timers).where(timers.c.due_at > now, timers.c.alert_id.in_(waiting)).values(due_at=now)
    )


def _reused() -> AlreadyExists:
    """Return the refusal of a request id that stood for another request."""
    violation = Violation("request_id", "request_id_reused", "was used for another request; take a new one")
    return AlreadyExists("request_id_reused", f"request_id {violation.description}.", violations=[violation])


def _row(shelf: Shelf[V], value: V, now: datetime) -> dict[str, Any]:
    return {
        shelf.key: getattr(value, shelf.key),
        "name": value.name,
        "definition": shelf.definition(value),
        "secret": value.secret if isinstance(value, Contact) else None,
        "updated_at": now,
    }


def _not_found(shelf: Shelf[Any]) -> NotFound:
    reason = f"{shelf.what.replace(' ', '_')}_not_found"
    return NotFound(reason, f"No {shelf.what} of that id.")
