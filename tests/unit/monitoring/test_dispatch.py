"""What waits is sent, however long a channel is away, and no channel waits for another."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from mesh.refusal import Unavailable
from monitoring_svc.domain.delivery import FEWEST_ATTEMPTS, GIVEN_UP_AFTER, Delivery, DeliveryState, Lane
from monitoring_svc.domain.routing import Channel, Contact
from monitoring_svc.ports import OutboxRows, Parcel, Sender, SendFailed
from monitoring_svc.usecases.dispatch import AGAIN_AT_ONCE, AT_ONCE, Dispatcher

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Rows(OutboxRows):
    """The outbox in memory, on a clock that the test moves."""

    def __init__(self, *rows: Delivery) -> None:
        self.moment = NOW
        self.rows = {row.delivery_id: row for row in rows}
        self.flying = 0
        """Attempts whose outcome is not known."""
        self.changed = asyncio.Event()

    @property
    def due(self) -> list[Delivery]:
        waiting = (row for row in self.rows.values() if row.state is DeliveryState.PENDING)
        return [row for row in waiting if row.due_at <= self.moment]

    async def claim(self, room: Mapping[Lane, int], lease: timedelta) -> Sequence[tuple[Delivery, Contact | None]]:
        due = sorted(self.due, key=lambda row: (not row.urgent, row.due_at))
        taken = []
        for lane, most in room.items():
            for row in [row for row in due if (row.channel, row.attempts > 0) == lane][:most]:
                claimed = replace(row, attempts=row.attempts + 1, fence=row.fence + 1, due_at=self.moment + lease)
                self.rows[row.delivery_id] = claimed
                taken.append((claimed, None))
        self.flying += len(taken)
        self.changed.set()
        return taken

    async def delivered(self, delivery: Delivery) -> bool:
        return self._change(delivery, state=DeliveryState.DELIVERED)

    async def dead(self, delivery: Delivery, error: str) -> bool:
        return self._change(delivery, state=DeliveryState.DEAD, last_error=error)

    async def again(self, delivery: Delivery, at: datetime, error: str) -> bool:
        return self._change(delivery, due_at=at, last_error=error)

    async def now(self) -> datetime:
        return self.moment

    def _change(self, delivery: Delivery, **values: object) -> bool:
        self.flying -= 1
        self.changed.set()
        self.rows[delivery.delivery_id] = replace(self.rows[delivery.delivery_id], **values)  # type: ignore[arg-type]
        return True


@dataclass
class Road(Sender):
    """A channel that is open or not."""

    open: bool = True
    sent: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    tried: int = 0
    under_way: int = 0
    most: int = 0

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        self.tried += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        if not self.open:
            raise SendFailed("connection refused")
        self.sent.append(delivery.delivery_id)
        self.arrived.set()


class Silent(Road):
    """Takes messages of `deaf` receivers and never answers; the others go through."""

    async def send(self, delivery: Delivery, contact: Contact | None, parcel: Parcel) -> None:
        self.tried += 1
        if delivery.delivery_id.startswith("deaf"):
            await asyncio.Event().wait()
        self.sent.append(delivery.delivery_id)
        self.arrived.set()


class Nothing:
    """Opens no parcel, keeps no figure, hears of no failure."""

    async def open(self, delivery: Delivery, contact: Contact | None) -> Parcel:
        return Parcel()

    def finished(self, channel: Channel, state: DeliveryState) -> None:
        return

    def failed_attempt(self, channel: Channel) -> None:
        return

    def failed(self, what: str, error: Exception) -> None:
        raise error


def message(name: str, channel: Channel, *, created_at: datetime = NOW, urgent: bool = True) -> Delivery:
    return Delivery(name, channel, created_at, created_at, urgent=urgent)


@asynccontextmanager
async def running(rows: Rows, **roads: Road) -> AsyncIterator[Dispatcher]:
    senders = {Channel(name): road for name, road in roads.items()}
    nothing = Nothing()
    dispatcher = Dispatcher(rows, senders, nothing, nothing, nothing, random.Random(7))
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def settled(rows: Rows, dispatcher: Dispatcher) -> None:
    """Return once nothing is due any more and nothing is under way."""
    dispatcher.wake()
    async with asyncio.timeout(20):
        while rows.due or rows.flying:
            rows.changed.clear()
            await rows.changed.wait()


async def test_mail_arrives_once_after_hours_without_its_server_while_other_channels_go_on() -> None:
    rows = Rows(message("mail", Channel.EMAIL))
    mail, hook = Road(open=False), Road()
    async with running(rows, email=mail, webhook=hook) as dispatcher:
        for minute in range(5 * 60):
            rows.moment = NOW + timedelta(minutes=minute)
            if minute % 10 == 0:
                posted = message(f"post-{minute}", Channel.WEBHOOK, created_at=rows.moment, urgent=False)
                rows.rows[posted.delivery_id] = posted
            await settled(rows, dispatcher)
            assert len(hook.sent) == minute // 10 + 1
        assert not mail.sent
        assert mail.tried >= 5 * 60 - 1
        mail.open = True
        rows.moment += timedelta(seconds=15)
        await settled(rows, dispatcher)
        rows.moment += timedelta(hours=1)
        await settled(rows, dispatcher)
    assert mail.sent == ["mail"]


async def test_two_channels_that_are_away_with_long_queues_hold_up_no_third() -> None:
    queues = [
        message(f"{channel}-{number}", channel) for channel in (Channel.EMAIL, Channel.SMS) for number in range(500)
    ]
    rows = Rows(*queues, message("dull", Channel.SLACK, urgent=False))
    mail, sms, slack = Road(open=False), Road(open=False), Road()
    async with running(rows, email=mail, sms=sms, slack=slack) as dispatcher:
        async with asyncio.timeout(20):
            dispatcher.wake()
            await slack.arrived.wait()
        assert mail.tried + sms.tried <= 4 * AT_ONCE
        await settled(rows, dispatcher)
    assert (mail.tried, sms.tried) == (500, 500)
    assert max(mail.most, sms.most) <= AT_ONCE


@pytest.mark.parametrize(("attempts", "age", "enough"), [(59, 25, False), (60, 25, True), (600, 23, False)])
def test_a_message_is_given_up_after_a_day_and_sixty_attempts(attempts: int, age: int, enough: bool) -> None:
    tried = replace(message("mail", Channel.EMAIL, created_at=NOW - timedelta(hours=age)), attempts=attempts)
    assert tried.tried_enough(NOW) is enough


async def test_a_message_that_waited_for_us_for_longer_than_a_day_has_its_attempts() -> None:
    rows = Rows(message("mail", Channel.EMAIL, created_at=NOW - GIVEN_UP_AFTER - timedelta(hours=1)))
    mail = Road(open=False)
    async with running(rows, email=mail) as dispatcher:
        for _ in range(FEWEST_ATTEMPTS - 1):
            await settled(rows, dispatcher)
            rows.moment += timedelta(minutes=1)
        assert rows.rows["mail"].state is DeliveryState.PENDING
        await settled(rows, dispatcher)
    assert rows.rows["mail"].state is DeliveryState.DEAD
    assert mail.tried == FEWEST_ATTEMPTS


class Away(Rows):
    """The database goes away while a message is under way, and is back a few looks later."""

    def __init__(self, *rows: Delivery) -> None:
        super().__init__(*rows)
        self.refusals = 3

    async def delivered(self, delivery: Delivery) -> bool:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("database_unavailable", "The database is away.")
        return await super().delivered(delivery)


async def test_what_arrived_while_the_database_was_away_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nothing, "failed", lambda self, what, error: None)
    rows, mail = Away(message("mail", Channel.EMAIL)), Road()
    async with running(rows, email=mail) as dispatcher:
        await settled(rows, dispatcher)
        rows.moment += timedelta(hours=1)
        await settled(rows, dispatcher)
    assert rows.rows["mail"].state is DeliveryState.DELIVERED
    assert mail.sent == ["mail"]


async def test_receivers_that_never_answer_take_no_place_of_what_was_never_tried() -> None:
    tried = (replace(message(f"deaf-{number}", Channel.WEBHOOK), attempts=3) for number in range(20))
    rows, hook = Rows(*tried), Silent()
    async with running(rows, webhook=hook) as dispatcher, asyncio.timeout(20):
        dispatcher.wake()
        while hook.tried < AGAIN_AT_ONCE:
            rows.changed.clear()
            await rows.changed.wait()
            await asyncio.sleep(0)
        rows.rows["dull"] = message("dull", Channel.WEBHOOK, urgent=False)
        dispatcher.wake()
        await hook.arrived.wait()
    assert hook.sent == ["dull"]
    assert hook.tried == AGAIN_AT_ONCE + 1
