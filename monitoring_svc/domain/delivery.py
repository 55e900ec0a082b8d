"""Messages that leave: what waits, what arrived, what was given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from monitoring_svc.domain.alert import Alert
from monitoring_svc.domain.routing import Channel, Contact


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


GIVEN_UP_AFTER = timedelta(days=1)
"""How long a message is tried: a mail server that is down for a night loses nothing."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one address. Its id is the key that the receiver sees."""

    delivery_id: str
    channel: Channel
    created_at: datetime
    due_at: datetime
    alert_id: str | None = None
    contact_id: str | None = None
    address: str = field(default="", repr=False)
    """Of a message without a contact."""
    group_key: str | None = None
    """Messages of equal key that still wait are one."""
    urgent: bool = False
    content: Mapping[str, Any] = field(default_factory=dict)
    """What the templates need. Holds a pseudonym and numbers only where the contact is cleared for them."""
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    fence: int = 0
    """Goes up with each claim; an attempt whose fence is old may not write its outcome."""
    last_error: str = ""
    delivered_at: datetime | None = None


def with_content(delivery: Delivery, content: Mapping[str, Any]) -> Delivery:
    """Return the same message with other content."""
    return replace(delivery, content=content)


def alert_content(alert: Alert, reason: str, contact: Contact) -> dict[str, Any]:
    """Return what a message about an alert may hold on this contact's channel."""
    content: dict[str, Any] = {
        "reason": reason,
        "alert_id": alert.alert_id,
        "alert_type": alert.alert_type.value,
        "severity": alert.severity.label,
        "title": alert.title,
        "message": alert.message,
        "triggered_at": alert.triggered_at.isoformat(),
        "escalation_step": alert.escalation_step,
        "count": alert.count,
    }
    if contact.cleared_for_personal_data or alert.subject is None:
        content["data"] = dict(alert.data)
        content["labels"] = dict(alert.labels)
    if contact.cleared_for_personal_data and alert.subject is not None:
        content["subject_pseudonym"] = alert.subject.hex()
    return content
