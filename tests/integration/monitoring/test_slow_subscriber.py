"""One subscriber that stops reading slows nobody, and receives everything when it reads again."""

import asyncio

from tta.analytics.v1 import alert_pb2, monitoring_pb2

from tests.integration.monitoring.conftest import Launch


async def test_a_subscriber_that_stops_reading_catches_up_from_the_database(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, stream_kept=64)
    slow = running.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest())
    await slow.read()
    for part in range(12):
        signals = [
            monitoring_pb2.Signal(user_id=f"p{part}-{number}", engagement_score=0.1, measures={"x": 1.0})
            for number in range(250)
        ]

        async def batches(signals=signals):
            yield monitoring_pb2.IngestSignalsRequest(signals=signals)

        await running.game.IngestSignals(batches())
    others = await running.events(3000)
    assert len(others) == 3000
    seen: list[int] = []
    async with asyncio.timeout(60):
        while len(seen) < 3000:
            message = await slow.read()
            if message.HasField("event"):
                seen.append(message.event.position)
    assert seen == list(range(1, 3001))
    slow.cancel()
