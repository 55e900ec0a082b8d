"""What each figure is held to."""

from typing import Any

_FEW = {"p50_ms": ("at most", 5), "p99_ms": ("at most", 25)}
_MANY = {"p99_ms": ("at most", 150)}
_LATENCIES = {
    "1 subscriber, 50 alerts/s": _FEW,
    "100 subscribers, 20 alerts/s": _FEW,
    "1,000 subscribers, 5 alerts/s": _MANY,
}
_NONE_LOST = {"lost": ("at most", 0), "memory_growth_second_half_mb": ("at most", 10)}

TARGETS: dict[str, dict[str, tuple[str, float]]] = {
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
    return "  ".join(_beside(key, value, TARGETS.get(name, {}).get(key)) for key, value in figures.items())


def missed(results: dict[str, Any]) -> list[str]:
    """Return the figures that miss their target."""
    return [
        f"{name}: {_beside(key, results[name][key], held)}"
        for name, keys in TARGETS.items()
        for key, held in keys.items()
        if name in results and key in results[name] and not _reached(results[name][key], held)
    ]


def _beside(key: str, value: Any, held: tuple[str, float] | None) -> str:
    if held is None:
        return f"{key} {value}"
    return f"{key} {value} ({held[0]} {held[1]:g}{'' if _reached(value, held) else ': MISSED'})"


def _reached(value: float, held: tuple[str, float]) -> bool:
    word, limit = held
    return value <= limit if word == "at most" else value >= limit
