"""What must hold when monitoring is killed again and again under load."""

import asyncio
import random
from contextlib import suppress

import grpc
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    monitoring_pb2,
    monitoring_pb2_grpc,
    notification_pb2,
    notification_pb2_grpc,
)

from mesh import migrations
from tests.integration.monitoring.conftest import CRISIS, eventually
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import webhook


async def survive(url: str, kills: int, seed: int = 7) -> None:
    """Kill the process `kills` times under load; what it answered OK has its alert, its event and its message."""
    await migrations.upgrade(url, "monitoring_svc")
    chance = random.Random(seed)
    process = Process(url)
    accepted: list[str] = []
    seen: list[tuple[int, str]] = []
    stop = asyncio.Event()

    async def load(caller: int) -> None:
        stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
        number = 0
        while not stop.is_set():
            number += 1
            signal = monitoring_pb2.Signal(user_id=f"{caller}-{number}", recent_messages=[CRISIS])
            try:
                answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal), timeout=5)
                accepted.append(answer.fired[0].alert_id)
            except grpc.aio.AioRpcError:
                await asyncio.sleep(0.05)

    async def subscribe() -> None:
        cursor = "0"
        while not stop.is_set() or (seen and seen[-1][0] < last):
            stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
            with suppress(grpc.aio.AioRpcError):
                async for message in stub.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor=cursor)):
                    if message.HasField("event"):
                        seen.append((message.event.position, message.event.alert_id))
                    cursor = message.cursor
                    if stop.is_set() and seen and seen[-1][0] >= last:
                        return
            await asyncio.sleep(0.05)

    last = 1 << 60
    async with webhook() as receiver:
        await process.start()
        await _route(process, receiver.url)
        working = [asyncio.create_task(load(caller)) for caller in range(4)]
        listening = asyncio.create_task(subscribe())
        try:
            for _ in range(kills):
                before = len(accepted)
                await eventually(lambda before=before: len(accepted) > before + chance.randrange(40), 180)
                await process.kill()
                await process.start()
            before = len(accepted)
            await eventually(lambda: len(accepted) > before + 20, 180)
            stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
            stop.set()
            await asyncio.gather(*working)
            cursor = (await stub.ListAlerts(alert_pb2.ListAlertsRequest(page_size=1))).cursor
            last = int(cursor.partition(".")[0])
            await asyncio.wait_for(listening, 180)
            assert set(accepted) <= {alert_id for _, alert_id in seen}
            positions = [position for position, _ in seen]
            assert positions == sorted(positions)
            assert sorted(set(positions)) == list(range(1, max(positions) + 1))
            assert accepted
            await eventually(lambda: set(accepted) <= _told(receiver.posts), 180)
        finally:
            stop.set()
            for task in (*working, listening):
                task.cancel()
            await asyncio.gather(*working, listening, return_exceptions=True)
            await process.close()


def _told(posts: list[tuple[dict[str, str], dict[str, object], bytes]]) -> set[object]:
    return {content["alert_id"] for _, content, _ in posts}


async def _route(process: Process, url: str) -> None:
    stub = notification_pb2_grpc.NotificationServiceStub(process.channel("admin"))
    made = await stub.CreateContact(
        notification_pb2.CreateContactRequest(
            definition=notification_pb2.ContactDefinition(
                name="on call", channel=notification_pb2.CHANNEL_WEBHOOK, address=url, enabled=True
            )
        )
    )
    await stub.CreateRoute(
        notification_pb2.CreateRouteRequest(
            definition=notification_pb2.RouteDefinition(name="all", contact_ids=[made.contact_id], enabled=True)
        )
    )
