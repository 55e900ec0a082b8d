"""One table of all figures that were written, and what each is held to: `python -m benchmarks.table`.

A figure that does not reach what it is held to is marked MISSED, and so is one that was not taken.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.alerts.targets import TARGETS
from benchmarks.asked import command_line
from benchmarks.scale import targets as scale
from benchmarks.targets import Target, reached, worded

RESULTS = Path(__file__).parent / "results"

_AT_MOST, _AT_LEAST = "at most", "at least"

WANTED: dict[str, Target] = {
    "ingest.results.postgresql.per_s": (_AT_LEAST, 30_000),
    "ingest.results.sqlite.per_s": (_AT_LEAST, 20_000),
    "release.figures.postgresql.ratio": (_AT_MOST, 2),
    "release.figures.sqlite.ratio": (_AT_MOST, 2),
    "reads.figures.1.gRPC beside the ingest p99 ms": (_AT_MOST, 10),
    "reads.figures.2.gRPC beside the ingest p99 ms": (_AT_MOST, 10),
    "reads.figures.1.REST beside the ingest p99 ms": (_AT_MOST, 25),
    "reads.figures.2.REST beside the ingest p99 ms": (_AT_MOST, 25),
    "reports.busy.seconds": (_AT_MOST, 20),
    "reports.busy.call_p99_ms": (_AT_MOST, 50),
    "reports.ticks.ticks missing": (_AT_MOST, 0),
    "reports.ticks.ticks beside": (_AT_MOST, 0),
    "reports.ticks.runs done": (_AT_LEAST, 1500),
    "reports.ticks.runs with two reports": (_AT_MOST, 0),
    "reports.ticks.deliveries missing": (_AT_MOST, 0),
    "reports.ticks.deliveries under another key": (_AT_MOST, 0),
    "outcomes.figures.trial.auc": (_AT_LEAST, 0.84),
    "outcomes.figures.courses_day_90.accuracy": (_AT_LEAST, 0.79),
    "outcomes.figures.courses_day_90.auc": (_AT_LEAST, 0.855),
    "outcomes.figures.courses_day_120.accuracy": (_AT_LEAST, 0.80),
    "outcomes.figures.courses_day_120.auc": (_AT_LEAST, 0.88),
    "outcomes.figures.courses_day_120.calibration_error": (_AT_MOST, 0.04),
    "anomalies.real.value_novelty.best.standard": (_AT_LEAST, 70),
    "anomalies.real.value_novelty.shipped.standard": (_AT_LEAST, 68),
    "anomalies.real.value_novelty.shipped.false_alarms_10k": (_AT_MOST, 8),
    "anomalies.real.value_novelty.points_per_second": (_AT_LEAST, 100_000),
    "anomalies.real.value_novelty.transfer.0.loss": (_AT_MOST, 5),
    "anomalies.real.value_novelty.transfer.1.loss": (_AT_MOST, 5),
} | {f"alerts.{name}.{key}": target for name, keys in TARGETS.items() for key, target in keys.items()}
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
    (r"scale\.engines\.(.*)\.whole release s", r"scale.engines.\1.postgresql group-by s"),
    (r"scale\.layout\.one\.(.*)", r"scale.layout.by_month.\1"),
    (r"scale\.workers\.2 workers\.(.*)", r"scale.workers.1 worker.\1"),
    (
        r"reads\.figures\.(\d)\.(gRPC|REST) beside the ingest (.*)",
        r"reads.figures.\1.floor: bare \2 beside the ingest \3",
    ),
    (r"gateway\.requests\.[^.]*\.(.*)", r"gateway.requests.Envoy, transcoding only.\1"),
    (r"scale\.subscriptions\.(.*) back after s", r"scale.subscriptions.floor: bare services, \1 back after s"),
    (r"scale\.soak\.latency ms, last quarter", "scale.soak.floor: bare copy of a message ms"),
    (r"scale\.soak\.(?:sent|limit) per_s", "scale.soak.floor: bare copy per_s"),
    (r"scale\.soak\.(.*), last quarter", r"scale.soak.\1, second quarter"),
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
    """Return figure, value, that of its peer or floor, and what it is held to, of every result file.

    After them those that are held to something and were not taken.
    """
    held = {
        path: value
        for file in sorted(RESULTS.glob("*.json"))
        for path, value in figures(json.loads(file.read_text(encoding="utf-8")), file.stem)
    }
    for path, value in held.items():
        yield path, _shown(value), _peer(path, held), _wanted(path, value)
    for path in sorted(set(WANTED) - set(held)):
        yield path, "not taken", "", f"{worded(WANTED[path])}: MISSED"
    taken = [path.removeprefix("scale.") for path in held if path.startswith("scale.")]
    for pattern, target in scale.absent(taken):
        yield f"scale.{pattern}", "not taken", "", f"{worded(target)}: MISSED"


def _shown(value: float | str) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


def _peer(path: str, held: dict[str, bool | float | str]) -> str:
    for pattern, peer in PEERS:
        if (found := re.fullmatch(pattern, path)) and (name := found.expand(peer)) in held:
            return f"{_shown(held[name])} ({name.split('.', 1)[1]})"
    return ""


def _wanted(path: str, value: float | str) -> str:
    target = scale.target_of(path.removeprefix("scale.")) if path.startswith("scale.") else WANTED.get(path)
    if target is None:
        return ""
    return worded(target) if not isinstance(value, str) and reached(value, target) else f"{worded(target)}: MISSED"


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
    command_line("benchmarks.table", __doc__).parse_args()
    main()
