"""Stored releases and cohorts read while an ingest runs at half its limit: 16 callers, 50 calls/s each, gRPC and REST.

The callers are sixteen processes of h2load (Debian `nghttp2-client`), each with a connection of its own: a client in
Python would be measured too, and takes a third of a core. They send when a call is due, whether or not the call before
is answered, so that waiting counts. The sessions come from a process of their own. The floor are bare services of the
same answers (`benchmarks.bare`) beside the same ingest.

`--realtime` (Linux, root) lets everything that is measured go before all else on the machine, the floor included: for a
machine that others use meanwhile. The kernel then gives those others 50 ms of a second where they find no other time.
"""

import asyncio
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
import psutil
import uvloop
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2
from tta.analytics.v1.ingestion_pb2 import IngestSummary

from benchmarks.asked import command_line
from benchmarks.bare import READ, bare
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
    command = [sys.executable, "-m", "benchmarks.reads", "--ingest"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        token = service_token(process.settings, "benchmark", role="service")
        child.stdin.write(f"{process.target} {token}\n")
        child.stdin.flush()
        child.stdout.readline()
        yield child


@dataclass(frozen=True, slots=True)
class Read:
    """One read as its callers send it."""

    url: str
    body: bytes | None = None
    """Its gRPC frame; None is REST, over HTTP/1.1."""

    def command(self, token: str, log: Path) -> Sequence[str]:
        """Return the caller: one connection, at an even pace whatever the answers do, a line a call in `log`."""
        pace = ("-c", "1", "-m", str(CALLS_A_SECOND), "--rps", str(CALLS_A_SECOND), "-n", str(CALLS_A_SECOND * SECONDS))
        options = ["h2load", *pace, "--log-file", str(log), "-H", f"authorization: Bearer {token}"]
        if self.body is None:
            return [*options, "--h1", self.url]
        frame = log.with_suffix(".frame")
        frame.write_bytes(b"\0" + len(self.body).to_bytes(4, "big") + self.body)
        return [*options, "-H", "content-type: application/grpc", "-H", "te: trailers", "-d", str(frame), self.url]


def called(reads: Sequence[Read], token: str) -> list[float]:
    """Return the milliseconds of every call of all callers, who begin one after the other.

    Raises RuntimeError where a call failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        logs = [Path(folder) / f"{number}.log" for number in range(CALLERS)]
        callers = []
        for number, log in enumerate(logs):
            command = reads[number % len(reads)].command(token, log)
            callers.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
            time.sleep((1 + 1 / CALLERS) / CALLS_A_SECOND)
        said = [caller.communicate()[0] for caller in callers]
        lines = [line.split("\t") for log in logs for line in log.read_text().splitlines()]
    times = [int(line[2]) / 1000 for line in lines if line[1] == "200"]
    if len(times) < CALLERS * CALLS_A_SECOND * SECONDS:
        raise RuntimeError(f"{len(times)} of {len(lines)} calls were answered: {said[0]}")
    return times


def with_and_without(name: str, reads: Sequence[Read], token: str, process: Process) -> dict[str, float]:
    """Return the quantiles of calls alone and beside an ingest, and what the service's processor did."""
    parent = psutil.Process(process.pid)
    served = [parent, *parent.children(recursive=True)]
    result: dict[str, float] = {}

    def used() -> float:
        return sum(sum(one.cpu_times()[:2]) for one in served)

    def measured(when: str) -> None:
        before, began, stolen = used(), time.monotonic(), psutil.cpu_times().steal
        cuts = statistics.quantiles(called(reads, token), n=100)
        share = (used() - before) / (time.monotonic() - began) * 100
        result.update(
            {
                f"{name} {when}, processor of the service %": share,
                f"{name} {when}, taken by other machines of the host %": (psutil.cpu_times().steal - stolen)
                / (time.monotonic() - began)
                * 100,
                f"{name} {when} p50 ms": cuts[49],
                f"{name} {when} p99 ms": cuts[98],
            }
        )

    measured("alone")
    with ingesting(process) as stored:
        measured("beside the ingest")
        result[f"{name}: sessions/s stored meanwhile"] = stored() / SECONDS
    return result


@contextmanager
def ingesting(process: Process) -> Iterator[Callable[[], int]]:
    """Have a sender at work; gives what waits for its end and says how many sessions were stored."""
    with sender(process) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("\n")
        child.stdin.flush()
        told = child.stdout
        yield lambda: int(told.readline())


def floor(size: int, token: str, process: Process) -> dict[str, float]:
    """Return the p99 of bare services that answer with `size` bytes, beside an ingest into `process`."""
    found = {}
    with bare("grpc", size) as service, bare("http", service) as web:
        for name, read in (("gRPC", Read(f"http://{service}{READ}", b"")), ("REST", Read(f"http://{web}/"))):
            with ingesting(process) as stored:
                cuts = statistics.quantiles(called([read], token), n=100)
                stored()
            found |= {f"floor: bare {name} beside the ingest p50 ms": cuts[49]}
            found |= {f"floor: bare {name} beside the ingest p99 ms": cuts[98]}
    return found


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


async def released(process: Process, token: str) -> pb.Release:
    """Let every player in and release a month."""
    await enrol(process)
    async with channel(process.target, process.settings, token=token) as dialled:
        stub: Any = aggregation_pb2_grpc.AggregationServiceStub(dialled)
        request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
        request.period_start.FromJsonString("2026-08-01T00:00:00Z")
        return await stub.CreateRelease(request, timeout=60)


def measure(process: Process) -> dict[str, float]:
    """Release a month, then read it."""
    token = service_token(process.settings, "benchmark", role="admin")
    release = uvloop.run(released(process, token))
    result: dict[str, float] = {"release bytes": release.ByteSize()}
    service = f"http://{process.target}/tta.analytics.v1.AggregationService"
    get, query = pb.GetReleaseRequest(release_id=release.release_id), pb.QueryCohortsRequest()
    over_grpc = [
        Read(f"{service}/GetRelease", get.SerializeToString()),
        Read(f"{service}/QueryCohorts", query.SerializeToString()),
    ]
    result |= with_and_without("gRPC", over_grpc, token, process)
    with gateway(process) as port:
        paths = (f"releases/{release.release_id}", "cohorts")
        over_rest = [Read(f"http://127.0.0.1:{port}/api/v1/{path}") for path in paths]
        result |= with_and_without("REST", over_rest, token, process)
    result |= floor(release.ByteSize(), token, process)
    result["longest hold of the event loop ms, at most"] = process.longest_hold_ms()
    return result


def main(*, realtime: bool = False) -> None:
    """Measure on PostgreSQL with one process and with two workers, print and write the result."""
    if shutil.which("h2load") is None:
        raise SystemExit("h2load is missing; on Debian: apt-get install nghttp2-client")
    if realtime:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    results: dict[int, dict[str, float]] = {}
    with running_postgres() as server:
        for workers in (1, 2):
            url = asyncio.run(create_database(server, f"reads{workers}"))
            names = {"focus_names": "anxiety,depression,sleep,stress,trauma"}
            with aggregation(url, workers, **names) as process:
                results[workers] = measure(process)
    print(f"Reads of a stored release and its cohorts, PostgreSQL:          {'one process':>16}{'two workers':>16}")
    for name, value in results[1].items():
        print(f"  {name:60} {value:16.1f}{results[2][name]:16.1f}")
    for name, target in TARGETS_MS.items():
        print(f"  target: {name} beside the ingest, p99 under {target:g} ms")
    print("  target: the event loop never held longer than 50 ms")
    machine = {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "realtime": realtime,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": results}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = command_line("benchmarks.reads", __doc__)
    parser.add_argument("--ingest", action="store_true", help="be the sender that the benchmark starts")
    parser.add_argument("--realtime", action="store_true", help="go before all else on the machine (Linux, root)")
    given = parser.parse_args()
    if given.ingest:
        ingest()
    else:
        main(realtime=given.realtime)
