"""Native Excel charts with their intervals as error bars, fed from one sheet of values."""

import math
from datetime import datetime
from typing import Any

from reporting_svc.adapters.render.excel_sheet import label
from reporting_svc.adapters.render.excel_styles import Styles
from reporting_svc.adapters.render.svg.frame import axis_title, colour_of, dash_of
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import AxisScale, Chart, ChartKind, ChartSeries, SeriesRole

_TYPES = {
    ChartKind.LINE: {"type": "line"},
    ChartKind.BAR: {"type": "bar"},
    ChartKind.INTERVAL: {"type": "bar"},
    ChartKind.STACKED: {"type": "column", "subtype": "percent_stacked"},
}


class ChartSheet:
    """The sheet `Chart data`, filled from top to bottom, a block a chart."""

    def __init__(self, workbook: Any, sheet: Any, theme: Theme, styles: Styles) -> None:
        """Start at its first row."""
        self._workbook, self._sheet, self._theme, self._styles = workbook, sheet, theme, styles
        self._row = 0
        sheet.set_column(0, 40, 14)

    def insert(self, sheet: Any, row: int, chart: Chart) -> bool:
        """Put a chart into a sheet at a row; nothing where it has no values."""
        names = list(dict.fromkeys(point.x for series in chart.series for point in series.points))
        if not names or not any(point.y is not None for series in chart.series for point in series.points):
            return False
        top = self._block(chart, names)
        drawn = self._workbook.add_chart(dict(_TYPES[chart.kind]))
        last = top + len(names) - 1
        for index, series in enumerate(chart.series):
            drawn.add_series(self._series(chart, series, index, top, last))
        drawn.set_title({"name": label(chart.title), "name_font": {"size": 11}, "overlay": False})
        across: dict[str, Any] = {"name": label(axis_title(chart.x_axis)), "num_font": {"size": 9}}
        if chart.x_axis.scale is AxisScale.TIME:
            across |= {"date_axis": chart.kind is ChartKind.LINE, "num_format": "mmm yyyy"}
        up: dict[str, Any] = {
            "name": label(axis_title(chart.y_axis)),
            "num_format": "0%" if chart.y_axis.scale is AxisScale.SHARE else "General",
            "major_gridlines": {"visible": True, "line": {"color": self._theme.line}},
        }
        flat = chart.kind in {ChartKind.BAR, ChartKind.INTERVAL}
        up |= _ends(chart, from_zero=flat)
        if flat:
            # Of bars that lie, the library's x axis is the one of values, and groups go down the y axis.
            drawn.set_x_axis(up)
            drawn.set_y_axis(across | {"reverse": True, "crossing": "max", "major_gridlines": {"visible": False}})
        else:
            drawn.set_x_axis(across)
            drawn.set_y_axis(up)
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        drawn.set_size({"width": 760, "height": 340})
        sheet.insert_chart(row, 0, drawn, {"description": chart.finding, "object_position": 2})
        return True

    def _block(self, chart: Chart, names: list[str]) -> int:
        """Write the values of a chart; return the first row of its values."""
        self._sheet.write_string(self._row, 0, chart.title, self._styles.heading)
        header = self._row + 1
        self._sheet.write_string(header, 0, chart.x_axis.title, self._styles.header)
        for index, series in enumerate(chart.series):
            for offset, suffix in enumerate(("", " above", " below")):
                self._sheet.write_string(header, 1 + 3 * index + offset, series.name + suffix, self._styles.header)
        points = [{point.x: point for point in series.points} for series in chart.series]
        style = self._styles.share if chart.y_axis.scale is AxisScale.SHARE else self._styles.number
        for place, name in enumerate(names):
            row = header + 1 + place
            if chart.x_axis.scale is AxisScale.TIME:
                moment = datetime.fromisoformat(name).replace(tzinfo=None)
                self._sheet.write_datetime(row, 0, moment, self._styles.date)
            else:
                self._sheet.write_string(row, 0, name, self._styles.plain)
            for index, known in enumerate(points):
                point = known.get(name)
                if point is None or point.y is None:
                    continue
                self._sheet.write_number(row, 1 + 3 * index, point.y, style)
                if point.lower is not None and point.upper is not None:
                    self._sheet.write_number(row, 2 + 3 * index, max(point.upper - point.y, 0.0), style)
                    self._sheet.write_number(row, 3 + 3 * index, max(point.y - point.lower, 0.0), style)
        self._row = header + len(names) + 3
        return header + 1

    def _series(self, chart: Chart, series: ChartSeries, index: int, top: int, last: int) -> dict[str, Any]:
        name = self._sheet.get_name()
        colour = colour_of(self._theme, chart, index)
        column = 1 + 3 * index
        line = {"color": colour, "width": 2}
        dash = dash_of(series, index)
        shape: dict[str, Any] = {
            "name": label(series.name),
            "categories": [name, top, 0, last, 0],
            "values": [name, top, column, last, column],
        }
        if chart.kind is ChartKind.LINE:
            marker = {"type": "none"} if series.role is SeriesRole.FITTED else {"type": "automatic", "size": 5}
            shape |= {"line": line | ({"dash_type": "dash"} if dash else {}), "marker": marker}
        else:
            shape |= {"fill": {"color": colour}, "gap": 60}
        banded = any(point.lower is not None for point in series.points)
        if chart.kind is not ChartKind.STACKED and banded and series.role is not SeriesRole.FITTED:
            above, below = _range(name, top, last, column + 1), _range(name, top, last, column + 2)
            bars = {
                "type": "custom",
                "plus_values": above,
                "minus_values": below,
                "line": {"color": self._theme.muted, "width": 0.75},
            }
            shape["y_error_bars"] = bars
        return shape


def _ends(chart: Chart, *, from_zero: bool) -> dict[str, float]:
    """Return round ends of the axis of values, around all intervals; stacks and empty charts end where they like."""
    points = [point for series in chart.series for point in series.points if point.y is not None]
    ends = [end for point in points for end in (point.y, point.lower, point.upper) if end is not None]
    if chart.kind is ChartKind.STACKED or not ends:
        return {}
    low, high = min(ends), max(ends)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        return {}
    step = 10.0 ** math.floor(math.log10(high - low))
    return {"min": round(math.floor(low / step) * step, 9), "max": round(math.ceil(high / step) * step, 9)}


def _range(sheet: str, top: int, last: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"='{sheet}'!${letters}${top + 1}:${letters}${last + 1}"
