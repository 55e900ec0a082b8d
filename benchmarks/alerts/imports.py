"""The way of an alert while sessions are imported: crisis messages, one subscriber."""

import asyncio
import csv
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc

from benchmarks.alerts.command import command
from mesh.channels import channel
from mesh.identity import service_token
from monitoring_svc.settings import MonitoringSettings
from tests.aggregation_process import aggregation
from tests.integration.monitoring.conftest import KEY
from tests.integration.monitoring.processes import Process
from tests.platform import Platform

ROOT = Path(__file__).resolve().parents[1]
Latency = Callable[[Any, int], Awaitable[list[float]]]


class Reached:
    """A monitoring process that somebody else started."""

    def __init__(self, port: int) -> None:
        self.target = f"127.0.0.1:{port}"
        self._settings = MonitoringSettings(auth_secret_key=KEY)  # type: ignore[arg-type]
        self._channels: list[grpc.aio.Channel] = []

    def token(self, role: str = "service") -> str:
        return service_token(self._settings, "game" if role == "service" else "ada", role=role)

    def channel(self, role: str = "service") -> grpc.aio.Channel:
        self._channels.append(channel(self.target, self._settings, token=self.token(role)))
        return self._channels[-1]

    async def close(self) -> None:
        for one in self._channels:
            await one.close()


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


async def on_postgres(process: Process, url: str, measured: Latency, sessions: int, seconds: float) -> list[float]:
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


async def with_up(measured: Latency, sessions: int, seconds: float) -> list[float]:
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
