"""100,000 sessions of a graph into the store by `tta-analytics import neo4j`, over Bolt against ArcadeDB's server."""

import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import neo4j

from benchmarks.asked import command_line
from tests.aggregation_process import Process, aggregation
from tests.bolt import DATABASE, PASSWORD, USER, BoltServer, running_bolt

SESSIONS = 100_000
PLAYERS = 5_000
AT_ONCE = 5_000
RESULTS = Path(__file__).parent / "results" / "import_graph.json"
FILL = """
UNWIND range($first, $first + $count - 1) AS i
CREATE (s:Session {
  session_id: 'session-' + toString(i), player_id: 'player-' + toString(i % $players), status: 'completed',
  created_at: '2026-' + $months[i % 9] + '-' + $days[i % 28] + 'T10:' + $days[i % 27] + ':00',
  last_interaction: '2026-' + $months[i % 9] + '-' + $days[i % 28] + 'T10:' + $days[i % 27] + ':30',
  interaction_count: i % 90, total_duration_minutes: i % 60, therapeutic_interventions_used: ['breathing'],
  therapeutic_settings: '{"therapeutic_focus": "anxiety"}'})
"""


async def fill(server: BoltServer) -> None:
    """Write the sessions into the graph."""
    numbers = [f"{number:02}" for number in range(1, 29)]
    driver = neo4j.AsyncGraphDatabase.driver(server.uri, auth=(USER, PASSWORD))
    async with driver, driver.session(database=DATABASE) as session:
        await (await session.run("CREATE (p:TherapeuticProgress:GameplaySession) DETACH DELETE p")).consume()
        for first in range(0, SESSIONS, AT_ONCE):
            numbered = {"first": first, "count": AT_ONCE, "players": PLAYERS, "months": numbers, "days": numbers}
            await (await session.run(FILL, numbered)).consume()


def run(server: BoltServer, process: Process, folder: Path) -> dict[str, Any]:
    """Run the command and return its seconds, its peak memory and what it printed."""
    secret = process.settings.auth_secret_key
    assert secret is not None
    environment = os.environ | {
        "TTA_NEO4J_URI": server.uri,
        "TTA_NEO4J_USER": USER,
        "TTA_NEO4J_PASSWORD": PASSWORD,
        "TTA_NEO4J_DATABASE": DATABASE,
        "TTA_AGGREGATION_TARGET": process.target,
        "TTA_AUTH_SECRET_KEY": secret.get_secret_value(),
        "TTA_DATA_DIR": str(folder),
        "COLUMNS": "200",
    }
    command = [sys.executable, "-m", "tta_analytics", "import", "neo4j", "--consent", "asserted"]
    started = time.perf_counter()
    with (folder / "out.txt").open("w") as output:
        child = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
    said = (folder / "out.txt").read_text().splitlines()
    return {
        "load": round(os.getloadavg()[0], 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "seconds": round(time.perf_counter() - started, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "exit": os.waitstatus_to_exitcode(status),
        "said": next((line for line in said if line.startswith("Session:")), " ".join(said)),
    }


def main() -> None:
    """Measure a first and a second run."""
    folder = Path(tempfile.mkdtemp(prefix="tta-import-"))
    with running_bolt() as server, aggregation(f"sqlite:///{folder / 'aggregation.db'}") as process:
        started = time.perf_counter()
        asyncio.run(fill(server))
        print(f"filled in {time.perf_counter() - started:.0f} s")
        rows = {name: run(server, process, folder) for name in ("first run", "second run, a day's overlap")}
    for name, row in rows.items():
        cost = f"{row['seconds']:.1f} s, {row['cpu_seconds']} s CPU at load {row['load']}, peak {row['peak_mb']} MB"
        print(f"{name:28} {cost}, exit {row['exit']}: {row['said']}")
    RESULTS.parent.mkdir(exist_ok=True)
    figures = {"load": os.getloadavg()[0], "machine": platform.platform(), "sessions": SESSIONS, "runs": rows}
    RESULTS.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    command_line("benchmarks.import_graph", __doc__).parse_args()
    main()
