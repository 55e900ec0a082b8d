"""Panels of dashboards: the document that the reporting service builds of them, as a template shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_KEPT = ("xaxis", "yaxis", "showlegend", "barmode", "annotations")
_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel's table."""

    title: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a panel, its cells as text."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of a panel."""

    title: str
    finding: str
    plot: dict[str, Any] | None
    """`data` and `layout` for Plotly, without colours of text and page: those are the theme's; none without a value."""
    table: Grid | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a panel."""

    title: str
    text: str
    """Words of a text panel; else what the source is."""
    figures: Sequence[tuple[str, str, str, str]]
    """Value, unit, interval and note of each key figure."""
    findings: Sequence[str]
    drawings: Sequence[Drawing]
    tables: Sequence[Grid]
    """Tables that belong to no chart."""


def shown(document: Mapping[str, Any]) -> dict[str, Shown]:
    """Return what stands in each panel of a document, by panel id."""
    return {section["section_id"]: _shown(section) for section in document["sections"]}


def _shown(section: Mapping[str, Any]) -> Shown:
    tables = {each["table_id"]: _grid(each) for each in section["tables"] if each["rows"]}
    drawings = [_drawing(each, tables.pop(each["table_id"], None)) for each in section["charts"]]
    return Shown(
        section["title"],
        section["lead"],
        [_figure(each) for each in section["key_figures"]],
        [each["text"] for each in section["findings"]],
        drawings,
        list(tables.values()),
    )


def _drawing(chart: Mapping[str, Any], table: Grid | None) -> Drawing:
    figure = chart["figure"]
    given = figure["layout"]
    layout = {name: given[name] for name in _KEPT if name in given} | {"legend": _LEGEND}
    for axis in ("xaxis", "yaxis"):  # what the panel's own title says needs no second place in a small chart
        layout[axis] = {name: value for name, value in layout.get(axis, {}).items() if name != "title"}
    layout["shapes"] = [
        {**shape, "line": {name: value for name, value in shape["line"].items() if name != "color"}}
        for shape in given.get("shapes", ())
    ]
    known = any(point.get("y") is not None for series in chart["series"] for point in series["points"])
    plot = {"data": figure["data"], "layout": layout} if known else None
    return Drawing(chart["title"], chart["finding"], plot, table)


def _figure(figure: Mapping[str, Any]) -> tuple[str, str, str, str]:
    unit = figure["unit"]
    if figure.get("value") is None:
        return "not known", "", "", figure["note"]
    if figure["uninformative"]:
        return "too noisy to tell", "", "The noise is larger than what it could tell.", figure["note"]
    known = figure.get("lower") is not None and figure.get("upper") is not None
    interval = f"{told(figure['lower'], unit)} to {told(figure['upper'], unit)}" if known else ""
    return told(figure["value"], unit), "" if unit in ("share", "score") else unit, interval, figure["note"]


def told(value: float, unit: str) -> str:
    """Return a number for people: a share as per cent, players and sessions whole, a score with two decimals."""
    if unit == "share":
        return f"{value:.0%}"
    if unit in ("players", "sessions"):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if unit in ("score", "") else f"{value:,.1f}"


def _grid(table: Mapping[str, Any]) -> Grid:
    columns = [
        Column(
            each["title"] if _said(each) else f"{each['title']}, {each['unit']}",
            each["kind"] in ("integer", "number", "share"),
        )
        for each in table["columns"]
    ]
    kinds = [each["kind"] for each in table["columns"]]
    rows = [[_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table["rows"]]
    return Grid(table["title"], columns, rows)


def _said(column: Mapping[str, Any]) -> bool:
    """Return whether a column's title or cells tell its unit already."""
    return not column["unit"] or column["kind"] == "share" or column["unit"].lower() in column["title"].lower()


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:10] if kind == "date" else value
    match kind:
        case "share":
            return f"{value:.1%}"
        case "integer":
            return f"{value:,.0f}"
        case _:
            return f"{value:,.2f}"
