"""The way of an alert when others are at work: through the gateway's WebSocket, and while sessions are imported.

Parts of `python -m benchmarks.alerts`; each starts what it needs and measures crisis messages with one subscriber.
"""

import asyncio
import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
from tta.analytics.v1 import monitoring_pb2, monitoring_pb2_grpc
from websockets.asyncio.client import connect

from mesh.channels import channel
from mesh.identity import service_token
from monitoring_svc.settings import MonitoringSettings
from tests.aggregation_process import aggregation
from tests.integration.monitoring.conftest import KEY
from tests.integration.monitoring.processes import Process
from tests.platform import Platform
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
Latency = Callable[[Any, int], Awaitable[list[float]]]


class Reached:
    """A monitoring process that somebody else started."""

    def __init__(self, port: int) -> None:
        self._target = f"127.0.0.1:{port}"
        self._settings = MonitoringSettings(auth_secret_key=KEY)  # type: ignore[arg-type]
        self._channels: list[grpc.aio.Channel] = []

    def channel(self, role: str = "service") -> grpc.aio.Channel:
        token = service_token(self._settings, "game" if role == "service" else "ada", role=role)
        self._channels.append(channel(self._target, self._settings, token=token))
        return self._channels[-1]

    async def close(self) -> None:
        for one in self._channels:
            await one.close()


@asynccontextmanager
async def command(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a process until the block ends."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TTA_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'generated'}", **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


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
    token = service_token(process.settings, "ada", role="admin")
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


def write_sessions(file: Path, count: int) -> None:
    """Write so many simulated sessions of 20,000 players, of the last 30 days."""
    now = datetime.now(UTC)
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["user_id", "session_id", "started_at", "duration_minutes", "interaction_count"])
        rows.writerows(
            [f"player-{one % 20_000}", f"s-{one}", (now - timedelta(seconds=one % 2_592_000)).isoformat(), one % 60, 7]
            for one in range(count)
        )


async def during(importing: asyncio.subprocess.Process, measured: Latency, target: Any, seconds: float) -> list[float]:
    """Measure until the import ends or the time is over."""
    took: list[float] = []
    end = time.perf_counter() + seconds
    while importing.returncode is None and time.perf_counter() < end:
        took += await measured(target, 40)
    if importing.returncode:
        raise RuntimeError(f"The import ended with {importing.returncode}: nothing was measured beside it.")
    return took


async def beside_import_on_postgres(
    process: Process, url: str, measured: Latency, sessions: int, seconds: float
) -> list[float]:
    """Measure while aggregation imports sessions into another database of the same PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, aggregation(url) as served:
        file = Path(folder) / "sessions.csv"
        write_sessions(file, sessions)
        secret = served.settings.auth_secret_key
        assert secret is not None
        access = {"TTA_AGGREGATION_TARGET": served.target, "TTA_AUTH_SECRET_KEY": secret.get_secret_value()}
        asked = ("tta_analytics", "import", "sessions", str(file), "--consent", "asserted")
        async with command(*asked, **access) as importing:
            return await during(importing, measured, process, seconds)


async def beside_import_with_up(measured: Latency, sessions: int, seconds: float) -> list[float]:
    """Measure on `up` with SQLite while sessions are imported through it."""
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform(Path(folder) / "up", {"TTA_AUTH_SECRET_KEY": KEY})
        file = Path(folder) / "sessions.csv"
        write_sessions(file, sessions)
        await asyncio.to_thread(platform.start)
        target = Reached(int(platform.settings["TTA_MONITORING_PORT"]))
        try:
            await measured(target, 40)
            asked = ("tta_analytics", "import", "sessions", str(file), "--consent", "asserted")
            async with command(*asked, **platform.settings) as importing:
                return await during(importing, measured, target, seconds)
        finally:
            await target.close()
            await asyncio.to_thread(platform.stop)
