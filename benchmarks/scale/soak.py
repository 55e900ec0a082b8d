"""Ten minutes of ingest at half of what the service can: memory, latency, descriptors and tasks must stay flat."""

import asyncio
import random
import re
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import psutil
from tta.analytics.v1.ingestion_pb2 import IngestSummary

from benchmarks.ingest import PATH, SESSIONS_A_MESSAGE, enrol, message, postgres_floor, send
from benchmarks.scale.growth import Point, an_hour
from mesh.channels import channel
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation
from tests.servers import create_database, running_postgres

READING_SECONDS = 5.0
IN_FLIGHT = 8
"""Messages that are sent at once, at most: one at a time would take its time between two, whatever the service can."""
TEMPLATES = 40
NAME = re.compile(rb"session-\d{9}")
FIRST = 500_000_000
"""Number of the first session that is sent at the pace: names of nine digits."""


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
            bare = (await postgres_floor(await create_database(server, "floor"), count * 50))["floor_copy_per_s"]
            floor = {
                "floor: bare copy per_s": bare,
                "floor: bare copy of a message ms": 1000 * SESSIONS_A_MESSAGE / bare,
            }
            found = {"limit per_s": limit, **floor, **await _soaked(process, limit / 2, 60.0 if quick else 600.0)}
            return found | {"sent, share of half the limit": found["sent per_s"] / (limit / 2)}


def renamed(template: Sequence[bytes], first: int) -> bytes:
    """Return a message of new sessions, named from `first` on; `template` is what stands between the names of one.

    To make a message anew takes the sender as much processor time as the service has for it, on the same cores.
    """
    names = [b"session-%d" % number for number in range(first, first + SESSIONS_A_MESSAGE)]
    return b"".join(part for pair in zip(template, [*names, b""], strict=True) for part in pair)


async def _soaked(process: Process, per_second: float, seconds: float) -> dict[str, Any]:
    """Send messages at a pace; return how latency and memory of the last quarter differ from the second."""
    gap = SESSIONS_A_MESSAGE / per_second
    source, now = random.Random(4), int(time.time())
    templates = [NAME.split(message(FIRST, source, now)) for _ in range(TEMPLATES)]
    watched = psutil.Process(process.pid)
    took: list[Point] = []
    readings: list[tuple[float, float, float, float]] = []
    flying: set[asyncio.Task[None]] = set()
    began, sent, next_reading = time.perf_counter(), 0, 0.0
    async with (
        channel(process.target, process.settings, token=lambda: _token(process)) as one,
        # A connection each time: the service ends one that was idle as long as a reading takes to come round.
        httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)) as asking,
    ):
        call: Any = one.stream_unary(
            PATH, request_serializer=lambda ready: ready, response_deserializer=IngestSummary.FromString
        )

        async def timed(ready: bytes, at: float) -> None:
            async def single() -> AsyncIterator[bytes]:
                yield ready

            started = time.perf_counter()
            await call(single(), timeout=60)
            took.append((at, time.perf_counter() - started))

        while (at := time.perf_counter() - began) < seconds:
            if len(flying) >= IN_FLIGHT:
                done, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                continue
            ready = renamed(templates[sent % TEMPLATES], FIRST + sent * SESSIONS_A_MESSAGE)
            flying.add(asyncio.create_task(timed(ready, at)))
            sent += 1
            if at >= next_reading:
                # With nothing under way: calls have tasks and descriptors of their own.
                await asyncio.gather(*flying)
                flying.clear()
                readings.append(
                    (at, watched.memory_info().rss / 2**20, float(watched.num_fds()), await _tasks(asking, process))
                )
                next_reading = at + READING_SECONDS
            await asyncio.sleep(max(0.0, began + sent * gap - time.perf_counter()))
        await asyncio.gather(*flying)
    memory = [(at, held) for at, held, _, _ in readings]
    return {
        "seconds": seconds,
        "sent per_s": sent * SESSIONS_A_MESSAGE / seconds,
        **_quarters("latency ms", [(at, 1000 * value) for at, value in took], seconds),
        **_quarters("memory mb", memory, seconds),
        "memory mb, rise an hour": an_hour(memory),
        **_quarters("descriptors", [(at, files) for at, _, files, _ in readings], seconds),
        **_quarters("tasks", [(at, tasks) for at, _, _, tasks in readings], seconds),
    }


def _quarters(name: str, values: list[Point], seconds: float) -> dict[str, float]:
    """Return medians of the second and of the last quarter, and the drift between them."""

    def median(first: float, last: float) -> float:
        return statistics.median(value for at, value in values if first <= at < last)

    early, late = median(seconds / 4, seconds / 2), median(seconds * 3 / 4, seconds)
    return {f"{name}, second quarter": early, f"{name}, last quarter": late, f"{name}, drift": late / early - 1}


def _token(process: Process) -> str:
    return service_token(process.settings, "benchmark")


async def _tasks(asking: httpx.AsyncClient, process: Process) -> float:
    """Return the tasks of the service's event loop."""
    text = (await asking.get(process.metrics_url, timeout=60)).text
    (line,) = (line for line in text.splitlines() if line.startswith("tta_analytics_event_loop_tasks "))
    return float(line.rpartition(" ")[2])
