"""HTML: one self-contained page without scripts; charts are SVG, drawn for wide and for narrow screens."""

from dataclasses import replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reporting_svc.adapters.render.svg import draw
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.analysis.words import moment, number, percent, span
from reporting_svc.domain.report import Cell, Chart, Column, ColumnKind, Document, KeyFigure, Table

MOST_ROWS = 600
"""Rows of a table on a page; longer ones are cut and say so."""

SPARE_ROWS = 3
"""A table that is longer by so few is shown whole: a year of months with a quarter of forecast, say."""

MOST_COLUMNS = 9
"""Columns that lie side by side on paper; wider tables are broken into parts below each other."""

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
    made.filters |= {"value": value, "cell": cell, "moment": moment, "range": range_of}
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

    def broken(table: Table) -> list[Table]:
        return by_width(table) if paper else [table]

    def cut(table: Table) -> list[tuple[Cell, ...]]:
        return kept_rows(table, most_rows)

    template = environment().get_template("report.html.j2")
    return template.render(document=document, theme=theme, paper=paper, chart=chart, broken=broken, cut=cut)


def by_width(table: Table) -> list[Table]:
    """Return a table in parts that fit on paper: each begins with the columns that name its rows."""
    if len(table.columns) <= MOST_COLUMNS:
        return [table]
    naming = next((at for at, column in enumerate(table.columns) if numeric(column)), 1)
    step = max((MOST_COLUMNS - naming) // 2 * 2, 2)  # a value stays with its margin
    starts = range(naming, len(table.columns), step)
    return [
        replace(
            table,
            title=f"{table.title}, part {part} of {len(starts)}",
            columns=(*table.columns[:naming], *table.columns[start : start + step]),
            rows=tuple((*row[:naming], *row[start : start + step]) for row in table.rows),
        )
        for part, start in enumerate(starts, 1)
    ]


def kept_rows(table: Table, most: int) -> list[tuple[Cell, ...]]:
    """Return the rows of a table that a page shows: the newest whole periods where rows are periods, else the first."""
    rows = list(table.rows)
    if len(rows) <= most + SPARE_ROWS:
        return rows
    if table.columns[0].kind not in {ColumnKind.DATE, ColumnKind.TIME}:
        return rows[:most]
    before = rows[-most - 1][0]
    whole = [row for row in rows[-most:] if row[0] != before]
    return whole or rows[-most:]


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
    return (
        f"{column.title} ({column.unit})" if column.unit and column.unit not in column.title.lower() else column.title
    )


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


def range_of(document: Document) -> str:
    """Write the range of a document's data."""
    return span(document.range_start, document.range_end)
