"""An alert through the gateway's WebSocket, beside a gRPC stream."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from tta.analytics.v1 import monitoring_pb2, monitoring_pb2_grpc
from websockets.asyncio.client import connect

from benchmarks.alerts.command import command
from tests.integration.monitoring.conftest import KEY
from tests.integration.monitoring.processes import Process
from tests.servers import free_port


async def through_websocket(
    process: Process, streams_of: Callable[[Process, int], Any], alerts: int, message: str
) -> dict[str, list[float]]:
    """Return the seconds from each signal until it arrived on a gRPC stream and on a WebSocket of the gateway."""
    port = free_port()
    gateway = {
        "TTA_AUTH_SECRET_KEY": KEY,
        "TTA_MONITORING_TARGET": f"127.0.0.1:{process.port}",
        "TTA_GATEWAY_PORT": str(port),
        "TTA_GATEWAY_HTTP_PORT": str(free_port()),
        "TTA_GATEWAY_RATE": "10000",
        "TTA_BIND": "127.0.0.1",
    }
    token = process.token("admin")
    sent: dict[str, float] = {}
    arrived: dict[str, float] = {}
    async with command("gateway", **gateway):
        await listening(port)
        address = f"ws://127.0.0.1:{port}/api/v1/alerts/stream"
        async with (
            connect(
                address, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None, compression=None
            ) as socket,
            streams_of(process, 1) as streams,
        ):

            async def hear() -> None:
                async for frame in socket:
                    content = json.loads(frame)
                    event = content.get("event", content)
                    if "alert_id" in event:
                        arrived.setdefault(event["alert_id"], time.perf_counter())

            hearing = asyncio.create_task(hear())
            stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
            for number in range(alerts):
                at = time.perf_counter()
                signal = monitoring_pb2.Signal(user_id=f"{at}-{number}", recent_messages=[message])
                answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal), timeout=60)
                sent[answer.fired[0].alert_id] = at
                await asyncio.sleep(0.02)
            await streams.all_have(set(sent))
            async with asyncio.timeout(60):
                while set(sent) - set(arrived):  # noqa: ASYNC110 waking at each would cost what is measured
                    await asyncio.sleep(0.01)
            hearing.cancel()
            return {
                "gRPC": [streams.arrived[one][0] - at for one, at in sent.items()],
                "WebSocket": [arrived[one] - at for one, at in sent.items()],
            }


async def listening(port: int) -> None:
    """Wait until a port is open."""
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
