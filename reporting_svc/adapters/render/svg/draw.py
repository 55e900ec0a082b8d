"""One SVG a chart, with the words that screen readers and PDF readers say."""

from html import escape

from reporting_svc.adapters.render.svg.elements import element, words
from reporting_svc.adapters.render.svg.lines import lines
from reporting_svc.adapters.render.svg.rows import rows
from reporting_svc.adapters.render.svg.stacks import stacks
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import Chart, ChartKind

_KINDS = {ChartKind.LINE: lines, ChartKind.BAR: rows, ChartKind.INTERVAL: rows, ChartKind.STACKED: stacks}


def draw(chart: Chart, theme: Theme, *, width: float = 720.0, ids: str = "chart") -> str:
    """Return a chart as SVG of a width in px; `ids` keeps the ids of two drawings in one page apart."""
    empty = not any(point.y is not None for series in chart.series for point in series.points)
    body, height = _nothing(theme, width) if empty else _KINDS[chart.kind](chart, theme, width)
    title, description = f"{ids}-title", f"{ids}-desc"
    return element(
        "svg",
        element("title", escape(chart.finding), id=title),
        element("desc", escape(chart.description), id=description),
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_labelledby=f"{title} {description}",
        font_family=theme.font,
    )


def _nothing(theme: Theme, width: float) -> tuple[str, float]:
    text = "Nothing released to show"
    return words(text, width / 2, 50, text_anchor="middle", fill=theme.muted, font_size=13), 90.0
