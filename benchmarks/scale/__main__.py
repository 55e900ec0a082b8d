"""Beyond one machine: `python -m benchmarks.scale [--quick] [PART...]`. Parts: see `PARTS`.

Each prints its figures, those that are held to something beside their target, and adds them to
`benchmarks/results/scale.json`.
"""

import argparse
import asyncio
import json
import os
import platform
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.scale import engines, layout, soak, subscriptions, workers
from benchmarks.scale.targets import paths, target_of
from benchmarks.targets import beside, missed, summary

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"

PARTS: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "engines": engines.measure,
    "layout": layout.measure,
    "workers": workers.measure,
    "subscriptions": subscriptions.measure,
    "soak": soak.measure,
}


def show(figures: dict[str, Any], path: str, indent: str = "  ") -> None:
    """Print figures, each beside its target where it has one, those of a group under its name."""
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}:")
            show(value, f"{path}.{name}", f"{indent}  ")
        else:
            print(f"{indent}{name:44} {beside(value, target_of(f'{path}.{name}'))}")


def keep(part: str, figures: dict[str, Any], machine: dict[str, Any]) -> None:
    """Write the figures of a part beside those of the others."""
    RESULTS.parent.mkdir(exist_ok=True)
    held = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    held[part] = {"machine": machine, **figures}
    RESULTS.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run the chosen parts, all without a choice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="a few minutes: less of everything")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    failed: list[str] = []
    for part in chosen.parts or PARTS:
        machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
        print(f"\n{part}, {machine}", flush=True)
        figures = asyncio.run(PARTS[part](quick=chosen.quick))
        show(figures, part)
        keep(part, figures, machine)
        failed += missed(paths(figures, part), target_of)
    print(f"\n{summary(failed)}")


if __name__ == "__main__":
    main()
