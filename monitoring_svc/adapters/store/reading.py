"""Alerts and their events, read."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from mesh.database import Database
from mesh.refusal import NotFound
from monitoring_svc.adapters.store.alert_rows import from_event_row, from_row
from monitoring_svc.adapters.store.tables import alert_events, alert_log, alerts
from monitoring_svc.domain.alert import Alert, AlertEvent
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.domain.severity import Severity
from monitoring_svc.ports import AlertFilter


class AlertReader:
    """Reads alerts as they are in the database."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def get(self, alert_id: str) -> Alert:
        """Return one; raises NotFound."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(alerts).where(alerts.c.alert_id == alert_id))).mappings().first()
        if row is None:
            raise NotFound("alert_not_found", "No alert of that id. List them with ListAlerts.")
        return from_row(row)

    async def page(
        self, which: AlertFilter, size: int, after: tuple[datetime, str] | None
    ) -> tuple[Sequence[Alert], Cursor]:
        """Return at most `size` alerts, newest first, after (triggered_at, alert_id), and the log's head."""
        statement = sa.select(alerts).order_by(alerts.c.triggered_at.desc(), alerts.c.alert_id.desc()).limit(size)
        statement = statement.where(*_conditions(which))
        if after is not None:
            at, alert_id = after
            statement = statement.where(
                sa.or_(
                    alerts.c.triggered_at < at,
                    sa.and_(alerts.c.triggered_at == at, alerts.c.alert_id < alert_id),
                )
            )
        newest = sa.select(alert_log.c.head, alert_events.c.occurred_at).outerjoin_from(
            alert_log, alert_events, alert_events.c.position == alert_log.c.head
        )
        async with self._database.read() as connection:
            head = (await connection.execute(newest)).one()
            rows = (await connection.execute(statement)).mappings().all()
        return [from_row(row) for row in rows], Cursor(head.head, head.occurred_at)

    async def events_of(self, alert_id: str, size: int, after: int) -> Sequence[AlertEvent]:
        """Return at most `size` events of one alert after a position, oldest first."""
        return await self._events(size, alert_events.c.alert_id == alert_id, alert_events.c.position > after)

    async def events(self, after: int, size: int) -> Sequence[AlertEvent]:
        """Return at most `size` events after a position, oldest first."""
        return await self._events(size, alert_events.c.position > after)

    async def _events(self, size: int, *where: sa.ColumnElement[bool]) -> Sequence[AlertEvent]:
        statement = sa.select(alert_events).where(*where).order_by(alert_events.c.position).limit(size)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [from_event_row(row) for row in rows]

    async def bounds(self) -> tuple[int, int]:
        """Return the oldest cursor that is still valid and the head."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(alert_log.c.oldest, alert_log.c.head))).one()
        return row.oldest, row.head

    async def occurred_at(self, position: int) -> datetime | None:
        """Return when the event at a position happened; None where there is none."""
        statement = sa.select(alert_events.c.occurred_at).where(alert_events.c.position == position)
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def first_since(self, moment: datetime) -> int | None:
        """Return the first position whose event happened at a moment or later; None for none."""
        statement = sa.select(sa.func.min(alert_events.c.position)).where(alert_events.c.occurred_at >= moment)
        async with self._database.read() as connection:
            first: int | None = (await connection.execute(statement)).scalar_one()
        return first

    async def waiting_to_clear(self) -> Sequence[tuple[bytes, str]]:
        """Return (player, rule) of every alert that may resolve by itself."""
        statement = sa.select(alerts.c.subject, alerts.c.rule_id).where(
            sa.not_(alerts.c.is_resolved),
            alerts.c.auto_resolve_seconds > 0,
            alerts.c.subject.is_not(None),
        )
        async with self._database.read() as connection:
            return [(row.subject, row.rule_id) for row in await connection.execute(statement)]

    async def seal(self, alert_id: str) -> bytes | None:
        """Return the sealed player id of an alert; None where it has none. Raises NotFound."""
        statement = sa.select(alerts.c.sealed_subject).where(alerts.c.alert_id == alert_id)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound("alert_not_found", "No alert of that id. List them with ListAlerts.")
        sealed: bytes | None = row.sealed_subject
        return sealed


def _conditions(which: AlertFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if which.states:
        conditions.append(alerts.c.state.in_(sorted(which.states)))
    if which.alert_types:
        conditions.append(alerts.c.alert_type.in_(sorted(which.alert_types)))
    if which.min_severity > Severity.LOW:
        conditions.append(alerts.c.severity >= int(which.min_severity))
    if which.subject is not None:
        conditions.append(alerts.c.subject == which.subject)
    if which.triggered_after is not None:
        conditions.append(alerts.c.triggered_at >= which.triggered_after)
    if which.triggered_before is not None:
        conditions.append(alerts.c.triggered_at < which.triggered_before)
    return conditions
