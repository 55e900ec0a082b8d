"""A channel that is away for hours: what waits for it holds nobody up, stays little, and arrives once."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from tta.analytics.v1 import alert_pb2, notification_pb2

from mesh.database import Database
from mesh.migrations import upgrade
from monitoring_svc.adapters.store.outbox import Outbox
from monitoring_svc.adapters.store.tables import alerts, deliveries, timers
from monitoring_svc.domain.delivery import Lane
from monitoring_svc.domain.routing import Channel
from monitoring_svc.usecases.dispatch import Dispatcher
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import MailServer, mail_server, reserved_port, webhook
from tests.integration.monitoring.test_notifications import EMAIL, WEBHOOK, contact, route
from tests.integration.monitoring.test_notifications import deliveries as listed
from tests.servers import free_port

PENDING = notification_pb2.DELIVERY_STATE_PENDING
MANY = 3000


class Clock:
    """The database's clock as the outbox reads it, put forward by the test: never while an attempt owns a row."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = timedelta(0)
        self._looking = asyncio.Lock()
        now_of, look_of = Database.now, Dispatcher._look

        async def now(database: Database, connection: AsyncConnection) -> datetime:
            return await now_of(database, connection) + self._ahead

        async def look(dispatcher: Dispatcher) -> None:
            async with self._looking:
                await look_of(dispatcher)

        monkeypatch.setattr(Database, "now", now)
        monkeypatch.setattr(Dispatcher, "_look", look)

    async def forward(self, running: Running, by: timedelta) -> None:
        async with self._looking:
            await eventually(lambda: not any(running.wired.dispatcher._under_way.values()))
            self._ahead += by
        running.wired.dispatcher.wake()


async def _without_mail(url: str, launch: Launch) -> tuple[Running, MailServer, socket.socket]:
    """Start with a contact by mail whose server is away; return the server and the port on which it may come back."""
    server, reserved = MailServer(), reserved_port()
    port = reserved.getsockname()[1]
    running: Running = await launch(url, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    await route(running, await contact(running, EMAIL, "oncall@example.org"))
    return running, server, reserved


async def _failed(running: Running, count: int = 1) -> None:
    """Wait until a first attempt at so many messages failed."""

    async def found() -> bool:
        return sum(bool(one.last_error) for one in await listed(running, PENDING)) >= count

    await eventually(found)


async def test_mail_arrives_once_after_three_hours_without_its_server_while_webhooks_go_on(
    database_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    running, server, reserved = await _without_mail(database_url, launch)
    async with webhook() as receiver:
        hook = await contact(running, WEBHOOK, receiver.url)
        await route(running, hook)
        alert_id = (await running.signal("p", CRISIS)).fired[0].alert_id
        await running.alerts.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=alert_id))
        await eventually(lambda: receiver.posts)
        tried = 0
        for half_hour in range(1, 7):
            await clock.forward(running, timedelta(minutes=30))

            async def tried_again(before: int = tried) -> int:
                (mail,) = await _mails_that_wait(running)
                return mail.attempts if mail.attempts > before and mail.last_error else 0

            tried = await eventually(tried_again)
            await running.notifications.SendDocument(
                notification_pb2.SendDocumentRequest(
                    request_id=f"d-{half_hour}", contact_ids=[hook], title="Hourly", text="All is well."
                )
            )
            await eventually(lambda posts=half_hour + 1: len(receiver.posts) == posts)
        async with mail_server(server, reserved):
            await clock.forward(running, timedelta(minutes=1))
            await eventually(lambda: server.mails)
        await eventually(lambda: _none_waits(running))
    assert len(server.mails) == 1


async def _mails_that_wait(running: Running) -> list[notification_pb2.Delivery]:
    return [one for one in await listed(running, PENDING) if one.channel == EMAIL]


async def _none_waits(running: Running) -> bool:
    return not await listed(running, PENDING)


async def test_thousands_of_urgent_mails_that_cannot_leave_hold_up_no_other_channel(
    database_url: str, launch: Launch
) -> None:
    running: Running = await launch(database_url, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")
    mail = await contact(running, EMAIL, "oncall@example.org")
    slack = await contact(running, notification_pb2.CHANNEL_SLACK, f"http://127.0.0.1:{free_port()}/")
    async with webhook() as receiver:
        hook = await contact(running, WEBHOOK, receiver.url)
        now = datetime.now(UTC)
        waiting = [
            _row(f"{channel}-{number}", channel, contact_id, now - timedelta(hours=1), urgent=True)
            for channel, contact_id in (("email", mail), ("slack", slack))
            for number in range(MANY // 2)
        ]
        async with running.wired.database.begin() as connection:
            await connection.execute(sa.insert(deliveries), waiting)
            await connection.execute(sa.insert(deliveries), [_row("dull", "webhook", hook, now, urgent=False)])
        running.wired.dispatcher.wake()
        await eventually(lambda: receiver.posts)


def _row(name: str, channel: str, contact_id: str | None, at: datetime, *, urgent: bool) -> dict[str, object]:
    return {
        "delivery_id": name,
        "alert_id": None,
        "contact_id": contact_id,
        "channel": channel,
        "urgent": urgent,
        "content": {"title": "t", "text": "x"},
        "state": "pending",
        "attempts": 0,
        "fence": 0,
        "due_at": at,
        "created_at": at,
        "last_error": "",
    }


async def _escalate(running: Running) -> None:
    async with running.wired.database.begin() as connection:
        await connection.execute(sa.update(timers).values(due_at=await running.wired.database.now(connection)))
    await running.wired.clockwork.escalate()


async def test_escalations_to_somebody_whose_mail_still_waits_are_one_mail(database_url: str, launch: Launch) -> None:
    running, server, reserved = await _without_mail(database_url, launch)
    async with webhook() as receiver:
        await route(running, await contact(running, WEBHOOK, receiver.url))
        await running.signal("p", CRISIS)

        await _failed(running)
        for number in range(5):
            await _escalate(running)
            await eventually(lambda posts=number + 2: len(receiver.posts) == posts)
        assert len(await _mails_that_wait(running)) == 1
        async with mail_server(server, reserved):
            await eventually(lambda: server.mails)
        await eventually(lambda: _none_waits(running))
        assert len(server.mails) == 1
        await _escalate(running)

        await eventually(lambda: _mails_that_wait(running))


async def test_a_mail_that_failed_is_dropped_once_somebody_resolved_its_alert_unless_sent_again_by_hand(
    database_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    running, server, reserved = await _without_mail(database_url, launch)
    by_hand = (await running.signal("p", CRISIS)).fired[0].alert_id
    by_itself = (await running.signal("q", engagement_score=0.1)).fired[0].alert_id
    await _failed(running, 2)
    await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=by_hand))
    async with running.wired.database.begin() as connection:
        over = sa.update(alerts).where(alerts.c.alert_id == by_itself)
        await connection.execute(over.values(is_resolved=True, state="resolved", resolved_by="auto"))
    await clock.forward(running, timedelta(minutes=1))
    (dropped,) = await eventually(lambda: listed(running, notification_pb2.DELIVERY_STATE_DROPPED))
    assert dropped.alert_id == by_hand
    async with running.wired.database.begin() as connection:
        await connection.execute(
            sa.update(deliveries).where(deliveries.c.delivery_id == dropped.delivery_id).values(state="dead")
        )
    await running.notifications.RetryDelivery(notification_pb2.RetryDeliveryRequest(delivery_id=dropped.delivery_id))
    async with mail_server(server, reserved):
        await clock.forward(running, timedelta(minutes=5))
        await eventually(lambda: len(server.mails) == 2)


async def test_a_message_that_tells_of_others_too_goes_out_though_its_first_alert_is_resolved(
    database_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    running, server, reserved = await _without_mail(database_url, launch)
    first = (await running.signal("p", engagement_score=0.1)).fired[0].alert_id
    await _failed(running)
    async with running.wired.database.begin() as connection:
        shared = sa.select(deliveries.c.content).where(deliveries.c.alert_id == first)
        content = (await connection.execute(shared)).scalar_one()
        line = {name: content[name] for name in ("alert_id", "severity", "title", "triggered_at")}
        told = {**content, "others": [line | {"alert_id": "another"}], "others_count": 1}
        await connection.execute(sa.update(deliveries).where(deliveries.c.alert_id == first).values(content=told))
    await running.alerts.ResolveAlert(alert_pb2.ResolveAlertRequest(alert_id=first))
    async with mail_server(server, reserved):
        await clock.forward(running, timedelta(minutes=5))
        await eventually(lambda: server.mails)


async def test_an_old_message_that_is_sent_again_is_tried_more_than_once(monitoring: Running) -> None:
    async with webhook() as receiver:
        receiver.answers = [400]
        await route(monitoring, await contact(monitoring, WEBHOOK, receiver.url))
        await monitoring.signal("p", CRISIS)
        (dead,) = await eventually(lambda: listed(monitoring, notification_pb2.DELIVERY_STATE_DEAD))
        async with monitoring.wired.database.begin() as connection:
            now = await monitoring.wired.database.now(connection)
            await connection.execute(
                sa.update(deliveries)
                .where(deliveries.c.delivery_id == dead.delivery_id)
                .values(created_at=now - timedelta(hours=25))
            )
        receiver.answers = [500]
        await monitoring.notifications.RetryDelivery(
            notification_pb2.RetryDeliveryRequest(delivery_id=dead.delivery_id)
        )
        await eventually(lambda: receiver.posts)
        assert receiver.posts[0][0]["idempotency-key"] == dead.delivery_id


async def test_a_claim_takes_of_each_lane_as_many_as_it_has_room_for_and_no_new_message_waits_for_failed_ones(
    database_url: str,
) -> None:
    await upgrade(database_url, "monitoring_svc")
    database = Database(database_url)
    now = datetime.now(UTC)
    failed = [_row(f"failed-{number}", "email", None, now - timedelta(hours=2), urgent=True) for number in range(50)]
    fresh = [_row("dull", "email", None, now - timedelta(hours=3), urgent=False)]
    fresh += [_row(f"fresh-{number}", "email", None, now - timedelta(hours=1), urgent=True) for number in range(2)]
    fresh += [_row(f"post-{number}", "webhook", None, now - timedelta(hours=1), urgent=False) for number in range(5)]
    async with database.begin() as connection:
        tried = [row | {"attempts": 3, "fence": 3, "last_error": "refused"} for row in failed]
        await connection.execute(sa.insert(deliveries), [*tried, *fresh])
    outbox = Outbox(database)
    first, again = Lane(Channel.EMAIL, again=False), Lane(Channel.EMAIL, again=True)
    posts, texts = Lane(Channel.WEBHOOK, again=False), Lane(Channel.SMS, again=False)
    claimed = await outbox.claim({first: 2, again: 4, posts: 3, texts: 8}, timedelta(seconds=30))
    names = [delivery.delivery_id for delivery, _ in claimed]
    assert {"fresh-0", "fresh-1"} < set(names)
    assert "dull" not in names
    assert [sum(name.startswith(kind) for name in names) for kind in ("failed", "post")] == [4, 3]
    assert {delivery.lane for delivery, _ in claimed} == {first, again, posts}
    rest = await outbox.claim({first: 100, again: 100, posts: 100}, timedelta(seconds=30))
    assert len(rest) == len(tried) + len(fresh) - 9
    await database.close()
