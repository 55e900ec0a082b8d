"""HTML: one self-contained page without scripts; charts are SVG, drawn for wide and for narrow screens."""

from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reporting_svc.adapters.render.svg import draw
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.analysis.words import number, percent
from reporting_svc.domain.report import Cell, Chart, Column, ColumnKind, Document, KeyFigure, Table

MOST_ROWS = 600
"""Rows of a table on a page; longer ones are cut and say so."""

SPARE_ROWS = 3
"""A table that is longer by so few is shown whole: a year of months with a quarter of forecast, say."""

NARROW = 360.0


@cache
def environment() -> Environment:
    """Return Jinja with our templates: everything is escaped unless it comes from the SVG builder."""
    made = Environment(
        loader=PackageLoader("reporting_svc.adapters.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"value": value, "cell": cell, "moment": moment, "day": day}
    made.globals |= {"numeric": numeric, "header": header}
    return made


def page(document: Document, theme: Theme, *, paper: bool, most_rows: int) -> str:
    """Return the page, for screens or for paper."""

    def chart(one: Chart) -> Markup:
        wide = Markup(draw(one, theme))  # noqa: S704 the builder escapes every text
        if paper:
            return wide
        narrow = Markup(draw(one, theme, width=NARROW, suffix="-narrow"))  # noqa: S704 as above
        return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)

    def cut(table: Table) -> list[tuple[Cell, ...]]:
        if len(table.rows) <= most_rows + SPARE_ROWS:
            return list(table.rows)
        newest = table.columns[0].kind in {ColumnKind.DATE, ColumnKind.TIME}
        return list(table.rows[-most_rows:] if newest else table.rows[:most_rows])

    return (
        environment()
        .get_template("report.html.j2")
        .render(document=document, theme=theme, paper=paper, chart=chart, cut=cut, most_rows=most_rows)
    )


def render(document: Document, theme: Theme) -> bytes:
    """Return the page for screens."""
    return page(document, theme, paper=False, most_rows=MOST_ROWS).encode()


def value(figure: KeyFigure, amount: float | None) -> str:
    """Write one of the numbers of a key figure."""
    if amount is None:
        return "not known"
    if figure.unit == "share":
        return percent(amount)
    return f"{amount:,.0f}" if figure.unit in {"players", "alerts"} else number(amount)


def numeric(column: Column) -> bool:
    """Return whether a column holds numbers."""
    return column.kind in {ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.SHARE}


def header(column: Column) -> str:
    """Return title and unit of a column."""
    return f"{column.title} ({column.unit})" if column.unit else column.title


def cell(content: Cell, column: Column) -> str:
    """Write a cell by the kind of its column."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content.replace("T", " ").removesuffix("Z") if column.kind is ColumnKind.TIME else content
    match column.kind:
        case ColumnKind.SHARE:
            return percent(content)
        case ColumnKind.INTEGER:
            return f"{content:,.0f}"
        case _:
            return number(float(content))


def moment(time: datetime) -> str:
    """Write a moment for people."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def day(time: datetime) -> str:
    """Write a day for people."""
    return f"{time:%Y-%m-%d}"
