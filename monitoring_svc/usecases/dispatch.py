"""Empties the outbox: at least once, urgent first, no channel waiting for another."""

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from mesh.refusal import Refusal
from monitoring_svc.domain.backoff import retry_at
from monitoring_svc.domain.delivery import Delivery, DeliveryState, Lane
from monitoring_svc.domain.routing import Channel, Contact
from monitoring_svc.ports import Failures, OutboxRows, Parcel, Sender, SendFailed

LEASE = timedelta(seconds=30)
"""How long an attempt owns its row."""
SEND_SECONDS = 20.0
"""How long an attempt may take: well within its lease."""
AT_ONCE = 8
"""First attempts under way in one channel."""
AGAIN_AT_ONCE = 4
"""Further attempts beside them: receivers that never answer take no place of what was never tried."""
OUTCOME_EVERY = 0.25
"""Seconds between tries to keep what became of an attempt, while the database is away: before others claim the row."""
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
        self._under_way: dict[Lane, set[asyncio.Task[None]]] = {
            Lane(channel, again): set() for channel in senders for again in (False, True)
        }

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
        free = {
            lane: (AGAIN_AT_ONCE if lane.again else AT_ONCE) - len(tasks) for lane, tasks in self._under_way.items()
        }
        room = {lane: places for lane, places in free.items() if places > 0}
        if not room:
            return
        try:
            claimed = await self._outbox.claim(room, LEASE)
        except Refusal as error:
            self._failures.failed("outbox_claim", error)
            return
        for delivery, contact in claimed:
            if delivery.state is DeliveryState.DROPPED:
                self._figures.finished(delivery.channel, DeliveryState.DROPPED)
                self._wake.set()  # its place is free
                continue
            task = asyncio.create_task(self._attempt(delivery, contact), name="delivery")
            self._under_way[delivery.lane].add(task)
            task.add_done_callback(self._done)

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
            await self._arrived(delivery)

    async def _arrived(self, delivery: Delivery) -> None:
        """Keep that a message arrived, for else it is sent again: as soon as the database is there."""
        while True:
            try:
                if await self._outbox.delivered(delivery):
                    self._figures.finished(delivery.channel, DeliveryState.DELIVERED)
                return
            except Refusal as away:
                self._failures.failed("outbox_outcome", away)
            await asyncio.sleep(OUTCOME_EVERY)

    async def _send(self, delivery: Delivery, contact: Contact | None) -> None:
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
            if error.permanent or delivery.tried_enough(now):
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
