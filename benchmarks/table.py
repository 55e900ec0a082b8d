"""One table of all figures that were written, and what each is held to: `python -m benchmarks.table`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.alerts.targets import TARGETS
from benchmarks.scale.targets import target_of
from benchmarks.targets import worded

RESULTS = Path(__file__).parent / "results"

WANTED = {
    "ingest.results.postgresql.per_s": "30,000",
    "ingest.results.sqlite.per_s": "20,000",
    "release.figures.postgresql.ratio": "2 times the group-by",
    "release.figures.sqlite.ratio": "2 times the group-by",
    "reads.figures.with ingest p99 ms": "10",
    "reports.busy.seconds": "20",
    "reports.busy.call_p99_ms": "50",
    "reports.ticks.ticks missing": "0",
    "reports.ticks.ticks beside": "0",
    "reports.ticks.runs done": "1500",
    "reports.ticks.runs with two reports": "0",
    "reports.ticks.deliveries missing": "0",
    "reports.ticks.deliveries under another key": "0",
    "outcomes.figures.trial.auc": "0.84",
    "outcomes.figures.courses_day_90.accuracy": "0.79",
    "outcomes.figures.courses_day_90.auc": "0.855",
    "outcomes.figures.courses_day_120.accuracy": "0.80",
    "outcomes.figures.courses_day_120.auc": "0.88",
    "outcomes.figures.courses_day_120.calibration_error": "0.04 at most",
    "scale.layout.one.new_per_s": "the fastest of the three",
    "anomalies.real.value_novelty.best.standard": "70",
    "anomalies.real.value_novelty.shipped.standard": "68",
    "anomalies.real.value_novelty.shipped.false_alarms_10k": "8",
    "anomalies.real.value_novelty.points_per_second": "100,000",
    "anomalies.real.value_novelty.transfer.0.loss": "5",
    "anomalies.real.value_novelty.transfer.1.loss": "5",
} | {f"alerts.{name}.{key}": worded(target) for name, keys in TARGETS.items() for key, target in keys.items()}
"""What a figure shall reach; a figure's name is its path in the results. Those of `scale` have their targets there."""

PEERS = (
    (r"ingest\.results\.postgresql\.per_s", "ingest.results.postgresql.floor_copy_per_s"),
    (r"ingest\.results\.sqlite\.per_s", "ingest.results.sqlite.floor_executemany_per_s"),
    (r"release\.figures\.(\w+)\.release s", r"release.figures.\1.two-level group-by s"),
    (r"alerts\.(\d.*? alerts/s)(?:, message)?\.(p50_ms|p99_ms)", r"alerts.floor: \1.\2"),
    (r"alerts\.through WebSocket\.(.*)", r"alerts.through gRPC.\1"),
    (r"alerts\.16 callers\.(.*)", r"alerts.Prometheus Alertmanager.\1"),
    (r"alerts\.16 callers\.(.*)", r"alerts.naive: a transaction an alert.\1"),
    (r"patterns\.agreement\.private, k \w+(.*)", r"patterns.agreement.diffprivlib\1"),
    (r"scale\.engines\.(.*)\.spark sums s", r"scale.engines.\1.spark group-by s"),
    (r"scale\.engines\.(.*)\.postgresql release s", r"scale.engines.\1.postgresql group-by s"),
    (r"scale\.layout\.one\.(.*)", r"scale.layout.by_month.\1"),
    (r"scale\.workers\.2 workers\.(.*)", r"scale.workers.1 worker.\1"),
)
"""Figure -> the figure of a peer, or of the floor that the machine sets, that stands beside it where it was taken."""


def figures(of: Any, path: str) -> Iterator[tuple[str, bool | float | str]]:
    """Return the numbers within a result, each with its path; long lists of bare numbers by their length alone."""
    match of:
        case dict():
            for name, value in of.items():
                if name != "machine":
                    yield from figures(value, f"{path}.{name}")
        case list() if of and all(isinstance(one, dict) for one in of):
            for number, value in enumerate(of):
                yield from figures(value, f"{path}.{_named(value) or number}")
        case list() if len(of) > 10:
            yield path, f"{len(of)} figures"
        case list():
            for number, value in enumerate(of):
                yield from figures(value, f"{path}.{number}")
        case bool() | int() | float():
            yield path, of


def _named(row: dict[str, Any]) -> str:
    """Return what a row of a result is about: its texts, and the numbers that it was taken at."""
    about = [str(value) for value in row.values() if isinstance(value, str)]
    return " ".join(about + [f"{name} {row[name]}" for name in TAKEN_AT if name in row])


TAKEN_AT = ("players", "width", "days", "correlation")


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Return figure, value, that of its peer or floor, and what it is held to, of every result file."""
    held = {
        path: f"{value:,.3f}" if isinstance(value, float) else str(value)
        for file in sorted(RESULTS.glob("*.json"))
        for path, value in figures(json.loads(file.read_text(encoding="utf-8")), file.stem)
    }
    for path, value in held.items():
        yield path, value, _peer(path, held), _wanted(path)


def _peer(path: str, held: dict[str, str]) -> str:
    for pattern, peer in PEERS:
        if (found := re.fullmatch(pattern, path)) and (name := found.expand(peer)) in held:
            return f"{held[name]} ({name.split('.', 1)[1]})"
    return ""


def _wanted(path: str) -> str:
    target = target_of(path.removeprefix("scale.")) if path.startswith("scale.") else None
    return WANTED.get(path, "") if target is None else worded(target)


def machines() -> Iterator[str]:
    """Return what each result file says of where it was made."""
    for file in sorted(RESULTS.glob("*.json")):
        result = json.loads(file.read_text(encoding="utf-8"))
        of = {"": result, **{f".{name}": part for name, part in result.items() if isinstance(part, dict)}}
        yield from (f"{file.stem}{name}: {part['machine']}" for name, part in of.items() if "machine" in part)


def main() -> None:
    """Print the table, and write it as Markdown to `benchmarks/results/all.md`."""
    table = list(rows())
    width = max((len(path) for path, *_ in table), default=10)
    lines = ["| figure | value | peer or floor | held to |", "|---|---|---|---|"]
    for path, value, peer, wanted in table:
        print(f"{path:{width}} {value:>16}  {wanted}{'  beside ' if peer else ''}{peer}")
        lines.append(f"| {path} | {value} | {peer} | {wanted} |")
    lines += ["", *(f"- {machine}" for machine in machines())]
    print("\n".join(machines()))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "all.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
