"""Text messages through a provider, by Apprise. The contact's secret is the provider's Apprise URL."""

import apprise

from monitoring_svc.adapters.channels import wording
from monitoring_svc.domain.delivery import Delivery
from monitoring_svc.domain.routing import Contact
from monitoring_svc.ports import Parcel, SendFailed

LONGEST = 300


class SmsSender:
    """Sends a short text."""

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        """Send a text. Raises SendFailed."""
        if contact is None:
            raise SendFailed("the contact is gone", permanent=True)
        provider = apprise.Apprise.instantiate((parcel.secret or "").replace("{address}", contact.address))
        if provider is None:
            raise SendFailed("the provider's URL is not one that Apprise knows", permanent=True)
        provider.request_rate_per_sec = 0  # a page must not wait for the one before
        text = f"{wording.title(delivery)} Alert {delivery.alert_id or delivery.delivery_id}"[:LONGEST]
        if not await provider.async_notify(body=text):
            raise SendFailed("the provider did not take the message")
