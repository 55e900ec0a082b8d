"""Alerts by state, how long they wait for a person, and the outbox, as gauges. Never by player or cohort."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mesh.database import Database
from mesh.figures import show
from mesh.telemetry import gauge, histogram
from monitoring_svc.adapters.store.tables import alerts, deliveries
from monitoring_svc.domain.alert import AlertEvent, AlertState, EventKind
from monitoring_svc.domain.delivery import DeliveryState
from monitoring_svc.domain.firing import OF_THE_SYSTEM
from monitoring_svc.domain.severity import Severity

OPEN = gauge("alerts_open", "Alerts that are not resolved, by state", ["alert_type", "severity", "state"])
UNSEEN = gauge(
    "alert_oldest_unacknowledged_seconds",
    "How long the oldest alert waits that nobody acknowledged, but for those that Alertmanager sent",
    ["severity"],
)
"""An alert about this figure comes back as an alert of ours: it may not keep itself alive."""
ACKNOWLEDGED = histogram(
    "alert_acknowledge_seconds",
    "Time from an alert's opening to its acknowledgement",
    ["severity"],
    (5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400),
)
WAITING = gauge("outbox_waiting", "Notifications that are to be sent", ["channel"])
OLDEST = gauge("outbox_oldest_seconds", "How long the oldest notification waits that is to be sent", ["urgency"])
DEAD = gauge("outbox_dead", "Notifications of the last week that were given up and wait for a person", ["channel"])
TERM_OF_THE_DEAD = timedelta(days=7)
"""What nobody has sent again by then says nothing new to anybody; the list of deliveries keeps it."""

_SEVERITIES = [(severity.label,) for severity in Severity]
_URGENCIES = [("urgent",), ("normal",)]


def count_acknowledged(events: Sequence[AlertEvent]) -> None:
    """Keep how long alerts waited that a person has just acknowledged."""
    for event in events:
        if event.kind is EventKind.ACKNOWLEDGED:
            waited = (event.occurred_at - event.alert.triggered_at).total_seconds()
            ACKNOWLEDGED.labels(event.alert.severity.label).observe(max(0.0, waited))


class CareFigures:
    """Reads alerts and the outbox."""

    def __init__(self, database: Database) -> None:
        """Read from `database`."""
        self._database = database
        for severity in Severity:
            ACKNOWLEDGED.labels(severity.label)

    async def __call__(self) -> None:
        """Set the gauges."""
        columns = (alerts.c.alert_type, alerts.c.severity, alerts.c.state)
        told_by_us = sa.case((alerts.c.rule_id != OF_THE_SYSTEM, alerts.c.triggered_at))
        tally = (
            sa.select(*columns, sa.func.count().label("number"), sa.func.min(told_by_us).label("oldest"))
            .where(alerts.c.is_resolved.is_(False))
            .group_by(*columns)
        )
        async with self._database.read() as connection:
            now = await self._database.now(connection)
            found = (await connection.execute(tally)).all()
            outbox = (await connection.execute(_kept(now))).all()
        open_now: dict[tuple[str, ...], float] = {}
        unseen: dict[tuple[str, ...], float] = {}
        for row in found:
            severity = Severity(row.severity).label
            open_now[row.alert_type, severity, row.state] = row.number
            if row.state == AlertState.FIRING.value and row.oldest is not None:
                unseen[severity,] = max(unseen.get((severity,), 0.0), _age(now, row.oldest))
        waiting: dict[tuple[str, ...], float] = {}
        dead: dict[tuple[str, ...], float] = {}
        oldest: dict[tuple[str, ...], float] = {}
        for row in outbox:
            counted = waiting if row.state == DeliveryState.PENDING.value else dead
            counted[row.channel,] = counted.get((row.channel,), 0.0) + row.number
            if counted is waiting:
                urgency = ("urgent" if row.urgent else "normal",)
                oldest[urgency] = max(oldest.get(urgency, 0.0), _age(now, row.oldest))
        show(OPEN, open_now)
        show(UNSEEN, unseen, _SEVERITIES)
        show(WAITING, waiting)
        show(DEAD, dead)
        show(OLDEST, oldest, _URGENCIES)


def _kept(now: datetime) -> sa.Select[Any]:
    """Return the statement that counts what is to be sent, and what was given up."""
    pending = deliveries.c.state == DeliveryState.PENDING.value
    dead = sa.and_(deliveries.c.state == DeliveryState.DEAD.value, deliveries.c.created_at > now - TERM_OF_THE_DEAD)
    by = (deliveries.c.channel, deliveries.c.state, deliveries.c.urgent)
    return (
        sa.select(*by, sa.func.count().label("number"), sa.func.min(deliveries.c.created_at).label("oldest"))
        .where(sa.or_(pending, dead))
        .group_by(*by)
    )


def _age(now: datetime, then: datetime) -> float:
    return max(0.0, (now - then).total_seconds())
