"""Ingest by one worker and by two behind one port, beside the processor time that each part of it takes.

Wall clock tells of two workers only where four cores are free: the workers, PostgreSQL and the senders run beside
each other. Processor time tells of it anywhere: what a worker and what PostgreSQL needs for a session says which of
them is the limit, and how far the sessions of a run spread over both workers.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import psutil
from tta.analytics.v1.ingestion_pb2 import IngestSummary

from benchmarks.ingest import PATH, SESSIONS_A_MESSAGE, enrol, message
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation
from tests.servers import create_database, running_postgres

CONNECTIONS = 48
"""The kernel spreads them over the workers."""
WAITING = "10000000"
"""Sessions that may wait: nobody is refused, so that the work is measured and not the senders' pauses."""


def _seconds(processes: list[psutil.Process]) -> float:
    """Return the processor time that processes have used, those of them that ended left out."""
    used = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
    return used


def _workers(process: Process, count: int) -> list[psutil.Process]:
    """Return the processes that serve: the one started, or those that it started."""
    parent = psutil.Process(process.pid)
    if count == 1:
        return [parent]
    return [child for child in parent.children() if "serve" in child.cmdline()]


def _postgres() -> list[psutil.Process]:
    mine = psutil.Process().children(recursive=True)
    return [one for one in mine if one.name() == "postgres"]


async def _all_ready(process: Process, workers: int) -> None:
    """Wait until every worker takes connections: the first that does would get them all."""
    async with asyncio.timeout(120), httpx.AsyncClient(trust_env=False) as client:
        ready = 0
        while ready < workers:
            try:
                lines = (await client.get(process.metrics_url)).text.splitlines()
            except httpx.TransportError:
                lines = []
            ready = sum(line.startswith("tta_analytics_ready") and line.endswith(" 1.0") for line in lines)
            await asyncio.sleep(0.1)


async def _measured(process: Process, workers: int, sessions: int) -> dict[str, Any]:
    await _all_ready(process, workers)
    await enrol(process)
    source, now = random.Random(workers), int(time.time())
    count = sessions // SESSIONS_A_MESSAGE
    messages = [message(number * SESSIONS_A_MESSAGE, source, now) for number in range(count)]
    await _sent(process, messages[: count // 5])
    serving, store = _workers(process, workers), _postgres()
    before = [_seconds([one]) for one in serving]
    stored = _seconds(store)
    began = time.perf_counter()
    rest = messages[count // 5 :]
    await _sent(process, rest)
    elapsed, kept = time.perf_counter() - began, len(rest) * SESSIONS_A_MESSAGE
    used = [_seconds([one]) - held for one, held in zip(serving, before, strict=True)]
    return {
        "per_s": kept / elapsed,
        "worker us a session": sum(used) / kept * 1e6,
        "busiest worker us a session": max(used) / kept * 1e6,
        "postgresql us a session": (_seconds(_postgres()) - stored) / kept * 1e6,
    }


async def _sent(process: Process, messages: list[bytes]) -> None:
    """Send over several connections, to each its share."""
    metadata = (("authorization", f"Bearer {service_token(process.settings, 'benchmark')}"),)

    async def share(number: int) -> AsyncIterator[bytes]:
        for one in messages[number::CONNECTIONS]:
            yield one

    async def connected(number: int) -> None:
        options = [("grpc.use_local_subchannel_pool", 1)]
        async with grpc.aio.insecure_channel(process.target, options) as channel:
            call: Any = channel.stream_unary(
                PATH, request_serializer=lambda ready: ready, response_deserializer=IngestSummary.FromString
            )
            await call(share(number), metadata=metadata, wait_for_ready=True, timeout=600)

    await asyncio.gather(*(connected(number) for number in range(CONNECTIONS)))


async def measure(*, quick: bool) -> dict[str, Any]:
    """Measure one worker, then two; `scaling` is what the busiest worker of two leaves of the time of one."""
    sessions = 100_000 if quick else 1_000_000
    found: dict[str, Any] = {}
    with running_postgres() as server:
        for count in (1, 2):
            url = await create_database(server, f"workers_{count}")
            with aggregation(url, workers=count, ingest_queue=WAITING) as process:
                found[f"{count} worker{'s' if count > 1 else ''}"] = await _measured(process, count, sessions)
    one, two = found["1 worker"], found["2 workers"]
    found["two by one, wall clock"] = two["per_s"] / one["per_s"]
    found["two by one, where a worker is the limit"] = one["worker us a session"] / two["busiest worker us a session"]
    return found
