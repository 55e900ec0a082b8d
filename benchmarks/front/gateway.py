"""The gateway as a process of its own, with features switched off by name, to see what each costs.

`python -m benchmarks.front.gateway identity limits metrics traces` prints its port. On a line of input it prints the
number of its tasks and open descriptors.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from gateway import metrics
from gateway.process import RunningGateway
from gateway.settings import GatewaySettings
from mesh.server import run


def switch_off(names: set[str]) -> dict[str, Any]:
    """Return the settings that switch features off; metrics have none and are replaced."""
    if "metrics" in names:
        metrics.count = metrics.time = lambda *_: None  # type: ignore[assignment]
    off: dict[str, dict[str, Any]] = {
        "identity": {"auth": "off"},
        "limits": {"gateway_rate": 0},
        "traces": {"otlp_endpoint": None, "trace_share": 0},
    }
    return {key: value for name in names for key, value in off.get(name, {}).items()}


async def main() -> None:
    settings = GatewaySettings(gateway_port=0, gateway_http_port=0, **switch_off(set(sys.argv[1:])))
    running = RunningGateway(settings)
    await running.start()
    print(running.ports[0], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(len(asyncio.all_tasks()), len(list(Path("/proc/self/fd").iterdir())), flush=True)  # noqa: ASYNC240
    await running.stop()


if __name__ == "__main__":
    run(main())
