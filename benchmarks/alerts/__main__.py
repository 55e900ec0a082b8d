"""Signals to alerts: `python -m benchmarks.alerts [--quick] [PART...]`.

About eight minutes on two quiet cores, `--quick` two. Every figure is printed beside its target. Figures of parts that
were not run stay in the results. The service, the listeners and PostgreSQL, which syncs every commit to disk, run in
processes of their own. Prometheus Alertmanager is measured in the same run where its Debian package is installed.
"""

import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import uvloop

from benchmarks.alerts import imports
from benchmarks.alerts.beside import alertmanager_figures, naive
from benchmarks.alerts.floor import floor
from benchmarks.alerts.latency import MESSAGE, arrivals, crisis, latency, listeners, spread
from benchmarks.alerts.rates import batched, rate
from benchmarks.alerts.targets import beside, missed
from benchmarks.alerts.websocket import through_websocket
from benchmarks.asked import command_line
from benchmarks.targets import summary
from mesh import migrations
from tests.integration.monitoring.processes import Process
from tests.servers import create_database, running_postgres

RESULTS = Path(__file__).parents[1] / "results" / "alerts.json"
TURNS = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured: of alerts one by one, of seconds, of sessions that are imported beside."""

    alerts: int = 300
    seconds: float = 30.0
    imported: int = 2_000_000

    @property
    def paces(self) -> tuple[tuple[int, int, int], ...]:
        """Subscribers, alerts, alerts a second: 100 at two paces, for a machine that rests in between wakes slowly."""
        return (1, self.alerts, 50), (100, self.alerts, 50), (100, self.alerts, 20), (1000, self.alerts // 6, 5)


QUICK = Amount(60, 5.0, 30_000)


async def fresh(server: Any, name: str) -> Process:
    """Start the service on a database of its own and warm it."""
    url = await create_database(server, name)
    await migrations.upgrade(url, "monitoring_svc")
    process = Process(url)
    await process.start()
    for message in ("", MESSAGE):
        await latency(process, 1, alerts=40, per_second=100, message=message)
    return process


def named(count: int, pace: int) -> str:
    """Return what a figure of so many subscribers is called."""
    return f"{count:,} subscriber{'s' if count > 1 else ''}, {pace} alerts/s"


async def subscribers(server: Any, amount: Amount) -> dict[str, Any]:
    """1, 100 and 1,000 subscribers, with a number and with a message; beside them what the machine can do at best."""
    process = await fresh(server, "latencies")
    found: dict[str, Any] = {}
    for message in ("", MESSAGE):
        for count, alerts, pace in amount.paces:
            name = named(count, pace) + (", message" if message else "")
            found[name] = await latency(process, count, alerts=alerts, per_second=pace, message=message)
    await process.close()
    url = await create_database(server, "floor")
    for count, alerts, pace in amount.paces:
        found[f"floor: {named(count, pace)}"] = await floor(url, count, alerts=alerts, per_second=pace)
    return found


async def stalled(server: Any, amount: Amount) -> dict[str, Any]:
    """Ten subscribers without and with one more that does not read, in turns: a p99 of one turn is three alerts."""
    process = await fresh(server, "stalled")
    took: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(2 * TURNS):
        took[turn % 2 == 1] += await arrivals(process, 10, alerts=amount.alerts, per_second=50, stalled=turn % 2 == 1)
    await process.close()
    without, with_one = spread(took[False]), spread(took[True])
    ratios = {f"{key[:3]}_ratio": round(with_one[key] / without[key], 2) for key in without}
    return {
        "10 subscribers": without,
        "10 subscribers, another stalled": with_one,
        "another stalled, by none": ratios,
    }


async def rates(server: Any, amount: Amount) -> dict[str, Any]:
    """Sixteen callers as fast as they can."""
    process = await fresh(server, "rates")
    found = {"16 callers": await rate(process, amount.seconds)}
    await process.close()
    return found


async def batches(server: Any, amount: Amount) -> dict[str, Any]:
    """Streamed batches under the built-in rules and ten in CEL."""
    process = await fresh(server, "batches")
    found = {"batches, 14 rules": await batched(process, amount.seconds)}
    await process.close()
    return found


async def websocket(server: Any, amount: Amount) -> dict[str, Any]:
    """The gateway's WebSocket beside a gRPC stream."""
    process = await fresh(server, "websocket")
    took = await through_websocket(process, listeners, amount.alerts, MESSAGE)
    await process.close()
    found: dict[str, Any] = {f"through {name}": spread(seconds) for name, seconds in took.items()}
    found["WebSocket's extra"] = {
        "p50_ms": round(found["through WebSocket"]["p50_ms"] - found["through gRPC"]["p50_ms"], 2)
    }
    return found


async def import_postgres(server: Any, amount: Amount) -> dict[str, Any]:
    """While aggregation imports sessions into the same PostgreSQL."""
    process = await fresh(server, "importing")
    url = await create_database(server, "facts")
    took = await imports.on_postgres(process, url, crisis, amount.imported, amount.seconds * 2)
    await process.close()
    return {"while PostgreSQL imports": spread(took) | {"alerts": len(took)}}


async def import_up(server: Any, amount: Amount) -> dict[str, Any]:
    """On `up` with SQLite, while a million sessions are imported."""
    del server
    took = await imports.with_up(crisis, min(amount.imported, 1_000_000), amount.seconds * 4)
    return {"up on SQLite, while it imports": spread(took) | {"alerts": len(took)}}


async def others(server: Any, amount: Amount) -> dict[str, Any]:
    """The naive way, and Alertmanager."""
    found: dict[str, Any] = {
        "naive: a transaction an alert": await naive(await create_database(server, "naive"), amount.seconds / 3)
    }
    if figures := await alertmanager_figures(amount.seconds / 3):
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


async def measure(server: Any, parts: list[str], amount: Amount) -> dict[str, Any]:
    """Run the parts, each on a database of its own."""
    results: dict[str, Any] = {"machine": f"{platform.machine()}, {psutil.cpu_count()} cores", "quick": amount == QUICK}
    for part in parts:
        began = time.perf_counter()
        found = await PARTS[part](server, amount)
        for name, figures in found.items():
            print(f"{name:44} {beside(name, figures)}", flush=True)
        print(f"({part}: {time.perf_counter() - began:.0f} s)", flush=True)
        results |= found
    return results


def main() -> None:
    """Print the table and write `results/alerts.json`."""
    parser = command_line("benchmarks.alerts", __doc__, PARTS)
    parser.add_argument("--quick", action="store_true", help="two minutes: less of everything")
    asked = parser.parse_args()
    with running_postgres(durable=True) as server:
        results = uvloop.run(measure(server, asked.parts or list(PARTS), QUICK if asked.quick else Amount()))
    print(summary(missed(results)))
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.loads(RESULTS.read_text()) if asked.parts and RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps(kept | results, indent=2) + "\n")


if __name__ == "__main__":
    main()
