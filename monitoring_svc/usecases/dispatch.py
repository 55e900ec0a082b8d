"""Empties the outbox: at least once, urgent first, no channel waiting for another."""

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.backoff import retry_at
from monitoring_svc.domain.delivery import GIVEN_UP_AFTER, Delivery, DeliveryState
from monitoring_svc.domain.routing import Channel, Contact
from monitoring_svc.ports import Failures, OutboxRows, Parcel, Sender, SendFailed

LEASE = timedelta(seconds=30)
"""How long an attempt owns its row."""
SEND_SECONDS = 20.0
"""How long an attempt may take: well within its lease."""
AT_ONCE = 8
"""Attempts under way in one channel."""
LOOK_EVERY = 1.0
"""Seconds between looks where nothing wakes us: another replica may have queued a message and died."""


class Figures(Protocol):
    """What operators see of deliveries."""

    def finished(self, channel: Channel, state: DeliveryState) -> None:
        """Count an outcome."""

    def failed_attempt(self, channel: Channel) -> None:
        """Count an attempt that failed."""


class Parcels(Protocol):
    """Opens what a delivery carries sealed."""

    async def open(self, delivery: Delivery, contact: Contact | None) -> Parcel:
        """Return the address, the secret and the files of a delivery."""


class Dispatcher:
    """Sends what waits."""

    def __init__(
        self,
        outbox: OutboxRows,
        senders: Mapping[Channel, Sender],
        parcels: Parcels,
        failures: Failures,
        figures: Figures,
        chance: random.Random,
    ) -> None:
        """Send the rows of `outbox` through `senders`."""
        self._outbox = outbox
        self._senders = senders
        self._parcels = parcels
        self._failures = failures
        self._figures = figures
        self._chance = chance
        self._wake = asyncio.Event()
        self._under_way: dict[Channel, set[asyncio.Task[None]]] = {channel: set() for channel in senders}

    def wake(self) -> None:
        """Say that something was queued."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever. Cancelled, it lets go of what is under way: the rows come back when their leases end."""
        try:
            while True:
                await self._wait()
                await self._look()
        finally:
            for task in [task for tasks in self._under_way.values() for task in tasks]:
                task.cancel()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _look(self) -> None:
        free = [channel for channel, tasks in self._under_way.items() if len(tasks) < AT_ONCE]
        if not free:
            return
        try:
            claimed = await self._outbox.claim(AT_ONCE, LEASE, free)
        except Refusal as error:
            self._failures.failed("outbox_claim", error)
            return
        for delivery, contact in claimed:
            task = asyncio.create_task(self._attempt(delivery, contact), name="delivery")
            self._under_way[delivery.channel].add(task)
            task.add_done_callback(self._done)
        if len(claimed) == AT_ONCE:
            self._wake.set()

    def _done(self, task: "asyncio.Task[None]") -> None:
        for tasks in self._under_way.values():
            tasks.discard(task)
        self._wake.set()

    async def _attempt(self, delivery: Delivery, contact: Contact | None) -> None:
        try:
            await self._send(delivery, contact)
        except SendFailed as error:
            await self._failed(delivery, error)
        except Exception as error:  # noqa: BLE001 a fault of one message must not stop the others
            self._failures.failed("delivery", error)
            await self._failed(delivery, SendFailed(type(error).__name__))
        else:
            if await self._outbox.delivered(delivery):
                self._figures.finished(delivery.channel, DeliveryState.DELIVERED)

    async def _send(self, delivery: Delivery, contact: Contact | None) -> None:
        if delivery.contact_id is not None and contact is None:
            raise SendFailed("the contact is gone", permanent=True)
        parcel = await self._parcels.open(delivery, contact)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._senders[delivery.channel].send(delivery, contact, parcel)
        except TimeoutError as error:
            raise SendFailed(f"no answer within {SEND_SECONDS:.0f} s") from error

    async def _failed(self, delivery: Delivery, error: SendFailed) -> None:
        self._figures.failed_attempt(delivery.channel)
        try:
            now = await self._outbox.now()
            if error.permanent or now - delivery.created_at >= GIVEN_UP_AFTER:
                if await self._outbox.dead(delivery, str(error)):
                    self._figures.finished(delivery.channel, DeliveryState.DEAD)
                return
            at = retry_at(now, delivery.attempts, urgent=delivery.urgent, chance=self._chance)
            await self._outbox.again(delivery, at, str(error))
        except Refusal as away:
            self._failures.failed("outbox_outcome", away)  # the row comes back when its lease ends

    async def send_now(self, delivery: Delivery, contact: Contact) -> None:
        """Send one message outside the outbox, to try a channel. Raises SendFailed."""
        await self._send(delivery, contact)
