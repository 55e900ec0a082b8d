"""Benchmarks, one after the other: `python -m benchmarks [all | NAME...]`. Each prints a table and writes JSON.

Without a name those of one process of each service; `all` takes in `scale`, several processes and large tables. At the
end stands one table of all figures that were ever taken here, `benchmarks/results/all.md`.
"""

import os
import platform
import subprocess
import sys

from benchmarks import table
from benchmarks.asked import command_line, one_of

NAMES = (
    *("ingest", "release", "reads", "utility", "patterns", "outcomes", "audit"),
    *("alerts", "anomalies", "crisis", "reports", "trends", "gateway", "import_graph"),
)
"""Modules of this package, those of other services included."""
ALL = (*NAMES, "scale")


def main(chosen: list[str]) -> int:
    """Run the chosen ones, each in a process of its own. Return how many failed."""
    print(f"machine: {os.cpu_count()} CPUs, {platform.platform()}, Python {platform.python_version()}")
    failed = []
    for name in ALL if "all" in chosen else chosen or NAMES:
        print(f"\n== {name} (load {os.getloadavg()[0]:.1f})", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    print("\n== all figures", flush=True)
    table.main()
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return len(failed)


if __name__ == "__main__":
    parser = command_line("benchmarks", __doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", type=one_of(("all", *ALL)), help=f"all, {', '.join(ALL)}")
    sys.exit(main(parser.parse_args().names))
