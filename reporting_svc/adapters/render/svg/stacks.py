"""Shares of a whole, stacked over the periods."""

from reporting_svc.adapters.render.svg.elements import element, words
from reporting_svc.adapters.render.svg.frame import Frame, colour_of, legend, tick_width, value_axis
from reporting_svc.adapters.render.svg.scales import Scale, named
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import Chart

HEIGHT = 300.0


def stacks(chart: Chart, theme: Theme, width: float) -> tuple[str, float]:
    """Return the body of a stacked chart and its height in px; shares below zero (noise) are drawn as none."""
    names = list(dict.fromkeys(point.x for series in chart.series for point in series.points))
    ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    key, room = legend(chart, theme, width, lines=False)
    frame = Frame(width, HEIGHT + room, tick_width(ticks, chart.y_axis), width - 14, room + 34, HEIGHT + room - 34)
    up = Scale(0.0, 1.0, frame.bottom, frame.top)
    parts = [key, value_axis(chart.y_axis, ticks, up, frame, theme)]
    slot = (frame.right - frame.left) / max(len(names), 1)
    thick = min(slot * 0.8, 60.0)
    for place, name in enumerate(names):
        heights = [
            max(next((point.y for point in series.points if point.x == name and point.y is not None), 0.0), 0.0)
            for series in chart.series
        ]
        whole = sum(heights) or 1.0
        bottom = 0.0
        for index, height in enumerate(heights):
            share = height / whole
            if share > 0:
                parts.append(
                    element(
                        "rect",
                        x=frame.left + slot * (place + 0.5) - thick / 2,
                        y=up(bottom + share),
                        width=thick,
                        height=up(bottom) - up(bottom + share),
                        fill=colour_of(theme, chart, index),
                        stroke=theme.paper,
                        stroke_width=1,
                    )
                )
            bottom += share
    labelled = dict(_labels(names, max(int((frame.right - frame.left) / 70), 2)))
    for place, text in labelled.items():
        x = frame.left + slot * (place + 0.5)
        parts.append(words(text, x, frame.bottom + 18, text_anchor="middle", fill=theme.muted, font_size=11))
    return "".join(parts), frame.height


def _labels(names: list[str], most: int) -> list[tuple[int, str]]:
    if not names:
        return []
    every = max(1, -(-len(names) // most))
    return [(place, text) for place, text in enumerate(named(names)) if place % every == 0]
