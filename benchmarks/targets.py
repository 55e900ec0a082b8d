"""Figures beside what they are held to: every benchmark that has targets prints them by these words."""

from collections.abc import Callable, Iterable
from typing import Any

Target = tuple[str, float]
"""`at most` or `at least`, and the limit; `equal` to True (1) for what either holds or does not."""


def worded(target: Target) -> str:
    """Return a target in words."""
    word, limit = target
    return "shall hold" if word == "equal" else f"{word} {limit:g}"


def beside(value: Any, target: Target | None) -> str:
    """Return a value, and beside it its target where it has one, with MISSED where it does not reach it."""
    shown = f"{value:,.2f}" if isinstance(value, float) else str(value)
    if target is None:
        return shown
    return f"{shown} ({worded(target)}{'' if reached(value, target) else ': MISSED'})"


def missed(values: Iterable[tuple[str, Any]], target_of: Callable[[str], Target | None]) -> list[str]:
    """Return those of the named values that miss their target, in words."""
    return [
        f"{name}: {beside(value, target)}"
        for name, value in values
        if (target := target_of(name)) is not None and not reached(value, target)
    ]


def reached(value: float, target: Target) -> bool:
    """Return whether a value reaches its target."""
    word, limit = target
    if word == "equal":
        return value == limit
    return value <= limit if word == "at most" else value >= limit


def summary(names: list[str]) -> str:
    """Return the last words of a benchmark: what it missed."""
    return "\n".join(("missed:", *(f"  {name}" for name in names))) if names else "no target is missed"
