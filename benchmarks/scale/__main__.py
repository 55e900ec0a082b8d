"""Beyond one machine: `python -m benchmarks.scale [--quick] [PART...]`.

Each prints its figures, those that are held to something beside their target, and in the end what was missed: a figure
that was not taken is missed too. The exit code is 0 either way. Figures are added to
`benchmarks/results/scale.json`, those of a quick run to `benchmarks/results/quick/scale.json`.
"""

import asyncio
import json
import os
import platform
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.asked import command_line
from benchmarks.scale import engines, layout, soak, subscriptions, workers
from benchmarks.scale.targets import absent, paths, target_of
from benchmarks.targets import beside, missed, summary, worded

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"
QUICK_RESULTS = RESULTS.parent / "quick" / RESULTS.name
"""Less of everything: these figures are held to nothing, and are in no table."""

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


def keep(part: str, figures: dict[str, Any], machine: dict[str, Any], results: Path) -> None:
    """Write the figures of a part beside those of the others."""
    results.parent.mkdir(parents=True, exist_ok=True)
    held = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    held[part] = {"machine": machine, **figures}
    results.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run the chosen parts, all without a choice."""
    parser = command_line("benchmarks.scale", __doc__, PARTS)
    parser.add_argument("--quick", action="store_true", help="a few minutes: less of everything")
    chosen = parser.parse_args()
    failed: list[str] = []
    for part in chosen.parts or PARTS:
        machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
        print(f"\n{part}, {machine}", flush=True)
        figures = asyncio.run(PARTS[part](quick=chosen.quick))
        show(figures, part)
        keep(part, figures, machine, QUICK_RESULTS if chosen.quick else RESULTS)
        taken = dict(paths(figures, part))
        failed += missed(taken.items(), target_of)
        failed += [f"{name}: not taken ({worded(target)}: MISSED)" for name, target in absent(taken, f"{part}\\.")]
    print(f"\n{summary(failed)}")


if __name__ == "__main__":
    main()
