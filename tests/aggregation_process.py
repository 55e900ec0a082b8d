"""The aggregation process as its operators start it, for benchmarks and for tests that kill it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from aggregation_svc.settings import AggregationSettings
from tests.servers import ended, free_port

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Process:
    """A running service process."""

    target: str
    metrics_url: str
    settings: AggregationSettings
    """For tokens and channels of clients."""
    pid: int

    def kill(self) -> None:
        """End the process as a power cut would."""
        psutil.Process(self.pid).kill()
        psutil.Process(self.pid).wait(120)

    def memory_mb(self) -> float:
        """Return the resident memory."""
        return float(psutil.Process(self.pid).memory_info().rss / 2**20)

    def longest_hold_ms(self) -> float:
        """Return an upper bound of the longest time that the event loop was held, milliseconds."""
        seen: dict[str, tuple[float, float]] = {}
        for line in httpx.get(self.metrics_url, timeout=60).text.splitlines():
            if line.startswith("tta_analytics_event_loop_lag_seconds_bucket"):
                worker = line.partition('worker="')[2].partition('"')[0]
                edge, count = float(line.partition('le="')[2].partition('"')[0]), float(line.rpartition(" ")[2])
                if count > seen.get(worker, (0.0, 0.0))[0]:
                    seen[worker] = count, edge
        return max((edge for _, edge in seen.values()), default=0.0) * 1000


@contextmanager
def aggregation(database_url: str, workers: int = 1, **settings: str) -> Iterator[Process]:
    """Migrate the database and serve it by one process, or by several workers of one, until the block ends."""
    port, http_port = free_port(), free_port()
    names = {
        "database_url": database_url,
        "aggregation_port": str(port),
        "aggregation_http_port": str(http_port),
        "bind": "127.0.0.1",
        "log_level": "warning",
        **{f"{name}_key": secrets.token_hex(32) for name in ("auth_secret", "pseudonym", "seal", "audit")},
        **settings,
    }
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TTA_")},
        "PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}",
        **{f"TTA_{'AUTH_SECRET_KEY' if name == 'auth_secret_key' else name.upper()}": names[name] for name in names},
    }
    command = [sys.executable, "-m", "aggregation_svc"]
    subprocess.run([*command, "migrate"], env=environment, check=True, cwd=ROOT)
    several = [] if workers == 1 else ["--workers", str(workers)]
    process = subprocess.Popen([*command, "serve", *several], env=environment, cwd=ROOT)
    try:
        yield Process(
            f"127.0.0.1:{port}",
            f"http://127.0.0.1:{http_port}/metrics",
            AggregationSettings.model_validate(names),
            process.pid,
        )
    finally:
        process.terminate()
        ended(process)
