"""What the front door costs: CPU and time of a request by feature, beside Envoy; a thousand listeners; who vanishes.

CPU is what the process itself used, read from the kernel, per request answered: it does not depend on who else uses the
machine. Throughput and latency do.
"""

import asyncio
import contextlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import numpy as np
import psutil
from websockets.asyncio.client import connect

from benchmarks.asked import command_line
from benchmarks.front.envoy import write_config
from benchmarks.front.listeners import listen
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
SECRET = "the benchmark's secret, long enough for HS256"
CALLERS, SECONDS, ROUNDS, LISTENERS = 16, 3, 3, 1000
PATH = "/api/v1/alerts?page_size=3"
WITHOUT: dict[str, list[str]] = {
    "everything on": [],
    "without identity": ["identity"],
    "without limits": ["limits"],
    "without metrics": ["metrics"],
    "without traces": ["traces"],
    "bare": ["identity", "limits", "metrics", "traces"],
}


class Child:
    """A process that prints its ports first."""

    def __init__(self, module: str, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ports = [int(each) for each in self._line().split()]

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def ask(self, question: str) -> list[int]:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        return [int(each) for each in self._line().split()]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


def token() -> str:
    claims = {"sub": "dr-bench", "role": "admin", "exp": int(time.time()) + 3600}
    return jwt.encode(claims, SECRET, algorithm="HS256")


def cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def load(pid: int, port: int, seconds: int = SECONDS) -> dict[str, float]:
    """Drive a server with wrk and return the round with the least CPU: neighbours on the machine only ever add."""
    wrk(port, PATH, callers=CALLERS, seconds=2)
    rounds = [one_round(pid, port, seconds) for _ in range(ROUNDS)]
    return min(rounds, key=lambda row: row["cpu_us"])


def wrk(port: int, path: str, *, callers: int, seconds: int) -> str:
    command = ["wrk", "-t1", f"-c{callers}", f"-d{seconds}s", "--latency", "-H", f"Authorization: Bearer {token()}"]
    return subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, check=True, text=True
    ).stdout


def one_round(pid: int, port: int, seconds: int) -> dict[str, float]:
    before = cpu_seconds(pid)
    text = wrk(port, PATH, callers=CALLERS, seconds=seconds)
    used = cpu_seconds(pid) - before
    found = re.search(r"(\d+) requests in", text)
    assert found is not None, text
    assert "Non-2xx" not in text, text
    requests = int(found[1])
    return {
        "requests_per_second": requests / seconds,
        "cpu_us": used / requests * 1e6,
        "requests_per_core_second": requests / used,
        "p50_ms": latency(text, "50"),
        "p99_ms": latency(text, "99"),
    }


def latency(text: str, percentile: str) -> float:
    found = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", text)
    assert found is not None, text
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


@contextlib.contextmanager
def envoy(upstream: int) -> Iterator[tuple[int, int]]:
    """Run Envoy with one worker thread; yields its process id and port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = write_config(Path(folder), port=port, upstream=upstream)
        binary = Path(sys.executable).with_name("envoy")
        command = [str(binary), "-c", str(config), "--concurrency", "1", "-l", "error", "--base-id", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}{PATH}")
            yield process.pid, port
        finally:
            process.terminate()
            process.wait(20)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, headers={"Authorization": f"Bearer {token()}"}, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


async def vanish(port: int) -> None:
    """Open a thousand sockets and cut each without a word."""
    url = f"ws://127.0.0.1:{port}/api/v1/alerts/stream"

    async def one(_: int) -> None:
        headers = {"Authorization": f"Bearer {token()}"}
        socket = await connect(url, additional_headers=headers, proxy=None, compression=None, open_timeout=60)
        socket.transport.abort()

    for _ in range(10):
        await asyncio.gather(*map(one, range(LISTENERS // 10)))


def settled(child: Child, services: Child) -> dict[str, int]:
    """Wait until the streams behind have ended and return what the gateway still holds."""
    deadline = time.monotonic() + 30
    while services.ask("open")[0] and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(0.5)
    tasks, descriptors, _ = child.ask("held")
    return {"tasks": tasks, "descriptors": descriptors, "open_calls": services.ask("open")[0]}


def gateway(services: Child, off: list[str]) -> Child:
    port, collector = services.ports
    return Child(
        "benchmarks.front.gateway",
        *off,
        TTA_AUTH_SECRET_KEY=SECRET,
        TTA_MONITORING_TARGET=f"127.0.0.1:{port}",
        TTA_GATEWAY_RATE="1e9",
        TTA_GATEWAY_BURST="1e9",
        TTA_OTLP_ENDPOINT=f"http://127.0.0.1:{collector}",
    )


def run() -> dict[str, Any]:
    """Measure everything within one run."""
    services = Child("benchmarks.front.services", TTA_AUTH_SECRET_KEY=SECRET, TTA_MAX_CONCURRENT_CALLS="4000")
    rows: dict[str, dict[str, float]] = {}
    for name, off in WITHOUT.items():
        child = gateway(services, off)
        wait_for(f"http://127.0.0.1:{child.ports[0]}{PATH}")
        rows[name] = load(child.process.pid, child.ports[0])
        child.close()
        show(name, rows[name])
    with envoy(services.ports[0]) as (pid, port):
        rows["Envoy, transcoding only"] = load(pid, port)
        show("Envoy, transcoding only", rows["Envoy, transcoding only"])
    child = gateway(services, [])
    wait_for(f"http://127.0.0.1:{child.ports[0]}{PATH}")
    child.ask("held")
    long = wrk(child.ports[0], "/api/v1/alerts?page_size=1000", callers=4, seconds=SECONDS)
    *_, hold = child.ask("held")
    assert "Non-2xx" not in long, long
    p50 = latency(long, "50")
    print(f"1,000 alerts a page, 4 callers: p50 {p50:.0f} ms, loop held {hold / 1000:.1f} ms at most")
    waits = asyncio.run(listen(child.ports[0], "/api/v1/alerts/stream", token(), LISTENERS))
    ends = [float(np.percentile(each, 99)) for each in waits]
    listeners = {
        "listeners": LISTENERS,
        "p50_ms": float(np.percentile(waits, 50)),
        "p99_ms_of_an_alert": float(np.median(ends)),
        "p99_ms_of_the_slowest_alert": max(ends),
    }
    print(
        f"{LISTENERS} WebSocket listeners: p50 {listeners['p50_ms']:.0f} ms, p99 of an alert {np.median(ends):.0f} ms "
        f"(median of {len(ends)} alerts; the slowest {max(ends):.0f} ms)"
    )
    before = settled(child, services)
    asyncio.run(vanish(child.ports[0]))
    after = settled(child, services)
    print(f"{LISTENERS} that connect and vanish: before {before}, after {after}")
    child.close()
    services.close()
    return {
        "requests": rows,
        "long_pages": {"p50_ms": p50, "longest_hold_ms": hold / 1000},
        "listeners": listeners,
        "vanished": {"before": before, "after": after},
    }


def show(name: str, row: dict[str, float]) -> None:
    print(
        f"{name:26} {row['cpu_us']:6.0f} us CPU  {row['requests_per_core_second']:6.0f} /s a core  "
        f"{row['requests_per_second']:6.0f} /s here  p50 {row['p50_ms']:5.1f} ms  p99 {row['p99_ms']:5.1f} ms",
        flush=True,
    )


def main() -> None:
    """Print the table and write benchmarks/results/gateway.json."""
    found = run()
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    (results / "gateway.json").write_text(json.dumps({"machine": machine, **found}, indent=1) + "\n")


if __name__ == "__main__":
    command_line("benchmarks.gateway", __doc__).parse_args()
    main()
