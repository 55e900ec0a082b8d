"""The frame of a chart: size, axes, grid, legend."""

from dataclasses import dataclass

from reporting_svc.adapters.render.svg.elements import element, markers, words
from reporting_svc.adapters.render.svg.scales import Scale, label
from reporting_svc.adapters.render.theme import DASHES, MARKERS, Theme
from reporting_svc.domain.report import Chart, ChartAxis, ChartKind, ChartSeries, SeriesRole

LETTER = 7.2
"""Width of a letter at 12 px, about."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the values go, in px."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


def colour_of(theme: Theme, chart: Chart, index: int) -> str:
    """Return the colour of a series: fitted and forecast ones share the first one's."""
    role = chart.series[index].role
    if role in {SeriesRole.FITTED, SeriesRole.FORECAST}:
        return theme.colour(0)
    return theme.muted if role is SeriesRole.BASELINE else theme.colour(index)


def dash_of(series: ChartSeries, index: int) -> str | None:
    """Return how the line of a series is broken."""
    if series.role is SeriesRole.FITTED:
        return "2 3"
    if series.role is SeriesRole.FORECAST:
        return "7 4"
    return DASHES[index % len(DASHES)] or None


def legend(chart: Chart, theme: Theme, width: float, *, lines: bool) -> tuple[str, float]:
    """Return the legend and its height; nothing for a single series."""
    if len(chart.series) < 2:
        return "", 0.0
    parts, x, y = [], 8.0, 14.0
    for index, series in enumerate(chart.series):
        need = 34 + LETTER * len(series.name)
        if x + need > width and x > 8:
            x, y = 8.0, y + 20
        colour = colour_of(theme, chart, index)
        if lines:
            dash = dash_of(series, index)
            parts.append(
                element("path", d=f"M{x:.0f} {y - 4:.0f} h20", stroke=colour, stroke_width=2, stroke_dasharray=dash)
            )
        if not (lines and series.role is SeriesRole.FITTED):
            shape = shape_of(series, index, lines=lines or chart.kind is ChartKind.INTERVAL)
            parts.append(markers(shape, [(x + 10, y - 4)], 4.0, fill=colour))
        parts.append(words(series.name, x + 26, y, fill=theme.ink, font_size=12))
        x += need
    return "".join(parts), y + 10


def shape_of(series: ChartSeries, index: int, *, lines: bool) -> str:
    """Return the marker of a series."""
    if series.role is SeriesRole.BASELINE:
        return "cross"
    return MARKERS[index % len(MARKERS)] if lines else "square"


def value_axis(axis: ChartAxis, ticks: list[float], scale: Scale, frame: Frame, theme: Theme) -> str:
    """Return horizontal grid lines with their labels and the axis title above."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    parts = []
    for tick in ticks:
        y = scale(tick)
        strong = theme.muted if tick == 0 else theme.line
        parts.append(element("path", d=f"M{frame.left:.1f} {y:.1f} H{frame.right:.1f}", stroke=strong, stroke_width=1))
        text = label(tick, axis.scale, step)
        parts.append(words(text, frame.left - 8, y + 4, text_anchor="end", fill=theme.muted, font_size=11))
    parts.append(words(axis_title(axis), 4, frame.top - 10, fill=theme.muted, font_size=11))
    return "".join(parts)


def axis_title(axis: ChartAxis) -> str:
    """Return title and unit."""
    return f"{axis.title} ({axis.unit})" if axis.unit and axis.unit not in {"share", axis.title.lower()} else axis.title


def tick_width(ticks: list[float], axis: ChartAxis) -> float:
    """Return how much room the labels of the value axis need."""
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return LETTER * max(len(label(tick, axis.scale, step)) for tick in ticks) + 14
