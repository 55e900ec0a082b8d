"""What each figure is held to, by its path: the part, then its names."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from benchmarks.targets import Target

_AT_MOST, _AT_LEAST = "at most", "at least"

TARGETS: tuple[tuple[str, Target], ...] = (
    (r"engines\..*\.spark equal", ("equal", True)),
    (r"engines\..*\.spark rows equal", ("equal", True)),
    (r"engines\..*\.postgresql ratio", (_AT_MOST, 2)),
    (r"engines\..*\.whole release, peak memory growth mb", (_AT_MOST, 30)),
    (r"engines\.10,000,000 sessions\.spark ratio", (_AT_MOST, 3)),
    (r"engines\.growth\.postgresql release s beside a line", (_AT_MOST, 1.25)),
    (r"engines\.growth\.spark sums s beside a line", (_AT_MOST, 1.25)),
    (r"engines\.growth\.whole release, bytes a further player", (_AT_MOST, 150)),
    (r"layout\.one, new rows beside the faster of the others", (_AT_LEAST, 1)),
    (r"workers\.two by one, where a worker is the limit", (_AT_LEAST, 1.6)),
    (r"workers\.two by one, wall clock", (_AT_LEAST, 1.6)),
    (r"subscriptions\.subscribers", (_AT_LEAST, 5_000)),
    (r"subscriptions\.all back after s", (_AT_MOST, 5)),
    (r"subscriptions\.deliveries missing", (_AT_MOST, 0)),
    (r"soak\.seconds", (_AT_LEAST, 600)),
    (r"soak\.sent, share of half the limit", (_AT_LEAST, 0.95)),
    (r"soak\.memory mb, rise an hour", (_AT_MOST, 30)),
    (r"soak\.latency ms, drift", (_AT_MOST, 0.1)),
    (r"soak\.descriptors, drift", (_AT_MOST, 0)),
    (r"soak\.tasks, drift", (_AT_MOST, 0)),
)
"""Pattern of a path -> target. Drift is the growth from the second to the last quarter, as a share. 30 MB an hour over
ten minutes are what can be told from a reading's noise; at that pace a pod of 1.5 GB lasts a day and a half."""


def target_of(path: str) -> Target | None:
    """Return what the figure of a path is held to."""
    return next((target for pattern, target in TARGETS if re.fullmatch(pattern, path)), None)


def paths(figures: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Return each figure of a part with its path."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from paths(value, f"{path}.{name}")
        else:
            yield f"{path}.{name}", value


def absent(found: Collection[str], part: str = "") -> Iterator[tuple[str, Target]]:
    """Return the targets of a part, or of all, that no figure was taken for: such a target is missed."""
    for pattern, target in TARGETS:
        if pattern.startswith(part) and not any(re.fullmatch(pattern, path) for path in found):
            yield pattern.replace(".*", "*").replace("\\", ""), target
