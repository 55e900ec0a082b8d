"""What each figure is held to."""

from typing import Any

from benchmarks import targets
from benchmarks.targets import Target

_FEW = {"p50_ms": ("at most", 5), "p99_ms": ("at most", 25)}
_MANY = {"p99_ms": ("at most", 150)}
_LATENCIES = {
    "1 subscriber, 50 alerts/s": _FEW,
    "100 subscribers, 50 alerts/s": _FEW,
    "100 subscribers, 20 alerts/s": _FEW,
    "1,000 subscribers, 5 alerts/s": _MANY,
}
_NONE_LOST = {"lost": ("at most", 0), "memory_growth_second_half_mb": ("at most", 10)}

TARGETS: dict[str, dict[str, Target]] = {
    **_LATENCIES,
    **{f"{name}, message": held for name, held in _LATENCIES.items()},
    "another stalled, by none": {"p50_ratio": ("at most", 1.2), "p99_ratio": ("at most", 1.2)},
    "16 callers": {"alerts_per_second": ("at least", 1000), **_NONE_LOST},
    "batches, 14 rules": {"signals_per_second": ("at least", 5000), **_NONE_LOST},
    "WebSocket's extra": {"p50_ms": ("at most", 10)},
    "while PostgreSQL imports": {"p99_ms": ("at most", 100)},
    "up on SQLite, while it imports": {"p99_ms": ("at most", 250)},
}
"""Figure -> key -> what it is held to."""


def beside(name: str, figures: dict[str, Any]) -> str:
    """Return the figures in words, each beside its target."""
    held = TARGETS.get(name, {})
    return "  ".join(f"{key} {targets.beside(value, held.get(key))}" for key, value in figures.items())


def missed(results: dict[str, Any]) -> list[str]:
    """Return the figures that miss their target."""
    return [
        f"{name}: {line}"
        for name, held in TARGETS.items()
        if name in results
        for line in targets.missed(results[name].items(), held.get)
    ]
