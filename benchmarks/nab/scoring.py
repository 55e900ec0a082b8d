"""Scores of the Numenta Anomaly Benchmark, from its published rules (Lavin and Ahmad 2015, arXiv:1510.03336).

A window counts once, by its best detection; each detection outside a window costs, the more the farther it lies
past the last window; a window that was missed costs. The probationary part at the start of a file counts for nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

PROBATION = 0.15
"""Share of a file, of at most its first 5,000 points, in which detections count for nothing."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a true detection earns, and what a false or a missed one costs."""

    name: str
    true_positive: float
    false_positive: float
    false_negative: float


STANDARD = Profile("standard", 1.0, 0.11, 1.0)
LOW_FALSE_POSITIVES = Profile("reward_low_fp", 1.0, 0.22, 1.0)
LOW_FALSE_NEGATIVES = Profile("reward_low_fn", 1.0, 0.11, 2.0)
PROFILES = (STANDARD, LOW_FALSE_POSITIVES, LOW_FALSE_NEGATIVES)


@dataclass(frozen=True, slots=True)
class Scored:
    """One file with a score a point."""

    scores: NDArray[np.float64]
    """Anomaly scores, one a point; 0 is no anomaly."""
    windows: tuple[tuple[int, int], ...]
    """First and last index of each labelled window, both inside it, in order."""


def probation(points: int) -> int:
    """Number of points at the start of a file that count for nothing."""
    return math.floor(PROBATION * min(points, 5000))


def earned(position: float) -> float:
    """Unweighted worth of a detection: about 1 at a window's start (-1), 0 at its end (0), towards -1 past it."""
    return -1.0 if position > 3.0 else 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def worth(points: int, windows: Sequence[tuple[int, int]]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return each point's unweighted worth as a detection, and its window: index, -1 outside, -2 on probation."""
    value = np.full(points, -1.0)
    owner = np.full(points, -1, dtype=np.int64)
    best = earned(-1.0)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        for index in range(first, last + 1):
            value[index] = earned(-(last - index + 1) / width) / best
            owner[index] = number
        end = windows[number + 1][0] if number + 1 < len(windows) else points
        for index in range(last + 1, end):
            value[index] = earned((index - last) / max(width - 1, 1))
    owner[: probation(points)] = -2
    return value, owner


def detections(files: Sequence[Scored]) -> list[tuple[float, int, float]]:
    """Every point that could be detected, highest score first: (score, window over all files or -1, worth)."""
    found: list[tuple[float, int, float]] = []
    offset = 0
    for file in files:
        value, owner = worth(len(file.scores), file.windows)
        for index in np.flatnonzero((file.scores > 0) & (owner != -2)):
            window = int(owner[index])
            found.append((float(file.scores[index]), window + offset if window >= 0 else -1, float(value[index])))
        offset += len(file.windows)
    found.sort(key=lambda point: -point[0])
    return found


def sweep(files: Sequence[Scored], profile: Profile) -> list[tuple[float, float]]:
    """Return (threshold, score) for every threshold that makes a difference; 100 is perfect, 0 is silence."""
    windows = sum(len(file.windows) for file in files)
    null = -profile.false_negative * windows
    raw = null
    best: dict[int, float] = {}
    curve = [(math.inf, 0.0)]
    for threshold, group in groupby(detections(files), key=lambda point: point[0]):
        for _, window, value in group:
            if window < 0:
                raw += profile.false_positive * value
            else:
                now = profile.true_positive * value
                before = best.get(window, -profile.false_negative)
                if now > before:
                    best[window] = now
                    raw += now - before
        curve.append((threshold, 100.0 * (raw - null) / (profile.true_positive * windows - null)))
    return curve


def best_threshold(files: Sequence[Scored], profile: Profile) -> tuple[float, float]:
    """Return the (threshold, score) with the highest score; the highest such threshold."""
    return max(sweep(files, profile), key=lambda point: point[1])


def score_at(files: Sequence[Scored], threshold: float, profile: Profile) -> float:
    """Score of detecting every point whose score is at least `threshold`."""
    return min(((t, s) for t, s in sweep(files, profile) if t >= threshold), key=lambda point: point[0])[1]


def false_alarms(files: Sequence[Scored], threshold: float) -> int:
    """Count points at or above `threshold` outside every window and past probation."""
    return sum(1 for score, window, _ in detections(files) if score >= threshold and window < 0)
