"""Deliveries as rows and back."""

from typing import Any

import sqlalchemy as sa

from monitoring_svc.domain.delivery import Delivery, DeliveryState
from monitoring_svc.domain.routing import Channel


def to_row(delivery: Delivery) -> dict[str, Any]:
    """Return the row of a delivery to a contact."""
    return {
        "delivery_id": delivery.delivery_id,
        "alert_id": delivery.alert_id,
        "contact_id": delivery.contact_id,
        "channel": delivery.channel.value,
        "group_key": delivery.group_key,
        "urgent": delivery.urgent,
        "content": dict(delivery.content),
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "fence": delivery.fence,
        "due_at": delivery.due_at,
        "last_error": delivery.last_error,
        "created_at": delivery.created_at,
    }


def from_row(row: sa.RowMapping) -> Delivery:
    """Return the delivery of a row; a sealed address stays sealed."""
    return Delivery(
        delivery_id=row["delivery_id"],
        channel=Channel(row["channel"]),
        created_at=row["created_at"],
        due_at=row["due_at"],
        alert_id=row["alert_id"],
        contact_id=row["contact_id"],
        group_key=row["group_key"],
        urgent=row["urgent"],
        content=row["content"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        fence=row["fence"],
        last_error=row["last_error"],
        delivered_at=row["delivered_at"],
    )
