"""A database that comes back older than what the process remembers: restored, or a standby that lagged."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tta.analytics.v1 import alert_pb2, monitoring_pb2

from monitoring_svc.adapters import event_stream
from monitoring_svc.adapters.store.tables import alert_events, alert_log, contacts, routes
from tests.integration.monitoring.conftest import CRISIS, Launch, Running, eventually
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.test_notifications import WEBHOOK, contact, route


async def go_back(running: Running, position: int) -> None:
    """Take the log of the database back to a position."""
    async with running.wired.database.begin() as connection:
        await connection.execute(sa.delete(alert_events).where(alert_events.c.position > position))
        await connection.execute(sa.update(alert_log).values(head=position))


async def listen(running: Running, after: int, count: int) -> asyncio.Task[list[tuple[int, str]]]:
    """Open a stream after a position; what comes is its first so many events, by place and alert."""
    stream = running.wired.stream
    await eventually(lambda: stream.subscribers == 0)

    async def hear() -> list[tuple[int, str]]:
        told: list[tuple[int, str]] = []
        async for events in stream.after(after, heartbeat=30):
            told += [(event.position, event.alert.alert_id) for event in events]
            if len(told) >= count:
                break
        return told

    listening = asyncio.create_task(hear())
    await eventually(lambda: stream.subscribers == 1)
    return listening


@pytest.mark.parametrize("players", [1, 3, 4], ids=["short of", "at", "past"])
async def test_alerts_after_a_log_went_back_reach_the_streams_also_past_where_it_was(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch, players: int
) -> None:
    monkeypatch.setattr(event_stream, "LOOK_EVERY", 60.0)
    running = await launch(postgres_url)
    for number in range(5):
        await running.signal(f"p{number}", engagement_score=0.1)
    await running.events(5)
    listening = await listen(running, 5, players)
    await go_back(running, 2)

    async def batch() -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        signals = [monitoring_pb2.Signal(user_id=f"later-{number}", sentiment_score=0.1) for number in range(players)]
        yield monitoring_pb2.IngestSignalsRequest(signals=signals)

    assert (await running.game.IngestSignals(batch())).alerts_opened == players
    told = await asyncio.wait_for(listening, 60)
    stored = await running.events(2 + players)
    assert told == [(event.position, event.alert_id) for event in stored[2:]]
    assert [event.position for event in stored] == list(range(1, 3 + players))


@pytest.mark.parametrize("players", [1, 3, 4], ids=["short of", "at", "past"])
async def test_a_subscriber_that_was_away_while_the_log_went_back_is_told_what_it_holds_instead(
    database_url: str, launch: Launch, players: int
) -> None:
    running = await launch(database_url)
    for number in range(5):
        await running.signal(f"p{number}", engagement_score=0.1)
    listed = (await running.alerts.ListAlerts(alert_pb2.ListAlertsRequest())).cursor
    streamed = await last_cursor(running, 5)
    assert listed == streamed
    await go_back(running, 2)
    await grow_old(running)
    await running.stop()
    running = await launch(database_url)
    for number in range(players):
        await running.signal(f"later-{number}", engagement_score=0.1)
    stored = await running.events(2 + players)
    assert await running.events(players, cursor=streamed) == stored[2:]


async def grow_old(running: Running) -> None:
    """Let what the log holds have happened long ago."""
    async with running.wired.database.begin() as connection:
        old = await running.wired.database.now(connection) - timedelta(hours=2)
        await connection.execute(sa.update(alert_events).values(occurred_at=old))


async def last_cursor(running: Running, count: int) -> str:
    """Return the cursor of the last of so many messages with an event."""
    call = running.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor="0"))
    async for message in call:
        count -= message.HasField("event")
        if not count:
            call.cancel()
            return str(message.cursor)
    raise AssertionError("the stream ended")


async def test_what_another_replica_wrote_where_a_log_had_been_is_told_before_what_follows_it(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "LOOK_EVERY", 60.0)
    one, other = await launch(postgres_url), await launch(postgres_url)
    for number in range(3):
        await one.signal(f"p{number}", engagement_score=0.1)
    listening = await listen(one, 3, 2)
    await go_back(one, 2)
    await lose_the_logs_connection(one)
    theirs = (await other.signal("theirs", engagement_score=0.1)).fired[0]
    ours = (await one.signal("ours", engagement_score=0.1)).fired[0]
    assert await asyncio.wait_for(listening, 60) == [(3, theirs.alert_id), (4, ours.alert_id)]


async def test_pages_go_to_whom_people_arranged_after_the_log_went_back(postgres_url: str, launch: Launch) -> None:
    one, other = await launch(postgres_url), await launch(postgres_url)
    async with webhook() as lost, webhook() as arranged:
        await route(other, await contact(other, WEBHOOK, lost.url))
        await one.signal("before", CRISIS)
        await eventually(lambda: lost.posts)
        async with one.wired.database.begin() as connection:
            await connection.execute(sa.delete(routes))
            await connection.execute(sa.delete(contacts))
            await connection.execute(sa.update(alert_log).values(arrangements_version=0))
        await lose_the_logs_connection(one)
        await route(other, await contact(other, WEBHOOK, arranged.url))
        await one.signal("after", CRISIS)
        await eventually(lambda: arranged.posts)


async def lose_the_logs_connection(running: Running) -> None:
    connection = running.wired.log._sessions._connection
    async with running.wired.database.begin() as admin:
        await admin.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.get_server_pid()})
    await eventually(connection.is_closed)


async def test_alerts_committed_while_the_stream_looks_are_told_once(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "LOOK_EVERY", 3600.0)  # else the stream looks by itself too, between ours
    running = await launch(postgres_url)
    stream, reader = running.wired.stream, running.wired.stream._alerts
    bounds, told = reader.bounds, list[int]()
    monkeypatch.setattr(event_stream, "PAGE", 1)
    await running.signal("before", engagement_score=0.1)
    listening = stream.after(0, heartbeat=30)

    async def hear() -> None:
        told.extend(event.position for event in await anext(listening))

    async def slow() -> tuple[int, int]:
        found = await bounds()
        await running.signal("meanwhile", engagement_score=0.1)
        await hear()
        return found

    await hear()
    monkeypatch.setattr(reader, "bounds", slow)
    await stream._catch_up()
    monkeypatch.setattr(reader, "bounds", bounds)
    await running.signal("after", engagement_score=0.1)
    await hear()
    assert told == [1, 2, 3]
    await listening.aclose()
