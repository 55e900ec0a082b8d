"""Monitoring as a process of its own, to be stopped and killed like one."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import grpc

from mesh.channels import channel
from monitoring_svc.settings import MonitoringSettings
from tests.integration.monitoring.conftest import KEY
from tests.servers import free_port
from tests.tokens import lasting_token

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """One replica."""

    def __init__(self, url: str, **settings: Any) -> None:
        self.port = free_port()
        values = {
            "database_url": url,
            "auth_secret_key": KEY,
            "pseudonym_key": KEY,
            "seal_key": KEY,
            "audit_key": KEY,
            "monitoring_port": self.port,
            "monitoring_http_port": free_port(),
            "bind": "127.0.0.1",
            "advertise": f"127.0.0.1:{self.port}",
            "signal_consent": "unless_refused",
        } | settings
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TTA_")}
        self.environment |= {f"TTA_{name.upper()}": str(value) for name, value in values.items()}
        self.environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'generated'}"
        self.settings = MonitoringSettings(auth_secret_key=KEY)  # type: ignore[arg-type]
        self._process: asyncio.subprocess.Process | None = None
        self._channels: list[grpc.aio.Channel] = []

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitoring_svc"),
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(180):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    return

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def token(self, role: str = "service") -> str:
        return lasting_token(self.settings, "game" if role == "service" else "ada", role=role)

    def channel(self, role: str = "service") -> grpc.aio.Channel:
        made = channel(self.target, self.settings, token=self.token(role))
        self._channels.append(made)
        return made

    async def send(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            await self._process.wait()

    async def kill(self) -> None:
        await self.send(signal.SIGKILL)

    async def close(self) -> None:
        for one in self._channels:
            await one.close()
        if self._process is not None and self._process.returncode is None:
            await self.kill()
