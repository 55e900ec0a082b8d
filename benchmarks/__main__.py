"""All benchmarks, one after the other: `python -m benchmarks [NAME...]`. Each prints a table and writes JSON.

At the end stands one table of all figures, `benchmarks/results/all.md`.
"""

import importlib.util
import os
import platform
import subprocess
import sys

from benchmarks import table

NAMES = (
    *("ingest", "release", "scale", "reads", "utility", "patterns", "outcomes", "audit"),
    *("alerts", "anomalies", "crisis", "reports", "trends", "gateway", "import_graph"),
)
"""Modules of this package, those of other services included."""


def main(chosen: list[str]) -> int:
    """Run the chosen ones, all without a choice; each in a process of its own. Return how many failed."""
    print(f"machine: {os.cpu_count()} CPUs, {platform.platform()}, Python {platform.python_version()}")
    failed = []
    for name in chosen or NAMES:
        if importlib.util.find_spec(f"benchmarks.{name}") is None:
            print(f"\n== {name}: there is no such benchmark", flush=True)
            failed.append(name)
            continue
        print(f"\n== {name} (load {os.getloadavg()[0]:.1f})", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    print("\n== all figures", flush=True)
    table.main()
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
