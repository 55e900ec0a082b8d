"""What each figure is held to, by its path: the part, then its names."""

import re
from collections.abc import Iterator
from typing import Any

from benchmarks.targets import Target

_AT_MOST, _AT_LEAST = "at most", "at least"

TARGETS: tuple[tuple[str, Target], ...] = (
    (r"engines\..*\.(duckdb|spark) equal", ("equal", True)),
    (r"engines\..*\.postgresql ratio", (_AT_MOST, 2)),
    (r"engines\..*\.postgresql release, memory growth mb", (_AT_MOST, 30)),
    (r"engines\.10,000,000 sessions\.spark ratio", (_AT_MOST, 3)),
    (r"workers\.two by one, where a worker is the limit", (_AT_LEAST, 1.6)),
    (r"subscriptions\.all back after s", (_AT_MOST, 5)),
    (r"subscriptions\.deliveries missing", (_AT_MOST, 0)),
    (r"soak\.(memory mb|latency ms), drift", (_AT_MOST, 0.1)),
    (r"soak\.(descriptors|tasks), drift", (_AT_MOST, 0)),
)
"""Pattern of a path -> target. Drift is the growth from the second to the last quarter, as a share."""


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
