"""Writes what a transaction of the alert log made: alerts, events, messages, timers, answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from monitoring_svc.adapters.store import alert_rows, delivery_rows
from monitoring_svc.adapters.store.log_session import Seal
from monitoring_svc.adapters.store.selecting import upsert
from monitoring_svc.adapters.store.tables import alert_events, alert_log, alerts, deliveries, requests, timers
from monitoring_svc.domain.alert import Alert, AlertState
from monitoring_svc.domain.book import Book
from monitoring_svc.domain.delivery import Delivery, DeliveryState, told_together, with_content

_FIXED = ("alert_id", "rule_id", "fingerprint", "subject", "labels", "triggered_at", "user_cohort")
CHANGING = tuple(name for name in (*alert_rows.COLUMNS, "is_resolved", "quiet_until") if name not in _FIXED)
_UPDATE = (
    sa.update(alerts)
    .where(alerts.c.alert_id == sa.bindparam("key"))
    .values({name: sa.bindparam(f"new_{name}") for name in CHANGING})
)


async def write(
    connection: AsyncConnection,
    book: Book,
    seal: Seal,
    answered: Sequence[Mapping[str, Any]],
) -> None:
    """Write everything, in as few statements as there are tables."""
    await _write_alerts(connection, book, seal)
    if book.events:
        await connection.execute(sa.insert(alert_events), [alert_rows.to_event_row(event) for event in book.events])
        await connection.execute(sa.update(alert_log).values(head=book.head))
    await _write_deliveries(connection, book)
    await _write_timers(connection, book)
    if answered:
        await connection.execute(sa.insert(requests), [dict(row) for row in answered])


async def _write_alerts(connection: AsyncConnection, book: Book, seal: Seal) -> None:
    created = []
    for alert_id in book.created:
        user_id = book.sealed_ids.get(alert_id)
        sealed = alert_rows.UNSEALED if user_id is None else seal(user_id, alert_id)
        created.append({**alert_rows.to_row(book.by_id[alert_id]), **sealed})
    if created:
        await connection.execute(sa.insert(alerts), created)
    changed = [
        {"key": alert_id, **{f"new_{name}": value for name, value in changing(book.by_id[alert_id]).items()}}
        for alert_id in book.changed
        if alert_id not in book.created
    ]
    if changed:
        await connection.execute(_UPDATE, changed)
    over = [one for one in book.changed if book.by_id[one].state is AlertState.RESOLVED]
    if over:
        await connection.execute(
            sa.update(alerts)
            .where(alerts.c.alert_id.in_(over), alerts.c.erase_when_resolved)
            .values(subject=None, sealed_subject=None, data={})
        )


def changing(alert: Alert) -> dict[str, Any]:
    """Return the columns of an alert that its life may change."""
    row = alert_rows.to_row(alert)
    return {name: row[name] for name in CHANGING}


async def _write_timers(connection: AsyncConnection, book: Book) -> None:
    kept = [
        {"alert_id": alert_id, "step": timer[0], "due_at": timer[1]}
        for alert_id, timer in book.timers.items()
        if timer is not None
    ]
    await upsert(connection, timers, kept, ("step", "due_at"))
    gone = [alert_id for alert_id, timer in book.timers.items() if timer is None and alert_id not in book.created]
    if gone:
        await connection.execute(sa.delete(timers).where(timers.c.alert_id.in_(gone)))


async def _write_deliveries(connection: AsyncConnection, book: Book) -> None:
    alone, shared = split_groups(book.deliveries)
    for key, members in shared.items():
        alone.extend(await _share(connection, key, members))
    if alone:
        await connection.execute(sa.insert(deliveries), [delivery_rows.to_row(one) for one in alone])


def split_groups(queued: Sequence[Delivery]) -> tuple[list[Delivery], dict[str, list[Delivery]]]:
    """Return the messages that go alone, and those that share one by their group key."""
    alone: list[Delivery] = []
    shared: dict[str, list[Delivery]] = {}
    for delivery in queued:
        if delivery.group_key is None:
            alone.append(delivery)
        else:
            shared.setdefault(delivery.group_key, []).append(delivery)
    return alone, shared


async def _share(connection: AsyncConnection, key: str, members: list[Delivery]) -> list[Delivery]:
    """Add to a message of that group that still waits; return what needs a message of its own."""
    waiting = sa.select(deliveries.c.delivery_id, deliveries.c.content).where(
        deliveries.c.group_key == key, deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.fence == 0
    )
    row = (await connection.execute(waiting.limit(1))).first()
    if row is None:
        return [with_content(members[0], told_together(members[0].content, members[1:]))]
    taken = await connection.execute(
        sa.update(deliveries)
        .where(deliveries.c.delivery_id == row.delivery_id, deliveries.c.fence == 0)
        .values(content=told_together(row.content, members))
    )
    return [] if taken.rowcount == 1 else members
