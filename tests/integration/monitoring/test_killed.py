"""Accepted means durable, whatever is killed next."""

import asyncio
import signal

import grpc
import pytest
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    monitoring_pb2,
    monitoring_pb2_grpc,
)

from mesh import migrations
from tests.integration.monitoring.conftest import CRISIS, eventually
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import webhook
from tests.integration.monitoring.surviving import _route, survive

pytestmark = pytest.mark.kills


@pytest.mark.timeout(600)
async def test_killed_under_load_it_loses_nothing_that_it_accepted(database_url: str) -> None:
    await survive(database_url, kills=2)


@pytest.mark.timeout(600)
async def test_escalation_goes_on_after_a_kill(postgres_url: str) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    process = Process(postgres_url)
    async with webhook() as receiver:
        await process.start()
        await _route(process, receiver.url)
        stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
        signal_ = monitoring_pb2.Signal(user_id="p", recent_messages=[CRISIS])
        await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal_))
        await process.kill()
        await process.start()
        await eventually(lambda: any(post[1]["reason"] == "escalated" for post in receiver.posts), 180)
    await process.close()


@pytest.mark.timeout(600)
async def test_sigterm_ends_streams_with_a_cursor_and_exits_in_order(postgres_url: str) -> None:
    await migrations.upgrade(postgres_url, "monitoring_svc")
    process = Process(postgres_url)
    await process.start()
    stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
    call = stub.StreamAlerts(alert_pb2.StreamAlertsRequest())
    await call.read()
    stopping = asyncio.create_task(process.send(signal.SIGTERM))
    last = await call.read()
    while not last.ending:  # Heartbeats, where the signal or the process takes its time.
        assert not last.HasField("event")
        last = await call.read()
    assert last.cursor
    assert await call.read() is grpc.aio.EOF
    await stopping
    await process.close()
