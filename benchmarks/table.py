"""One table of all figures that were written, and what each is held to: `python -m benchmarks.table`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.alerts.targets import TARGETS

RESULTS = Path(__file__).parent / "results"

WANTED = {
    "ingest.results.postgresql.per_s": "30,000",
    "ingest.results.sqlite.per_s": "20,000",
    "release.figures.postgresql.ratio": "2 times the group-by",
    "release.figures.sqlite.ratio": "2 times the group-by",
    "reads.figures.with ingest p99 ms": "10",
    "reports.busy.seconds": "20",
    "reports.busy.call_p99_ms": "50",
    "outcomes.figures.trial.auc": "0.84",
    "outcomes.figures.courses_day_90.accuracy": "0.79",
    "outcomes.figures.courses_day_90.auc": "0.855",
    "outcomes.figures.courses_day_120.accuracy": "0.80",
    "outcomes.figures.courses_day_120.auc": "0.88",
    "outcomes.figures.courses_day_120.calibration_error": "0.04 at most",
    "scale.figures.duckdb equal": "equal",
    "scale.figures.spark equal": "equal",
    "scale.figures.spark ratio": "3 times Spark's group-by",
    "anomalies.real.value_novelty.best.standard": "70",
    "anomalies.real.value_novelty.shipped.standard": "68",
    "anomalies.real.value_novelty.shipped.false_alarms_10k": "8",
    "anomalies.real.value_novelty.points_per_second": "100,000",
    "anomalies.real.value_novelty.transfer.0.loss": "5",
    "anomalies.real.value_novelty.transfer.1.loss": "5",
} | {
    f"alerts.{name}.{key}": f"{word} {limit:g}" for name, keys in TARGETS.items() for key, (word, limit) in keys.items()
}
"""What a figure shall reach, or what it stands beside; a figure's name is its path in the results."""


def figures(of: Any, path: str) -> Iterator[tuple[str, bool | float | str]]:
    """Return the numbers within a result, each with its path; lists of many numbers by their length alone."""
    match of:
        case dict():
            for name, value in of.items():
                if name != "machine":
                    yield from figures(value, f"{path}.{name}")
        case list() if len(of) > 10:
            yield path, f"{len(of)} figures"
        case list():
            for number, value in enumerate(of):
                yield from figures(value, f"{path}.{number}")
        case bool() | int() | float():
            yield path, of


def rows() -> Iterator[tuple[str, str, str]]:
    """Return figure, value and what it is held to, of every result file."""
    for file in sorted(RESULTS.glob("*.json")):
        for path, value in figures(json.loads(file.read_text(encoding="utf-8")), file.stem):
            yield path, f"{value:,.3f}" if isinstance(value, float) else str(value), WANTED.get(path, "")


def main() -> None:
    """Print the table, and write it as Markdown to `benchmarks/results/all.md`."""
    table = list(rows())
    width = max((len(path) for path, _, _ in table), default=10)
    lines = ["| figure | value | held to |", "|---|---|---|"]
    for path, value, wanted in table:
        print(f"{path:{width}} {value:>16}  {wanted}")
        lines.append(f"| {path} | {value} | {wanted} |")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "all.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
