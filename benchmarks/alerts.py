"""Alerts: from a signal to a stream, durable in PostgreSQL; how many a second; beside Alertmanager or the naive way.

Run with `python -m benchmarks.alerts [--quick] [PART...]`; the parts are those of `PARTS`, without any all of them,
about seven minutes on two quiet cores. Figures of parts that were not run stay in the results. The service runs in a
process of its own; callers and subscribers run in this one. Prometheus Alertmanager is measured in the same run where
its Debian package is installed.
"""

import asyncio
import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

import asyncpg
import grpc
import httpx
import psutil
import uvloop
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    common_pb2,
    monitoring_pb2,
    monitoring_pb2_grpc,
    rule_pb2,
    rule_pb2_grpc,
)

from benchmarks import alerts_elsewhere as elsewhere
from mesh import migrations
from tests.integration.monitoring.processes import Process
from tests.integration.monitoring.receivers import Webhook
from tests.servers import create_database, free_port, running_postgres

RESULTS = Path(__file__).parent / "results" / "alerts.json"
QUICK = "--quick" in sys.argv[1:]
FEW, LONG = (60, 5.0) if QUICK else (300, 30.0)
CALLERS = 16
BATCH = 500
MESSAGE = (
    "I was at work all day and then we went home and made dinner, and it rained again so the game with my friends was "
    "called off. I have thought about it for a long time and I am going to kill myself tonight."
)[:200].ljust(200, ".")


def spread(seconds: list[float]) -> dict[str, float]:
    """Return p50 and p99 in milliseconds."""
    cuts = quantiles(seconds, n=100)
    return {"p50_ms": round(cuts[49] * 1000, 2), "p99_ms": round(cuts[98] * 1000, 2)}


class Subscribers:
    """Streams that note when each alert of a number arrived."""

    def __init__(self, process: Any, count: int) -> None:
        self._stubs = [alert_pb2_grpc.AlertServiceStub(process.channel("admin")) for _ in range(min(count, 16))]
        self._count = count
        self._tasks: list[asyncio.Task[None]] = []
        self.arrived: dict[str, list[float]] = {}
        self._ready = 0
        self._all_ready = asyncio.Event()

    async def _follow(self, number: int) -> None:
        call = self._stubs[number % len(self._stubs)].StreamAlerts(alert_pb2.StreamAlertsRequest())
        try:
            await call.read()
            self._ready += 1
            if self._ready == self._count:
                self._all_ready.set()
            while (message := await call.read()) is not grpc.aio.EOF:
                if message.HasField("event"):
                    self.arrived.setdefault(message.event.alert_id, []).append(time.perf_counter())
        finally:
            call.cancel()

    async def __aenter__(self) -> "Subscribers":
        self._tasks = [asyncio.create_task(self._follow(number)) for number in range(self._count)]
        await self._all_ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def all_have(self, alert_ids: set[str]) -> None:
        """Wait until every subscriber has every alert."""
        async with asyncio.timeout(120):
            while any(len(self.arrived.get(one, ())) < self._count for one in alert_ids):  # noqa: ASYNC110 waking at each would cost what is measured
                await asyncio.sleep(0.01)


async def arrivals(
    process: Any, subscribers: int, *, alerts: int, per_second: float, message: str = "", stalled: bool = False
) -> list[float]:
    """Send alerts at a pace; return the seconds from each signal until each subscriber had its alert."""
    stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
    sent: dict[str, float] = {}
    sleeper = None
    if stalled:
        sleeper = alert_pb2_grpc.AlertServiceStub(process.channel("admin")).StreamAlerts(
            alert_pb2.StreamAlertsRequest(cursor="0")
        )
        await sleeper.read()
    async with Subscribers(process, subscribers) as listening:
        begin = time.perf_counter()

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
            signal = monitoring_pb2.Signal(user_id=f"{begin}-{number}", sentiment_score=0.1)
            if message:
                signal.ClearField("sentiment_score")
                signal.recent_messages.append(message)
            at = time.perf_counter()
            answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal), timeout=60)
            sent[answer.fired[0].alert_id] = at

        await asyncio.gather(*(one(number) for number in range(alerts)))
        await listening.all_have(set(sent))
        took = [arrival - sent[alert_id] for alert_id in sent for arrival in listening.arrived[alert_id]]
    if sleeper is not None:
        seen = 0
        async with asyncio.timeout(120):
            while seen < len(sent):
                got = await sleeper.read()
                seen += got.HasField("event") and got.event.alert_id in sent
        sleeper.cancel()
    return took


async def latency(process: Any, subscribers: int, **pace: Any) -> dict[str, float]:
    """Return p50 and p99 of `arrivals`."""
    return spread(await arrivals(process, subscribers, **pace))


async def crisis(target: Any, alerts: int) -> list[float]:
    """Return what crisis messages took with one subscriber at 20 alerts a second."""
    return await arrivals(target, 1, alerts=alerts, per_second=20, message=MESSAGE)


async def rate(process: Process, seconds: float) -> dict[str, Any]:
    """Have 16 callers raise as many alerts as they can; none may be lost."""
    accepted: list[str] = []
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def caller(number: int) -> None:
        stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
        count = 0
        while (at := time.perf_counter()) < end:
            count += 1
            signal = monitoring_pb2.Signal(user_id=f"{at}-{number}-{count}", sentiment_score=0.1)
            answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
            accepted.append(answer.fired[0].alert_id)
            took.append(time.perf_counter() - at)

    before = await head(process)
    begin = time.perf_counter()
    await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    elapsed = time.perf_counter() - begin
    events = await head(process) - before
    return {
        "alerts_per_second": round(len(accepted) / elapsed),
        "lost": len(set(accepted)) - events if events < len(set(accepted)) else 0,
        **spread(took),
    }


async def head(process: Process) -> int:
    """Return the last position of the log."""
    stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
    return int((await stub.ListAlerts(alert_pb2.ListAlertsRequest(page_size=1))).cursor)


async def batched(process: Process, seconds: float) -> dict[str, Any]:
    """Stream batches of signals under the built-in rules and ten rules in CEL; one in a hundred signals fires."""
    rules = rule_pb2_grpc.RuleServiceStub(process.channel("admin"))
    for number in range(10):
        definition = rule_pb2.RuleDefinition(
            rule_id=f"bench-{number}",
            title="Benchmark",
            condition=f"engagement_score < 0.0{number} && session_duration_minutes > 30.0 || sentiment_score < -0.9",
            severity=common_pb2.SEVERITY_MEDIUM,
            alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
            enabled=True,
        )
        await rules.CreateRule(rule_pb2.CreateRuleRequest(definition=definition))
    stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
    memory = psutil.Process(process.pid)
    begin, end = time.perf_counter(), time.perf_counter() + seconds
    sizes: list[int] = []

    async def batches(caller: int) -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        count = 0
        while time.perf_counter() < end:
            count += 1
            signals = [
                monitoring_pb2.Signal(
                    user_id=f"{begin}-{caller}-{count}-{number}",
                    engagement_score=0.1 if number % 100 == 0 else 0.8,
                    session_duration_minutes=25,
                    sentiment_score=0.6,
                )
                for number in range(BATCH)
            ]
            yield monitoring_pb2.IngestSignalsRequest(signals=signals)
            sizes.append(memory.memory_info().rss)

    answers = await asyncio.gather(*(stub.IngestSignals(batches(caller), timeout=600) for caller in range(2)))
    elapsed = time.perf_counter() - begin
    accepted = sum(answer.accepted for answer in answers)
    opened = sum(answer.alerts_opened for answer in answers)
    settled, last = sizes[len(sizes) // 2], sizes[-1]
    return {
        "signals_per_second": round(accepted / elapsed),
        "alerts": opened,
        "lost": accepted // 100 - opened,
        "memory_growth_second_half_mb": round((last - settled) / 2**20, 1),
    }


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


async def beside(seconds: float) -> dict[str, Any] | None:
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


async def fresh(server: Any, name: str) -> Process:
    """Start the service on a database of its own and warm it."""
    url = await create_database(server, name)
    await migrations.upgrade(url, "monitoring_svc")
    process = Process(url)
    await process.start()
    await latency(process, 1, alerts=40, per_second=100)
    return process


async def subscribers(server: Any) -> dict[str, Any]:
    """1, 100 and 1,000 subscribers, with a number and with a message."""
    process = await fresh(server, "latencies")
    found = {}
    for message in ("", MESSAGE):
        for count, alerts, pace in ((1, FEW, 50), (100, FEW, 20), (1000, FEW // 6, 5)):
            name = f"{count:,} subscribers, {pace} alerts/s" + (", message" if message else "")
            found[name] = await latency(process, count, alerts=alerts, per_second=pace, message=message)
    await process.close()
    return found


async def stalled(server: Any) -> dict[str, Any]:
    """Ten subscribers without and with one more that does not read."""
    process = await fresh(server, "stalled")
    found = {
        "10 subscribers": await latency(process, 10, alerts=FEW, per_second=50),
        "10 subscribers, another stalled": await latency(process, 10, alerts=FEW, per_second=50, stalled=True),
    }
    await process.close()
    return found


async def rates(server: Any) -> dict[str, Any]:
    """Sixteen callers as fast as they can."""
    process = await fresh(server, "rates")
    found = {"16 callers": await rate(process, LONG)}
    await process.close()
    return found


async def batches(server: Any) -> dict[str, Any]:
    """Streamed batches under the built-in rules and ten in CEL."""
    process = await fresh(server, "batches")
    found = {"batches, 14 rules": await batched(process, LONG)}
    await process.close()
    return found


async def websocket(server: Any) -> dict[str, Any]:
    """The gateway's WebSocket beside a gRPC stream."""
    process = await fresh(server, "websocket")
    took = await elsewhere.through_websocket(process, Subscribers, FEW, MESSAGE)
    await process.close()
    found: dict[str, Any] = {f"through {name}": spread(seconds) for name, seconds in took.items()}
    found["WebSocket's extra"] = {
        "p50_ms": round(found["through WebSocket"]["p50_ms"] - found["through gRPC"]["p50_ms"], 2)
    }
    return found


async def import_postgres(server: Any) -> dict[str, Any]:
    """While aggregation imports sessions into the same PostgreSQL."""
    process = await fresh(server, "importing")
    url = await create_database(server, "facts")
    took = await elsewhere.beside_import_on_postgres(process, url, crisis, 30_000 if QUICK else 2_000_000, LONG * 2)
    await process.close()
    return {"while PostgreSQL imports": spread(took) | {"alerts": len(took)}}


async def import_up(server: Any) -> dict[str, Any]:
    """On `up` with SQLite, while a million sessions are imported."""
    del server
    took = await elsewhere.beside_import_with_up(crisis, 30_000 if QUICK else 1_000_000, LONG * 4)
    return {"up on SQLite, while it imports": spread(took) | {"alerts": len(took)}}


async def others(server: Any) -> dict[str, Any]:
    """The naive way, and Alertmanager."""
    found: dict[str, Any] = {
        "naive: a transaction an alert": await naive(await create_database(server, "naive"), LONG / 3)
    }
    if figures := await beside(LONG / 3):
        found["Prometheus Alertmanager"] = figures
    return found


PARTS = {
    "subscribers": subscribers,
    "stalled": stalled,
    "rates": rates,
    "batches": batches,
    "websocket": websocket,
    "import-postgres": import_postgres,
    "import-up": import_up,
    "others": others,
}


async def measure(server: Any, parts: list[str]) -> dict[str, Any]:
    """Run the parts, each on a database of its own."""
    results: dict[str, Any] = {"machine": f"{platform.machine()}, {psutil.cpu_count()} cores", "quick": QUICK}
    for part in parts:
        began = time.perf_counter()
        found = await PARTS[part](server)
        for name, figures in found.items():
            show(name, figures)
        print(f"({part}: {time.perf_counter() - began:.0f} s)", flush=True)
        results |= found
    return results


def show(name: str, figures: dict[str, Any]) -> None:
    """Print one line of the table."""
    print(f"{name:44} " + "  ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def main() -> None:
    """Print the table and write `results/alerts.json`."""
    asked = [one for one in sys.argv[1:] if not one.startswith("--")]
    if unknown := set(asked) - set(PARTS):
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}.")
    with running_postgres() as server:
        results = uvloop.run(measure(server, asked or list(PARTS)))
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if asked and RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps(kept | results, indent=2) + "\n")


if __name__ == "__main__":
    main()
