"""The gateway as a process of its own, with features switched off by name, to see what each costs.

`python -m benchmarks.front.gateway identity limits metrics traces` prints its port. On a line of input it prints the
number of its tasks, of its open descriptors, and the longest hold of its event loop in microseconds.
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.asked import command_line, one_of
from gateway import metrics
from gateway.process import RunningGateway
from gateway.settings import GatewaySettings
from mesh.process import collect_rarely, run

FEATURES: dict[str, dict[str, Any]] = {
    "identity": {"auth": "off"},
    "limits": {"gateway_rate": 0},
    "metrics": {},
    "traces": {"otlp_endpoint": None, "trace_share": 0},
}


def switch_off(names: set[str]) -> dict[str, Any]:
    """Return the settings that switch features off; metrics have none and are replaced."""
    if "metrics" in names:
        metrics.count = metrics.time = lambda *_: None  # type: ignore[assignment]
    return {key: value for name in names for key, value in FEATURES[name].items()}


async def main(off: set[str]) -> None:
    settings = GatewaySettings(gateway_port=0, gateway_http_port=0, **switch_off(off))
    running = RunningGateway(settings)
    await running.start()
    collect_rarely()  # as the gateway's own process does
    print(running.ports[0], flush=True)
    holds = [0.0]
    watch = asyncio.create_task(watch_holds(holds))
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        descriptors = len(list(Path("/proc/self/fd").iterdir()))  # noqa: ASYNC240
        print(len(asyncio.all_tasks()), descriptors, int(max(holds) * 1e6), flush=True)
        holds[:] = [0.0]
    watch.cancel()
    await running.stop()


async def watch_holds(holds: list[float]) -> None:
    """Keep the CPU seconds that the loop's thread used between two turns: what nobody else could interrupt."""
    while True:
        before = time.thread_time()
        await asyncio.sleep(0.002)
        holds.append(time.thread_time() - before)


if __name__ == "__main__":
    parser = command_line("benchmarks.front.gateway", __doc__)
    parser.add_argument("off", nargs="*", metavar="FEATURE", type=one_of(FEATURES), help=f"off: {', '.join(FEATURES)}")
    run(main(set(parser.parse_args().off)))
