"""Charts as Plotly figures for the browser: the same values, palette and intervals as on paper."""

from typing import Any

from reporting_svc.adapters.render.svg.frame import axis_title, colour_of, dash_of
from reporting_svc.adapters.render.svg.scales import named
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import AxisScale, Chart, ChartAxis, ChartKind, ChartSeries, SeriesRole

_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "circle-open", "square-open", "diamond-open")


FEW_DAYS = 4
"""So many points in time are named one by one."""


def figure(chart: Chart, theme: Theme) -> dict[str, Any]:
    """Return `data` and `layout` of a chart. The page shows finding and table beside it: Plotly itself is mute."""
    traces: list[dict[str, Any]] = []
    for index, series in enumerate(chart.series):
        colour = colour_of(theme, chart, index)
        if chart.kind is ChartKind.LINE:
            traces += _line(chart, series, index, colour)
        elif chart.kind is ChartKind.STACKED:
            traces.append(_values(series) | {"type": "bar", "marker": {"color": colour}})
        else:
            traces.append(_row(chart, series, index, colour))
    return {"data": traces, "layout": _layout(chart, theme)}


def said(text: str) -> str:
    """Return a name as Plotly shows it letter by letter: it would draw `<b>` and `<a href>` as what they mean."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _values(series: ChartSeries) -> dict[str, Any]:
    points = series.points
    return {"name": said(series.name), "x": [point.x for point in points], "y": [point.y for point in points]}


def _line(chart: Chart, series: ChartSeries, index: int, colour: str) -> list[dict[str, Any]]:
    dash = (dash_of(series, index) or "").replace(" ", "px,")
    mode = "lines" if series.role is SeriesRole.FITTED else "lines+markers"
    line = _values(series) | {
        "type": "scatter",
        "mode": mode,
        "connectgaps": False,
        "line": {"color": colour, "dash": f"{dash}px" if dash else "solid", "width": 2},
        "marker": {"symbol": _SYMBOLS[index % len(_SYMBOLS)], "size": 7},
        "legendgroup": said(series.name),
    }
    known = [point for point in series.points if point.lower is not None and point.upper is not None]
    if series.role is SeriesRole.FITTED or not known:
        return [line]
    if len(known) == 1:
        return [line | {"error_y": _whiskers(series, colour)}]
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": [point.x for point in known] + [point.x for point in reversed(known)],
        "y": [point.upper for point in known] + [point.lower for point in reversed(known)],
        "fill": "toself",
        "fillcolor": f"rgba({int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:7], 16)},0.13)",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": said(series.name),
    }
    return [band, line]


def _whiskers(series: ChartSeries, colour: str) -> dict[str, Any]:
    points = series.points
    above = [None if point.y is None or point.upper is None else point.upper - point.y for point in points]
    below = [None if point.y is None or point.lower is None else point.y - point.lower for point in points]
    return {"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": colour}


def _row(chart: Chart, series: ChartSeries, index: int, colour: str) -> dict[str, Any]:
    points = series.points
    values = [point.y for point in points]
    trace: dict[str, Any] = {
        "name": said(series.name),
        "x": values,
        "y": [said(point.x) for point in points],
        "orientation": "h",
        "error_x": _whiskers(series, colour),
        "marker": {"color": colour},
    }
    if chart.kind is ChartKind.BAR and series.role is not SeriesRole.BASELINE:
        return trace | {"type": "bar"}
    symbol = "x" if series.role is SeriesRole.BASELINE else _SYMBOLS[index % len(_SYMBOLS)]
    return trace | {"type": "scatter", "mode": "markers", "marker": {"color": colour, "symbol": symbol, "size": 9}}


def _layout(chart: Chart, theme: Theme) -> dict[str, Any]:
    flat = chart.kind in {ChartKind.BAR, ChartKind.INTERVAL}
    across, up = (chart.y_axis, chart.x_axis) if flat else (chart.x_axis, chart.y_axis)
    layout: dict[str, Any] = {
        "xaxis": _axis(across) | _days(chart),
        "yaxis": _axis(up) | ({"autorange": "reversed"} if flat else {}),
        "colorway": list(theme.palette),
        "font": {"family": theme.font, "color": theme.ink},
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "showlegend": len(chart.series) > 1,
        "legend": {"orientation": "h", "y": 1.12},
        "barmode": "stack" if chart.kind is ChartKind.STACKED else "group",
        "shapes": [
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": mark.x,
                "x1": mark.x,
                "y0": 0,
                "y1": 1,
                "line": {"dash": "dot", "width": 1, "color": theme.ink},
            }
            for mark in chart.marks
        ],
        "annotations": [
            {"x": mark.x, "y": 1, "yref": "paper", "text": said(mark.label), "showarrow": False, "xanchor": "left"}
            for mark in chart.marks
        ],
    }
    return layout


def _days(chart: Chart) -> dict[str, Any]:
    """Name the days themselves where they are few: around a single one an axis would show milliseconds."""
    if chart.x_axis.scale is not AxisScale.TIME or chart.kind in {ChartKind.BAR, ChartKind.INTERVAL}:
        return {}
    days = sorted({point.x for series in chart.series for point in series.points})
    if not days or len(days) > FEW_DAYS:
        return {}
    return {"tickmode": "array", "tickvals": days, "ticktext": named(days)}


def _axis(axis: ChartAxis) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": {"text": said(axis_title(axis))}, "automargin": True}
    match axis.scale:
        case AxisScale.TIME:
            return shape | {"type": "date"}
        case AxisScale.CATEGORY:
            return shape | {"type": "category"}
        case AxisScale.SHARE:
            return shape | {"tickformat": ".0%"}
        case _:
            return shape
