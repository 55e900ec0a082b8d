"""Stored releases and cohorts read while an ingest runs at half its limit: 16 callers, 50 calls/s each, gRPC and REST.

Each time is from the moment a call was due, so that waiting counts. The sessions come from a process of their own.
"""

import asyncio
import gc
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import grpc
import httpx
import psutil
import uvloop
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2
from tta.analytics.v1.ingestion_pb2 import IngestSummary

from benchmarks.ingest import PATH, SESSIONS_A_MESSAGE, enrol, message
from mesh.channels import channel
from mesh.identity import service_token
from tests.aggregation_process import ROOT, Process, aggregation
from tests.servers import create_database, free_port, running_postgres

RESULTS = Path(__file__).parent / "results" / "reads.json"
CALLERS, CALLS_A_SECOND, SECONDS = 16, 50, 15
INGEST_A_SECOND = 15_000
"""Half of the 30,000 sessions/s that ingest is asked for."""
TARGETS_MS = {"gRPC": 10.0, "REST": 25.0}
Call = Callable[[], Awaitable[Any]]


def ingest() -> None:
    """Be the sender: take target and token from stdin, wait for a line, send at an even pace, print what was stored."""
    target, token = sys.stdin.readline().split()
    source, now = random.Random(time.time_ns()), int(time.time())
    first = time.time_ns() // 1000
    count = INGEST_A_SECOND * SECONDS // SESSIONS_A_MESSAGE
    messages = [message(first + i * SESSIONS_A_MESSAGE, source, now) for i in range(count)]
    print("ready", flush=True)
    sys.stdin.readline()

    async def paced() -> AsyncIterator[bytes]:
        begin = time.monotonic()
        for number, one in enumerate(messages):
            await asyncio.sleep(max(0.0, begin + number * SESSIONS_A_MESSAGE / INGEST_A_SECOND - time.monotonic()))
            yield one

    async def send() -> int:
        async with grpc.aio.insecure_channel(target) as dialled:
            call: Any = dialled.stream_unary(PATH, response_deserializer=IngestSummary.FromString)
            return int((await call(paced(), metadata=[("authorization", f"Bearer {token}")])).stored)

    print(asyncio.run(send()), flush=True)


@contextmanager
def sender(process: Process) -> Iterator["subprocess.Popen[str]"]:
    """Run a sender that waits to begin."""
    command = [sys.executable, "-m", "benchmarks.reads", "ingest"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        token = service_token(process.settings, "benchmark", role="service")
        child.stdin.write(f"{process.target} {token}\n")
        child.stdin.flush()
        child.stdout.readline()
        yield child


async def paced(callers: Sequence[Sequence[Call]]) -> list[float]:
    """Return the seconds that each call took; every caller keeps its pace, whatever the others do."""
    times: list[float] = []

    async def caller(number: int, calls: Sequence[Call]) -> None:
        begin = time.monotonic() + number / CALLERS / CALLS_A_SECOND
        for turn in range(CALLS_A_SECOND * SECONDS):
            due = begin + turn / CALLS_A_SECOND
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await calls[turn % len(calls)]()
            times.append(time.monotonic() - due)

    await asyncio.gather(*(caller(number, calls) for number, calls in enumerate(callers)))
    return times


async def with_and_without(name: str, callers: Sequence[Sequence[Call]], process: Process) -> dict[str, float]:
    """Return the quantiles of calls alone and beside an ingest, and what the service's processor did."""
    parent = psutil.Process(process.pid)
    served = [parent, *parent.children(recursive=True)]
    result: dict[str, float] = {}

    def used() -> float:
        return sum(sum(one.cpu_times()[:2]) for one in served)

    async def measured(when: str) -> None:
        before = used()
        times = await paced(callers)
        result[f"{name} {when}, processor of the service %"] = (used() - before) / SECONDS * 100
        cuts = statistics.quantiles(times, n=100)
        result.update({f"{name} {when} p50 ms": cuts[49] * 1000, f"{name} {when} p99 ms": cuts[98] * 1000})

    await measured("alone")
    with sender(process) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("\n")
        child.stdin.flush()
        await measured("beside the ingest")
        result[f"{name}: sessions/s stored meanwhile"] = int(await asyncio.to_thread(child.stdout.readline)) / SECONDS
    return result


@contextmanager
def gateway(process: Process) -> Iterator[int]:
    """Serve the gateway before the service; gives its port."""
    port = free_port()
    given = {
        "TTA_AUTH_SECRET_KEY": process.settings.secret("auth_secret_key").decode(),
        "TTA_AGGREGATION_TARGET": process.target,
        "TTA_GATEWAY_PORT": str(port),
        "TTA_BIND": "127.0.0.1",
        "TTA_LOG_LEVEL": "warning",
        "TTA_GATEWAY_RATE": "0",
    }
    with subprocess.Popen([sys.executable, "-m", "gateway", "serve"], cwd=ROOT, env={**os.environ, **given}) as child:
        try:
            for _ in range(100):
                time.sleep(0.1)
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/livez").is_success:
                        break
                except httpx.TransportError:
                    continue
            yield port
        finally:
            child.terminate()


class Browser:
    """Gets one path over connections that stay open; cheaper than an HTTP client, which would be measured too."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._port, self._idle = port, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._request = head.encode()

    async def get(self) -> None:
        """Read one answer; raises RuntimeError where it is no 200."""
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(self._request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
        self._idle.append((reader, writer))


async def reads(process: Process, token: str, release_id: str, stack: AsyncExitStack) -> Sequence[Call]:
    """Return the two reads of one caller, over a connection of its own that the stack closes."""
    dialled = await stack.enter_async_context(
        grpc.aio.insecure_channel(process.target, [("grpc.use_local_subchannel_pool", 1)])
    )
    stub: Any = aggregation_pb2_grpc.AggregationServiceStub(dialled)
    metadata = [("authorization", f"Bearer {token}")]
    get, query = pb.GetReleaseRequest(release_id=release_id), pb.QueryCohortsRequest()
    return [lambda: stub.GetRelease(get, metadata=metadata), lambda: stub.QueryCohorts(query, metadata=metadata)]


async def measure(process: Process) -> dict[str, float]:
    """Release a month, then read it."""
    await enrol(process)
    token = service_token(process.settings, "benchmark", role="admin")
    async with channel(process.target, process.settings, token=token) as dialled:
        stub: Any = aggregation_pb2_grpc.AggregationServiceStub(dialled)
        request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
        request.period_start.FromJsonString("2026-08-01T00:00:00Z")
        release = await stub.CreateRelease(request, timeout=60)
    result: dict[str, float] = {"release bytes": release.ByteSize()}
    async with AsyncExitStack() as stack:
        callers = [await reads(process, token, release.release_id, stack) for _ in range(CALLERS)]
        result |= await with_and_without("gRPC", callers, process)
    paths = (f"/api/v1/releases/{release.release_id}", "/api/v1/cohorts")
    with gateway(process) as port:
        callers = [[Browser(port, path, token).get for path in paths]] * CALLERS
        result |= await with_and_without("REST", callers, process)
    result["longest hold of the event loop ms, at most"] = process.longest_hold_ms()
    return result


def main() -> None:
    """Measure on PostgreSQL with one process and with two workers, print and write the result."""
    results: dict[int, dict[str, float]] = {}
    with running_postgres() as server:
        for workers in (1, 2):
            url = asyncio.run(create_database(server, f"reads{workers}"))
            names = {"focus_names": "anxiety,depression,sleep,stress,trauma"}
            with aggregation(url, workers, **names) as process:
                gc.freeze()  # what the callers hold is no load of the service
                results[workers] = uvloop.run(measure(process))
    print(f"Reads of a stored release and its cohorts, PostgreSQL:{'one process':>16}{'two workers':>16}")
    for name, value in results[1].items():
        print(f"  {name:50} {value:16.1f}{results[2][name]:16.1f}")
    for name, target in TARGETS_MS.items():
        print(f"  target: {name} beside the ingest, p99 under {target:g} ms")
    print("  target: the event loop never held longer than 50 ms")
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["ingest"]:
        ingest()
    else:
        main()
