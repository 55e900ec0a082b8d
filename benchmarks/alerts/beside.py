"""What stands beside: one transaction an alert, as one would first write it, and Prometheus Alertmanager."""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from benchmarks.alerts.latency import spread
from benchmarks.alerts.rates import CALLERS
from tests.integration.monitoring.receivers import Webhook
from tests.servers import free_port


async def naive(url: str, seconds: float) -> dict[str, Any]:
    """One transaction an alert, as one would first write it: two inserts and a commit from 16 callers."""
    pool = await asyncpg.create_pool(url, min_size=10, max_size=10)
    await pool.execute("CREATE TABLE naive_alerts (id text PRIMARY KEY, body jsonb)")
    await pool.execute("CREATE TABLE naive_events (id bigserial PRIMARY KEY, body jsonb)")
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def caller(number: int) -> None:
        count = 0
        while (at := time.perf_counter()) < end:
            count += 1
            async with pool.acquire() as connection, connection.transaction():
                body = json.dumps({"severity": "high", "title": "Low sentiment", "count": count})
                await connection.execute("INSERT INTO naive_alerts VALUES ($1, $2)", f"{number}-{count}", body)
                await connection.execute("INSERT INTO naive_events (body) VALUES ($1)", body)
            took.append(time.perf_counter() - at)

    await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    await pool.close()
    return {"alerts_per_second": round(len(took) / seconds), **spread(took)}


@asynccontextmanager
async def alertmanager(receiver: Webhook) -> AsyncIterator[str | None]:
    """Run Prometheus Alertmanager with a webhook, if it is installed."""
    binary = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if binary is None:
        print("Prometheus Alertmanager is not installed (Debian: prometheus-alertmanager): not measured.")
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        config.write_text(
            f"route: {{receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1s}}\n"
            f"receivers: [{{name: hook, webhook_configs: [{{url: '{receiver.url}', send_resolved: false}}]}}]\n"
        )
        process = await asyncio.create_subprocess_exec(
            *(binary, f"--config.file={config}", f"--storage.path={folder}/data", "--cluster.listen-address="),
            f"--web.listen-address=127.0.0.1:{port}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                with suppress(httpx.HTTPError):
                    if (await client.get(f"{url}/-/ready")).is_success:
                        break
                await asyncio.sleep(0.05)
        try:
            yield url
        finally:
            process.terminate()
            await process.wait()


async def alertmanager_figures(seconds: float) -> dict[str, Any] | None:
    """Measure Alertmanager: post to webhook, and posts a second from 16 callers."""
    receiver = Webhook()
    arrived: dict[str, float] = {}

    def note(content: dict[str, Any]) -> None:
        for alert in content["alerts"]:
            arrived.setdefault(alert["labels"]["alertname"], time.perf_counter())

    receiver.note = note
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with alertmanager(receiver) as url, httpx.AsyncClient() as client:
        if url is None:
            return None
        sent: dict[str, float] = {}
        for number in range(200):
            sent[f"a{number}"] = time.perf_counter()
            await client.post(f"{url}/api/v2/alerts", json=[{"labels": {"alertname": f"a{number}"}}])
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.0)
        took = [arrived[name] - at for name, at in sent.items() if name in arrived]
        end, posted = time.perf_counter() + seconds, 0

        async def caller(number: int) -> None:
            nonlocal posted
            count = 0
            while time.perf_counter() < end:
                count += 1
                await client.post(f"{url}/api/v2/alerts", json=[{"labels": {"alertname": f"{number}-{count}"}}])
                posted += 1

        await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    server.close()
    return {**spread(took), "alerts_per_second": round(posted / seconds), "durable": False}
