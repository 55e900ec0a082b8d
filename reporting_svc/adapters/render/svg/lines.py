"""Lines over time or over ordered steps, with interval bands."""

from reporting_svc.adapters.render.svg.elements import element, markers, number, words
from reporting_svc.adapters.render.svg.frame import (
    LETTER,
    Frame,
    colour_of,
    dash_of,
    legend,
    shape_of,
    tick_width,
    value_axis,
)
from reporting_svc.adapters.render.svg.scales import Scale, named, nice, seconds, time_ticks
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import AxisScale, Chart, ChartPoint, SeriesRole

HEIGHT = 300.0
MOST_MARKERS = 60


def lines(chart: Chart, theme: Theme, width: float) -> tuple[str, float]:
    """Return the body of a line chart and its height in px."""
    timed = chart.x_axis.scale is AxisScale.TIME
    names = list(dict.fromkeys(point.x for series in chart.series for point in series.points))
    places = {name: seconds(name) if timed else float(index) for index, name in enumerate(names)}
    values = [
        value
        for series in chart.series
        for point in series.points
        for value in (point.y, point.lower, point.upper)
        if value is not None
    ]
    low, high, ticks = nice(values, zero=False, share=chart.y_axis.scale is AxisScale.SHARE)
    key, above = legend(chart, theme, width, lines=True)
    frame = Frame(width, HEIGHT + above, tick_width(ticks, chart.y_axis), width - 14, above + 34, HEIGHT + above - 34)
    up = Scale(low, high, frame.bottom, frame.top)
    ends = min(places.values(), default=0.0), max(places.values(), default=0.0)
    room = 1.0 if ends[0] == ends[1] else 0.0  # a single point stands in the middle
    across = Scale(ends[0] - room, ends[1] + room, frame.left + 8, frame.right - 8)
    parts = [key, value_axis(chart.y_axis, ticks, up, frame, theme), _steps(chart, places, across, frame, theme)]
    parts += [_mark(mark.label, across(seconds(mark.x)), frame, theme) for mark in chart.marks if timed]
    for index, series in enumerate(chart.series):
        colour = colour_of(theme, chart, index)
        for run in _runs(series.points):
            track = [(across(places[point.x]), point) for point in run]
            if series.role is not SeriesRole.FITTED:
                parts.append(_band(track, up, colour, 0.13 if len(chart.series) < 4 else 0.07))
            path = " L".join(f"{number(x)} {number(up(point.y or 0.0))}" for x, point in track)
            thin = 1.6 if series.role is SeriesRole.FITTED else 2.2
            dash = dash_of(series, index)
            if len(track) > 1:
                parts.append(
                    element("path", d=f"M{path}", fill="none", stroke=colour, stroke_width=thin, stroke_dasharray=dash)
                )
            if series.role is not SeriesRole.FITTED and len(series.points) <= MOST_MARKERS:
                spots = [(x, up(point.y or 0.0)) for x, point in track]
                parts.append(markers(shape_of(series, index, lines=True), spots, 3.2, fill=colour))
    return "".join(parts), frame.height


def _runs(points: tuple[ChartPoint, ...]) -> list[list[ChartPoint]]:
    """Split where values are missing: a line across a gap would claim too much."""
    runs: list[list[ChartPoint]] = [[]]
    for point in points:
        if point.y is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _band(track: list[tuple[float, ChartPoint]], up: Scale, colour: str, opacity: float) -> str:
    known = [(x, point.lower, point.upper) for x, point in track if point.lower is not None and point.upper is not None]
    if len(known) == 1:
        x, lower, upper = known[0]
        return element("path", d=f"M{x:.1f} {up(lower):.1f} V{up(upper):.1f}", stroke=colour, stroke_width=1.2)
    if not known:
        return ""
    above = " L".join(f"{number(x)} {number(up(upper))}" for x, _, upper in known)
    below = " L".join(f"{number(x)} {number(up(lower))}" for x, lower, _ in reversed(known))
    return element("path", d=f"M{above} L{below} Z", fill=colour, fill_opacity=opacity)


def _steps(chart: Chart, places: dict[str, float], across: Scale, frame: Frame, theme: Theme) -> str:
    room = frame.right - frame.left
    if chart.x_axis.scale is AxisScale.TIME and places:
        most = max(int(room / 75), 3)
        few = len(places) <= most
        ticks = (
            list(zip(places.values(), named(list(places)), strict=True))
            if few
            else time_ticks(min(places.values()), max(places.values()), most)
        )
    else:
        every = max(1, round(len(places) * 60 / max(room, 1)))
        ticks = [(place, name) for name, place in places.items() if place % every == 0]
    small = {"fill": theme.muted, "font_size": 11}
    parts = [
        element("path", d=f"M{across(place):.1f} {frame.bottom:.1f} v5", stroke=theme.muted)
        + words(text, _within(across(place), text, frame), frame.bottom + 18, text_anchor="middle", **small)
        for place, text in ticks
    ]
    if chart.x_axis.scale is not AxisScale.TIME:
        middle = (frame.left + frame.right) / 2
        parts.append(
            words(chart.x_axis.title, middle, frame.bottom + 32, text_anchor="middle", fill=theme.muted, font_size=11)
        )
    return "".join(parts)


def _within(x: float, text: str, frame: Frame) -> float:
    """Return the middle of a label of 11 px that stays within the chart."""
    half = len(text) * LETTER * 11 / 12 / 2
    return min(max(x, half), frame.width - half)


def _mark(text: str, x: float, frame: Frame, theme: Theme) -> str:
    line = element(
        "path",
        d=f"M{x:.1f} {frame.top:.1f} V{frame.bottom:.1f}",
        stroke=theme.ink,
        stroke_width=1,
        stroke_dasharray="3 3",
    )
    late = x > (frame.left + frame.right) / 2
    anchor, away = ("end", -5) if late else ("start", 5)
    return line + words(text, x + away, frame.top + 10, text_anchor=anchor, fill=theme.ink, font_size=11)
