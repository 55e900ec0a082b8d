"""A database that comes back older than what the process remembers: restored, or a standby that lagged."""

import asyncio

import pytest
import sqlalchemy as sa

from monitoring_svc.adapters import event_stream
from monitoring_svc.adapters.store.tables import alert_events, alert_log
from monitoring_svc.domain.alert import AlertEvent
from tests.integration.monitoring.conftest import Launch, eventually


async def test_alerts_after_a_log_went_back_reach_the_streams(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url)
    stream = running.wired.stream
    for number in range(5):
        await running.signal(f"p{number}", engagement_score=0.1)

    async def first() -> AlertEvent:
        async for events in stream.after(5, heartbeat=30):
            for event in events:
                return event
        raise AssertionError("the stream ended")

    listening = asyncio.create_task(first())
    await eventually(lambda: stream.subscribers == 1)
    async with running.wired.database.begin() as connection:
        await connection.execute(sa.delete(alert_events).where(alert_events.c.position > 2))
        await connection.execute(sa.update(alert_log).values(head=2))
    fired = (await running.signal("later", sentiment_score=0.1)).fired
    event = await asyncio.wait_for(listening, 20)
    assert (event.position, event.alert.alert_id) == (3, fired[0].alert_id)
    assert [one.position for one in await running.events(3)] == [1, 2, 3]


async def test_alerts_committed_while_the_stream_looks_are_told_once(
    postgres_url: str, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await launch(postgres_url)
    stream, reader = running.wired.stream, running.wired.stream._alerts
    bounds, told = reader.bounds, list[int]()
    monkeypatch.setattr(event_stream, "PAGE", 1)
    await running.signal("before", engagement_score=0.1)
    listening = stream.after(0, heartbeat=30)

    async def listen() -> None:
        told.extend(event.position for event in await anext(listening))

    async def slow() -> tuple[int, int]:
        found = await bounds()
        await running.signal("meanwhile", engagement_score=0.1)
        await listen()
        return found

    await listen()
    monkeypatch.setattr(reader, "bounds", slow)
    await stream._catch_up()
    monkeypatch.setattr(reader, "bounds", bounds)
    await running.signal("after", engagement_score=0.1)
    await listen()
    assert told == [1, 2, 3]
    await listening.aclose()
