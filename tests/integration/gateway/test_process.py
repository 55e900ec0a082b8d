"""The gateway as a process: settings in, ports open, an orderly end."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gateway import health
from gateway.process import start
from gateway.settings import GatewaySettings
from tests.gateway_services import running_services
from tests.servers import free_port


@pytest.fixture
def ports() -> list[int]:
    return [free_port() for _ in range(5)]


@pytest.fixture
def process(ports: list[int]) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "TTA_AUTH": "off",
        "TTA_GATEWAY_PORT": str(ports[0]),
        "TTA_GATEWAY_LEGACY_PORTS": ",".join(map(str, ports[1:4])),
        "TTA_GATEWAY_HTTP_PORT": str(ports[4]),
        "TTA_AGGREGATION_TARGET": "127.0.0.1:9",
    }
    command, root = [sys.executable, "-m", "gateway"], Path(__file__).parents[3]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as running:
        yield running
        running.kill()


def test_it_serves_every_port_says_that_it_is_open_to_all_and_ends_when_told(
    process: subprocess.Popen[str], ports: list[int]
):
    assert process.stderr is not None
    assert process.stdout is not None
    assert "TTA_AUTH=off" in process.stderr.readline()
    while '"started"' not in process.stdout.readline():
        pass
    with httpx.Client(trust_env=False, timeout=60) as client:
        for port in ports[:4]:
            health = client.get(f"http://127.0.0.1:{port}/health").json()
            assert health["status"] == "degraded"
            names = ("gateway", "aggregation", "reporting", "monitoring")
            assert health["service"] == names[ports.index(port)]
        # At once: the gateway waits up to two seconds for a service that is away.
        with ThreadPoolExecutor() as at_once:
            answers = at_once.map(lambda port: client.get(f"http://127.0.0.1:{port}/api/v1/releases"), ports[:4])
            assert [(got.status_code, got.json()["reason"]) for got in answers] == [(503, "unavailable")] * 4
        assert client.get(f"http://127.0.0.1:{ports[4]}/readyz").text == "ok"
        metrics = client.get(f"http://127.0.0.1:{ports[4]}/metrics").text
    assert 'tta_analytics_gateway_requests_total{route="GET /api/v1/releases",status="503"} 4.0' in metrics
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TTA_GATEWAY_RATE", "-1"),
        ("TTA_GATEWAY_PORT", "70000"),
        ("TTA_GATEWAY_TIMEOUT", "soon"),
        ("TTA_GATEWAY_LINGER", "20s"),
    ],
)
def test_a_wrong_setting_stops_it_with_one_line(name: str, value: str):
    environment = {**os.environ, "TTA_AUTH": "off", name: value}
    done = subprocess.run(
        [sys.executable, "-m", "gateway"], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"{name}: ")
    assert done.stderr.count("\n") == 1


async def test_it_can_be_started_within_a_loop(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "_PATIENCE", 60.0)
    async with running_services() as (_, port):
        targets = dict.fromkeys(("aggregation_target", "monitoring_target", "reporting_target"), f"127.0.0.1:{port}")
        settings = GatewaySettings(auth="off", gateway_port=0, gateway_http_port=0, **targets)
        running = await start(settings)
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            got = await client.get(f"http://127.0.0.1:{running.ports[0]}/health")
        assert got.json()["status"] == "healthy"
        await running.stop()


async def test_while_it_lingers_it_is_not_ready_and_answers_every_request_as_the_last_one_of_its_connection():
    """A proxy sees it out by its readiness; until then neither a kept connection nor a new one is broken off."""
    settings = GatewaySettings(auth="off", gateway_port=0, gateway_http_port=0, gateway_linger="8s")
    running = await start(settings)
    url, ready = f"http://127.0.0.1:{running.ports[0]}/static/page.mjs", f"http://127.0.0.1:{running.http_port}/readyz"
    async with (
        httpx.AsyncClient(trust_env=False, timeout=60) as kept,
        httpx.AsyncClient(trust_env=False, timeout=60) as new,
        httpx.AsyncClient(trust_env=False, timeout=60) as proxy,
    ):
        before = await kept.get(url)
        assert (before.status_code, before.headers.get("connection")) == (200, None)
        stopping = asyncio.create_task(running.stop())
        while (await proxy.get(ready)).status_code == 200:
            assert not stopping.done()
        for client in (kept, new, kept):
            got = await client.get(url)
            assert (got.status_code, got.headers["connection"]) == (200, "close")
        assert not stopping.done()
        await stopping
        with pytest.raises(httpx.ConnectError):
            await new.get(url)
