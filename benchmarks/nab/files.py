"""The labelled series of the Numenta Anomaly Benchmark, read from a folder beside the project."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nab"
"""Where the series lie: outside the project, because their licence and size keep them out of it."""


@dataclass(frozen=True, slots=True)
class Series:
    """One file of the benchmark."""

    name: str
    times: list[float]
    """Seconds since 1970; the files' naive times read as UTC."""
    values: list[float]
    windows: tuple[tuple[int, int], ...]
    """First and last index of each labelled window."""


def seconds(text: str) -> float:
    """Read a naive time of the benchmark as UTC seconds since 1970."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def read(folder: Path = FOLDER) -> list[Series]:
    """Read every labelled series, in order of name."""
    labels: dict[str, list[list[str]]] = json.loads((folder / "labels" / "combined_windows.json").read_text())
    return [read_one(folder / "data" / name, name, windows) for name, windows in sorted(labels.items())]


def read_one(path: Path, name: str, windows: list[list[str]]) -> Series:
    """Read one series and turn its windows' times into indexes."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    times = [seconds(row["timestamp"]) for row in rows]
    limits = []
    for begin, end in windows:
        first, last = seconds(begin), seconds(end)
        inside = [index for index, time in enumerate(times) if first <= time <= last]
        limits.append((inside[0], inside[-1]))
    return Series(name, times, [float(row["value"]) for row in rows], tuple(limits))
