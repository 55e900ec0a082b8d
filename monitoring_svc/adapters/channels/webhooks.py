"""Signed webhooks, Slack and PagerDuty: JSON over https, each under its delivery's key."""

import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from monitoring_svc.adapters.channels import wording
from monitoring_svc.adapters.channels.outbound import Outbound
from monitoring_svc.domain.delivery import Delivery
from monitoring_svc.domain.routing import Contact
from monitoring_svc.ports import Parcel, SendFailed

PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_PAGERDUTY_SEVERITY = {"low": "info", "medium": "warning", "high": "error", "critical": "critical"}


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """Return the value of `X-TTA-Signature`: `t=SECONDS,v1=HEX`, HMAC-SHA-256 of `SECONDS.BODY`.

    A receiver recomputes it, compares in constant time, refuses timestamps older than five minutes, and keeps
    `Idempotency-Key` to drop repeats.
    """
    digest = hmac.new(secret, f"{timestamp}.".encode() + body, "sha256").hexdigest()
    return f"t={timestamp},v1={digest}"


class WebhookSender:
    """POSTs the content of a message, signed under the contact's secret."""

    def __init__(self, outbound: Outbound, clock: Callable[[], datetime]) -> None:
        """Send through `outbound`; `clock` dates the signature."""
        self._outbound = outbound
        self._clock = clock

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send a webhook. Raises SendFailed."""
        if contact is None:
            raise SendFailed("the contact is gone", permanent=True)
        content = dict(delivery.content) | {"delivery_id": delivery.delivery_id}
        body = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
        headers = {"Idempotency-Key": delivery.delivery_id}
        if parcel.secret:
            timestamp = int(self._clock().timestamp())
            headers["X-TTA-Signature"] = signature(parcel.secret.encode(), timestamp, body)
        await self._outbound.post(contact.address, body, headers)


class SlackSender:
    """POSTs to a Slack incoming webhook."""

    def __init__(self, outbound: Outbound) -> None:
        """Send through `outbound`."""
        self._outbound = outbound

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send a Slack message. Raises SendFailed."""
        if contact is None:
            raise SendFailed("the contact is gone", permanent=True)
        text = f"*{wording.title(delivery)}*\n{wording.body(delivery)}"
        body = json.dumps({"text": text, "metadata": _slack_metadata(delivery)}).encode()
        await self._outbound.post(parcel.secret or contact.address, body, {"Idempotency-Key": delivery.delivery_id})


def _slack_metadata(delivery: Delivery) -> dict[str, Any]:
    return {"event_type": "tta_alert", "event_payload": {"delivery_id": delivery.delivery_id}}


class PagerDutySender:
    """Triggers a PagerDuty incident over the Events API, version 2."""

    def __init__(self, outbound: Outbound) -> None:
        """Send through `outbound`."""
        self._outbound = outbound

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send an event with the delivery's key as `dedup_key`. Raises SendFailed."""
        if contact is None:
            raise SendFailed("the contact is gone", permanent=True)
        if not parcel.secret:
            raise SendFailed("the contact has no routing key", permanent=True)
        event = {
            "routing_key": parcel.secret,
            "event_action": "trigger",
            "dedup_key": delivery.delivery_id,
            "payload": {
                "summary": wording.title(delivery),
                "source": "tta-analytics",
                "severity": _PAGERDUTY_SEVERITY.get(str(delivery.content.get("severity")), "warning"),
                "timestamp": delivery.content.get("triggered_at"),
                "custom_details": dict(delivery.content),
            },
        }
        url = contact.address if contact.address.startswith("http") else PAGERDUTY
        await self._outbound.post(url, json.dumps(event).encode(), {"Idempotency-Key": delivery.delivery_id})
