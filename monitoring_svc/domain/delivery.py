"""Messages that leave: what waits, what arrived, what was given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from monitoring_svc.domain.alert import Alert, EventKind
from monitoring_svc.domain.routing import Channel, Contact


class DeliveryState(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


GIVEN_UP_AFTER = timedelta(days=1)
"""How long a message is tried: a mail server that is down for a night loses nothing."""
FEWEST_ATTEMPTS = 60
"""So often it is tried at least: it may have waited that long without us, or is sent again by hand."""


MOST_LINES = 50
"""Other alerts that one message names; it says how many more there are. Receivers refuse what is too long for good."""


class Lane(NamedTuple):
    """First or further attempts of a channel: neither waits for the other."""

    channel: Channel
    again: bool


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
    """Goes up with each claim, and when it is sent again by hand; an attempt whose fence is old may not write its
    outcome.
    """
    last_error: str = ""
    delivered_at: datetime | None = None

    @property
    def lane(self) -> Lane:
        """Which attempts this one is among, once it is claimed."""
        return Lane(self.channel, self.attempts > 1)

    @property
    def repeats(self) -> bool:
        """Whether it says again, to a contact alone, that nobody has acknowledged the alert."""
        return self.content.get("reason") == EventKind.ESCALATED.value and self.group_key is None

    def tried_enough(self, now: datetime) -> bool:
        """Return whether it is given up where it failed once more."""
        return self.attempts >= FEWEST_ATTEMPTS and now - self.created_at >= GIVEN_UP_AFTER


def told_together(content: Mapping[str, Any], members: Sequence[Delivery]) -> dict[str, Any]:
    """Return the content of a message that tells of other alerts too: `MOST_LINES` by a line each, all by their number.

    `others` are the lines, `others_count` is how many there are.
    """
    known = content.get("others", [])
    fresh = [
        {name: one.content[name] for name in ("alert_id", "severity", "title", "triggered_at")}
        for one in members[: max(0, MOST_LINES - len(known))]
    ]
    count = content.get("others_count", len(known)) + len(members)
    return {**content, "others": [*known, *fresh], "others_count": count}


def with_content(delivery: Delivery, content: Mapping[str, Any]) -> Delivery:
    """Return the same message with other content."""
    return replace(delivery, content=content)


def dropped(delivery: Delivery) -> Delivery:
    """Return the same message as one that is not needed any more."""
    return replace(delivery, state=DeliveryState.DROPPED)


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
