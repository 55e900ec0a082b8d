"""Charts of pages: what to draw, what it shows in words, and the figures as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PALETTE = ("#0f766e", "#b45309", "#4f46e5", "#be185d", "#4d7c0f", "#0369a1")
"""Told apart by colour-blind readers, in light and in dark; kept in order."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with what a reader who cannot see it needs."""

    title: str
    finding: str
    """One sentence: what the chart shows."""
    plot: dict[str, Any]
    """`data` and `layout` for Plotly."""
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    """The table behind the chart; the first cell of each row is its heading."""


def at_least(least: float, figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure as people read it: noise can carry it below what there can be, such as fewer than 0 players."""
    return {**figure, **{name: max(least, figure[name]) for name in ("value", "lower", "upper")}}


def told(figure: dict[str, Any], digits: int = 1) -> str:
    """Return an estimate as text with its interval, or that the noise hides it."""
    if figure.get("uninformative"):
        return "too noisy to tell"
    return f"{figure['value']:,.{digits}f} ({figure['lower']:,.{digits}f} to {figure['upper']:,.{digits}f})"


def bars(
    title: str, finding: str, names: Sequence[str], figures: Sequence[dict[str, Any]], unit: str, digits: int = 1
) -> Chart:
    """Draw one estimate a name as horizontal bars with 95 % intervals."""
    values = [figure["value"] for figure in figures]
    plot = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": values,
                "y": list(names),
                "marker": {"color": PALETTE[0]},
                "error_x": _reach(figures),
                "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>",
            }
        ],
        "layout": {
            "yaxis": {"autorange": "reversed"},
            "xaxis": {"title": {"text": unit}},
            "height": max(240, 34 * len(names) + 90),
        },
    }
    rows = [(name, told(figure, digits)) for name, figure in zip(names, figures, strict=True)]
    return Chart(title, finding, plot, ("", f"{unit}, with 95 % interval"), rows)


def line(
    title: str,
    finding: str,
    steps: Sequence[str],
    figures: Sequence[dict[str, Any]],
    axes: tuple[str, str],
    digits: int = 1,
) -> Chart:
    """Draw one estimate a step as points joined by a line, with 95 % intervals; `axes` name the steps and the unit."""
    across, unit = axes
    plot = {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": list(steps),
                "y": [figure["value"] for figure in figures],
                "line": {"color": PALETTE[0]},
                "error_y": _reach(figures),
                "hovertemplate": "%{x}: %{y:,.2f}<extra></extra>",
            }
        ],
        "layout": {
            "yaxis": {"title": {"text": unit}, "rangemode": "tozero"},
            "xaxis": {"title": {"text": across}, "type": "category"},
        },
    }
    rows = [(step, told(figure, digits)) for step, figure in zip(steps, figures, strict=True)]
    return Chart(title, finding, plot, (across.capitalize(), f"{unit}, with 95 % interval"), rows)


def _reach(figures: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "data",
        "array": [figure["upper"] - figure["value"] for figure in figures],
        "arrayminus": [figure["value"] - figure["lower"] for figure in figures],
        "thickness": 1.5,
    }
