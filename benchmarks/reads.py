"""Stored releases and cohorts read over gRPC while an ingest runs at half its limit: 16 callers, 50 calls/s each."""

import asyncio
import json
import os
import platform
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import grpc
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2

from benchmarks.ingest import PATH, SESSIONS_A_MESSAGE, enrol, message
from mesh.channels import channel
from mesh.identity import service_token
from tests.aggregation_process import Process, aggregation
from tests.servers import create_database, running_postgres

RESULTS = Path(__file__).parent / "results" / "reads.json"
CALLERS, CALLS_A_SECOND, SECONDS = 16, 50, 20
INGEST_A_SECOND = 15_000
"""Half of the 30,000 sessions/s that ingest is asked for."""
TARGET_MS = 10.0


async def ingest(process: Process, stored: list[int]) -> None:
    """Send sessions at an even pace until cancelled."""
    source, now = random.Random(1), int(time.time())
    messages = [
        message(i * SESSIONS_A_MESSAGE, source, now) for i in range(INGEST_A_SECOND * SECONDS // SESSIONS_A_MESSAGE)
    ]
    token = service_token(process.settings, "benchmark", role="service")

    async def paced() -> AsyncIterator[bytes]:
        begin = time.monotonic()
        for number, one in enumerate(messages):
            await asyncio.sleep(max(0.0, begin + number * SESSIONS_A_MESSAGE / INGEST_A_SECOND - time.monotonic()))
            yield one
            stored[0] += SESSIONS_A_MESSAGE

    async with channel(process.target, process.settings, token=token) as sender:
        call = sender.stream_unary(PATH)(paced(), timeout=SECONDS * 4)
        try:
            await call
        finally:
            call.cancel()


async def reader(stub: Any, requests: list[Any], number: int, times: list[float]) -> None:
    """Call at an even pace; each time is from when the call was due, so that waiting counts."""
    begin = time.monotonic() + number / CALLERS / CALLS_A_SECOND
    for turn in range(CALLS_A_SECOND * SECONDS):
        due = begin + turn / CALLS_A_SECOND
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if turn % 2:
            await stub.GetRelease(requests[0])
        else:
            await stub.QueryCohorts(requests[1])
        times.append(time.monotonic() - due)


async def measure(process: Process) -> dict[str, float]:
    """Release a month, then read it with and without an ingest beside."""
    await enrol(process)
    token = service_token(process.settings, "benchmark", role="admin")
    async with channel(process.target, process.settings, token=token) as dialled:
        stub: Any = aggregation_pb2_grpc.AggregationServiceStub(dialled)
        request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
        request.period_start.FromJsonString("2026-08-01T00:00:00Z")
        release = await stub.CreateRelease(request, timeout=60)
        requests = [pb.GetReleaseRequest(release_id=release.release_id), pb.QueryCohortsRequest()]
        result: dict[str, float] = {"release bytes": release.ByteSize()}
        for name in ("alone", "with ingest"):
            times: list[float] = []
            stored = [0]
            writing = asyncio.create_task(ingest(process, stored)) if name == "with ingest" else None
            await asyncio.gather(*(reader(stub, requests, number, times) for number in range(CALLERS)))
            if writing is not None:
                writing.cancel()
                with suppress(asyncio.CancelledError, grpc.aio.AioRpcError):
                    await writing
                result["ingested/s"] = stored[0] / SECONDS
            cuts = statistics.quantiles(times, n=100)
            result |= {f"{name} p50 ms": cuts[49] * 1000, f"{name} p99 ms": cuts[98] * 1000}
        result["longest hold of the event loop ms, at most"] = process.longest_hold_ms()
    return result


def main() -> None:
    """Measure on PostgreSQL, print and write the result."""
    with running_postgres() as server:
        url = asyncio.run(create_database(server, "reads"))
        names = {"focus_names": "anxiety,depression,sleep,stress,trauma"}
        with aggregation(url, **names) as process:
            result = asyncio.run(measure(process))
    print("Reads of a stored release and its cohorts over gRPC, PostgreSQL:")
    for name, value in result.items():
        print(f"  {name:45} {value:12.1f}")
    print(f"  target: p99 with ingest under {TARGET_MS:g} ms, the event loop never held longer than 50 ms")
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": result}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
