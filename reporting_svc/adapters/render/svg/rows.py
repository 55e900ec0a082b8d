"""Rows: a bar or a dot with its interval for each category, names on the left where they can be read."""

from reporting_svc.adapters.render.svg.elements import element, markers, words
from reporting_svc.adapters.render.svg.frame import LETTER, Frame, axis_title, colour_of, legend, shape_of
from reporting_svc.adapters.render.svg.scales import Scale, label, nice
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import AxisScale, Chart, ChartKind, ChartPoint, SeriesRole

ROW = 26.0


def rows(chart: Chart, theme: Theme, width: float) -> tuple[str, float]:
    """Return the body of a chart of rows and its height in px."""
    drawn = [
        (index, point) for index, series in enumerate(chart.series) for point in series.points if point.y is not None
    ]
    bars = chart.kind is ChartKind.BAR
    values = [value for _, point in drawn for value in (point.y, point.lower, point.upper) if value is not None]
    low, high, ticks = nice(
        values, zero=bars, share=chart.y_axis.scale is AxisScale.SHARE, count=5 if width > 500 else 3
    )
    widest = max((len(point.x) for _, point in drawn), default=0)
    left = min(LETTER * widest + 16, width * 0.42)
    key, room = legend(chart, theme, width, lines=False)
    top = room + 12
    frame = Frame(width, top + ROW * len(drawn) + 46, left, width - 26, top, top + ROW * len(drawn))
    across = Scale(low, high, frame.left + 6, frame.right)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    parts = [key]
    for tick in ticks:
        x = across(tick)
        strong = theme.muted if tick == 0 else theme.line
        parts.append(element("path", d=f"M{x:.1f} {frame.top:.1f} V{frame.bottom:.1f}", stroke=strong))
        text = label(tick, chart.y_axis.scale, step)
        parts.append(words(text, x, frame.bottom + 16, text_anchor="middle", fill=theme.muted, font_size=11))
    title = axis_title(chart.y_axis)
    middle = (frame.left + frame.right) / 2
    parts.append(words(title, middle, frame.bottom + 34, text_anchor="middle", fill=theme.muted, font_size=11))
    for place, (index, point) in enumerate(drawn):
        y = frame.top + ROW * (place + 0.5)
        parts.append(
            words(_short(point.x, left), frame.left - 8, y + 4, text_anchor="end", fill=theme.ink, font_size=12)
        )
        parts.append(_row(chart, theme, index, point, across, y, bars=bars))
    return "".join(parts), frame.height


def _row(chart: Chart, theme: Theme, index: int, point: ChartPoint, across: Scale, y: float, *, bars: bool) -> str:
    colour = colour_of(theme, chart, index)
    parts = []
    value = across(point.y or 0.0)
    bar = bars and chart.series[index].role is not SeriesRole.BASELINE
    if bar:
        zero = across(0.0)
        parts.append(
            element("rect", x=min(zero, value), y=y - 8, width=abs(value - zero), height=16, fill=colour, rx=2)
        )
    if point.lower is not None and point.upper is not None:
        start, end = across(point.lower), across(point.upper)
        stroke = theme.ink if bar else colour
        line = f"M{start:.1f} {y:.1f} H{end:.1f} M{start:.1f} {y - 4:.1f} v8 M{end:.1f} {y - 4:.1f} v8"
        parts.append(element("path", d=line, stroke=stroke, stroke_width=1.6))
    if not bar:
        shape = (
            "cross"
            if chart.series[index].role is SeriesRole.BASELINE
            else shape_of(chart.series[index], index, lines=True)
        )
        parts.append(markers(shape, [(value, y)], 4.6, fill=colour))
    return "".join(parts)


def _short(name: str, room: float) -> str:
    most = max(int((room - 12) / LETTER), 4)
    return name if len(name) <= most else f"{name[: most - 1]}…"
