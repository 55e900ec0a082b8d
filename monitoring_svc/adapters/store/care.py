"""How well we care: times to acknowledge and resolve, alerts by state. About the service, never about a player."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from monitoring_svc.adapters.store.tables import alert_events, alerts, deliveries
from monitoring_svc.domain.alert import EventKind
from monitoring_svc.domain.care import Care, DurationFigures, Tally
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.severity import AlertType, Severity

LIMIT = 100_000
"""Durations that are looked at; beyond it the newest."""


class CareReader:
    """Reads figures about our care."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database

    async def figures(self, start: datetime, end: datetime) -> Care:
        """Return the figures of alerts that were triggered from `start` until `end`."""
        within = sa.and_(alerts.c.triggered_at >= start, alerts.c.triggered_at < end)
        tally = (
            sa.select(alerts.c.alert_type, alerts.c.severity, alerts.c.state, sa.func.count().label("number"))
            .where(within)
            .group_by(alerts.c.alert_type, alerts.c.severity, alerts.c.state)
        )
        first = (
            sa.select(alerts.c.triggered_at, sa.func.min(alert_events.c.occurred_at).label("done_at"))
            .join(alert_events, alert_events.c.alert_id == alerts.c.alert_id)
            .where(within, alert_events.c.kind == EventKind.ACKNOWLEDGED.value)
            .group_by(alerts.c.alert_id, alerts.c.triggered_at)
            .order_by(alerts.c.triggered_at.desc())
            .limit(LIMIT)
        )
        resolved = (
            sa.select(alerts.c.triggered_at, alerts.c.resolved_at.label("done_at"))
            .where(within, alerts.c.resolved_at.is_not(None))
            .order_by(alerts.c.triggered_at.desc())
            .limit(LIMIT)
        )
        asked = sa.select(sa.func.count()).select_from(alerts).where(within, alerts.c.intervention != "")
        sent = (
            sa.select(deliveries.c.state, sa.func.count().label("number"))
            .where(deliveries.c.created_at >= start, deliveries.c.created_at < end)
            .group_by(deliveries.c.state)
        )
        async with self._database.read() as connection:
            tallies = (await connection.execute(tally)).all()
            acknowledged = (await connection.execute(first)).all()
            over = (await connection.execute(resolved)).all()
            interventions = (await connection.execute(asked)).scalar_one()
            states = {row.state: row.number for row in await connection.execute(sent)}
        return Care(
            tuple(Tally(AlertType(row.alert_type), Severity(row.severity), row.state, row.number) for row in tallies),
            _durations(acknowledged),
            _durations(over),
            interventions,
            states.get(DeliveryState.DELIVERED.value, 0),
            states.get(DeliveryState.DEAD.value, 0),
        )


def _durations(rows: Sequence[Any]) -> DurationFigures:
    return DurationFigures.of([(row.done_at - row.triggered_at).total_seconds() for row in rows])
