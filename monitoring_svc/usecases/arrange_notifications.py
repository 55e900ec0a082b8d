"""Contacts, routes and policies as people arrange them, and messages that no alert asked for."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mesh.refusal import FailedPrecondition, InvalidArgument, Violation
from monitoring_svc.domain.delivery import Delivery, DeliveryState
from monitoring_svc.domain.escalation import Policy
from monitoring_svc.domain.routing import Channel, Contact, Route
from monitoring_svc.ports import File, Kept, SendFailed

V = TypeVar("V", bound=Contact | Route | Policy)
_WEB = (Channel.WEBHOOK, Channel.SLACK)


class ArrangementRows(Protocol[V]):
    """One kind of arrangement as rows."""

    async def create(self, value: V) -> Kept[V]:
        """Keep a new one."""

    async def get(self, key: str) -> Kept[V]:
        """Return one; raises NotFound."""

    async def page(self, size: int, after: tuple[str, str] | None) -> Sequence[Kept[V]]:
        """Return at most `size` by name after (name, id)."""

    async def replace(self, value: V) -> Kept[V]:
        """Replace one; raises NotFound."""

    async def delete(self, key: str) -> None:
        """Remove one; raises NotFound and FailedPrecondition."""


class Arrange(Generic[V]):
    """One kind of arrangement."""

    def __init__(self, rows: ArrangementRows[V], check_target: Callable[[str], None]) -> None:
        """Keep them in `rows`; `check_target` refuses a web address that may not be reached."""
        self._rows = rows
        self._check_target = check_target

    async def create(self, value: V) -> Kept[V]:
        """Keep a new one; raises InvalidArgument."""
        self._check(value)
        return await self._rows.create(value)

    async def get(self, key: str) -> Kept[V]:
        """Return one; raises NotFound."""
        return await self._rows.get(key)

    async def page(self, size: int, after: tuple[str, str] | None) -> Sequence[Kept[V]]:
        """Return at most `size` by name."""
        return await self._rows.page(size, after)

    async def replace(self, value: V) -> Kept[V]:
        """Replace one; raises InvalidArgument and NotFound."""
        self._check(value)
        return await self._rows.replace(value)

    async def delete(self, key: str) -> None:
        """Remove one; raises NotFound, and FailedPrecondition where another names it."""
        await self._rows.delete(key)

    def _check(self, value: V) -> None:
        if isinstance(value, Contact):
            self._check_contact(value)
        if isinstance(value, Route) and value.hours is not None:
            try:
                ZoneInfo(value.hours.time_zone)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise _invalid(
                    "definition.hours.time_zone", "is no time zone; write one as in Europe/Berlin"
                ) from error

    def _check_contact(self, contact: Contact) -> None:
        if contact.channel in _WEB or (contact.channel is Channel.PAGERDUTY and "://" in contact.address):
            self._check_target(contact.address)
        if contact.channel is Channel.EMAIL and ("@" not in contact.address or " " in contact.address):
            raise _invalid("definition.address", "is no e-mail address")


def _invalid(field: str, description: str) -> InvalidArgument:
    violation = Violation(field, "format", description)
    return InvalidArgument("contact_invalid", f"{field} {description}.", violations=[violation])


class DocumentRows(Protocol):
    """Deliveries as rows."""

    async def page(
        self,
        size: int,
        after: tuple[datetime, str] | None,
        states: frozenset[DeliveryState] = ...,
        alert_id: str = ...,
    ) -> Sequence[Delivery]:
        """Return at most `size` deliveries, newest first."""

    async def retry(self, delivery_id: str) -> Delivery:
        """Send one that was given up again; raises NotFound and FailedPrecondition."""

    async def queue(self, rows: Sequence[tuple[Delivery, bytes | None, bytes | None]]) -> None:
        """Queue messages, each with its sealed address and files. Those that are there stay as they are."""


class Sealing(Protocol):
    """Seals what deliveries and contacts carry."""

    def secret(self, secret: str, contact_id: str) -> bytes | None:
        """Seal a contact's secret; None for an empty one."""

    def pack(self, delivery_id: str, address: str, files: Sequence[File]) -> tuple[bytes | None, bytes | None]:
        """Seal an address and files for a delivery's row."""


class SendNow(Protocol):
    """Sends one message at once."""

    async def send_now(self, delivery: Delivery, contact: Contact) -> None:
        """Send; raises SendFailed."""

    def wake(self) -> None:
        """Say that something was queued."""


class Documents:
    """Messages that no alert asked for, and the list of all."""

    def __init__(
        self,
        rows: DocumentRows,
        contacts: ArrangementRows[Contact],
        sealing: Sealing,
        sender: SendNow,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        """Queue in `rows`."""
        self._rows = rows
        self._contacts = contacts
        self._sealing = sealing
        self._sender = sender
        self._clock = clock
        self._new_id = new_id

    def seal(self, secret: str, contact_id: str) -> bytes | None:
        """Seal a contact's secret."""
        return self._sealing.secret(secret, contact_id)

    async def page(
        self, size: int, after: tuple[datetime, str] | None, states: frozenset[DeliveryState], alert_id: str
    ) -> Sequence[Delivery]:
        """Return at most `size` deliveries, newest first."""
        return await self._rows.page(size, after, states, alert_id)

    async def retry(self, delivery_id: str) -> Delivery:
        """Send one that was given up again; raises NotFound and FailedPrecondition."""
        delivery = await self._rows.retry(delivery_id)
        self._sender.wake()
        return delivery

    async def test(self, contact: Contact) -> str:
        """Send a trial message and wait; return its key. Raises FailedPrecondition with what the channel said."""
        content = {"title": "Trial message", "text": "This is a trial of this channel. Nobody need act."}
        now = self._clock()
        delivery = Delivery(self._new_id(), contact.channel, now, now, contact_id=contact.contact_id, content=content)
        try:
            await self._sender.send_now(delivery, contact)
        except SendFailed as error:
            raise FailedPrecondition("channel_failed", f"The channel did not take the message: {error}.") from error
        return delivery.delivery_id

    async def send(
        self,
        request: tuple[str, str],
        contact_ids: Sequence[str],
        addresses: Sequence[str],
        title: str,
        text: str,
        files: tuple[File, ...],
    ) -> list[str]:
        """Queue a document once per (caller, request id), contact and address; return the deliveries' ids."""
        if not contact_ids and not addresses:
            raise InvalidArgument("no_recipient", "Name at least one contact or e-mail address.")
        now, content = self._clock(), {"document": True, "title": title, "text": text}
        rows = []
        for contact_id in dict.fromkeys(contact_ids):
            contact = (await self._contacts.get(contact_id)).value
            if not contact.enabled:
                raise FailedPrecondition("contact_disabled", f"The contact `{contact.name}` is switched off.")
            key = _key(*request, contact_id)
            delivery = Delivery(key, contact.channel, now, now, contact_id=contact_id, content=content)
            rows.append((delivery, *self._sealing.pack(key, "", files)))
        for address in dict.fromkeys(addresses):
            key = _key(*request, address)
            delivery = Delivery(key, Channel.EMAIL, now, now, content=content)
            rows.append((delivery, *self._sealing.pack(key, address, files)))
        await self._rows.queue(rows)
        self._sender.wake()
        return [delivery.delivery_id for delivery, *_ in rows]


def _key(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
