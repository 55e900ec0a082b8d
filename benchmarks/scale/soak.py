"""Ten minutes of ingest at half of what the service can: memory, latency, descriptors and tasks must stay flat."""

import asyncio
import random
import statistics
import time
from typing import Any

import httpx
import psutil
from tta.analytics.v1.ingestion_pb2 import IngestSummary

from benchmarks.ingest import PATH, SESSIONS_A_MESSAGE, enrol, message, send
from mesh.channels import channel
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation
from tests.servers import create_database, running_postgres

READING_SECONDS = 5.0


async def measure(*, quick: bool) -> dict[str, Any]:
    """Find the limit, then send at half of it for ten minutes."""
    with running_postgres(durable=True) as server:
        url = await create_database(server, "soak")
        with aggregation(url) as process:
            await enrol(process)
            source, now = random.Random(3), int(time.time())
            count = 40 if quick else 400
            first = [message(number * SESSIONS_A_MESSAGE, source, now) for number in range(count)]
            limit, _ = await send(process, first)
            return {"limit per_s": limit, **await _soaked(process, limit / 2, 60.0 if quick else 600.0)}


async def _soaked(process: Process, per_second: float, seconds: float) -> dict[str, Any]:
    """Send a message at a time at a pace; return how latency and memory of the last quarter differ from the second."""
    gap = SESSIONS_A_MESSAGE / per_second
    source, now = random.Random(4), int(time.time())
    watched = psutil.Process(process.pid)
    took: list[tuple[float, float]] = []
    readings: list[tuple[float, float, float, float]] = []
    began, sent = time.perf_counter(), 1_000_000
    next_reading = 0.0
    async with channel(process.target, process.settings, token=lambda: _token(process)) as one:
        call: Any = one.stream_unary(
            PATH, request_serializer=lambda ready: ready, response_deserializer=IngestSummary.FromString
        )

        async def single(ready: bytes) -> Any:
            yield ready

        while (at := time.perf_counter() - began) < seconds:
            ready = message(sent * SESSIONS_A_MESSAGE, source, now)
            sent += 1
            started = time.perf_counter()
            await call(single(ready), timeout=60)
            took.append((at, time.perf_counter() - started))
            if at >= next_reading:
                readings.append(
                    (at, watched.memory_info().rss / 2**20, float(watched.num_fds()), await _tasks(process))
                )
                next_reading = at + READING_SECONDS
            await asyncio.sleep(max(0.0, began + (len(took) * gap) - time.perf_counter()))
    return {
        "seconds": seconds,
        "sent per_s": len(took) * SESSIONS_A_MESSAGE / seconds,
        **_quarters("latency ms", [(at, 1000 * value) for at, value in took], seconds),
        **_quarters("memory mb", [(at, memory) for at, memory, _, _ in readings], seconds),
        **_quarters("descriptors", [(at, files) for at, _, files, _ in readings], seconds),
        **_quarters("tasks", [(at, tasks) for at, _, _, tasks in readings], seconds),
    }


def _quarters(name: str, values: list[tuple[float, float]], seconds: float) -> dict[str, float]:
    """Return medians of the second and of the last quarter, and the drift between them."""

    def median(first: float, last: float) -> float:
        return statistics.median(value for at, value in values if first <= at < last)

    early, late = median(seconds / 4, seconds / 2), median(seconds * 3 / 4, seconds)
    return {f"{name}, second quarter": early, f"{name}, last quarter": late, f"{name}, drift": late / early - 1}


def _token(process: Process) -> str:
    return service_token(process.settings, "benchmark")


async def _tasks(process: Process) -> float:
    """Return the tasks of the service's event loop."""
    async with httpx.AsyncClient(trust_env=False) as client:
        text = (await client.get(process.metrics_url)).text
    (line,) = (line for line in text.splitlines() if line.startswith("tta_analytics_event_loop_tasks "))
    return float(line.rpartition(" ")[2])
