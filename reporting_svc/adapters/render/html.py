"""HTML: one self-contained page without scripts; charts are SVG, drawn for wide and for narrow screens."""

from functools import cache
from itertools import count

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reporting_svc.adapters.render.page_tables import brief, by_width, cell, header, kept_rows, numeric
from reporting_svc.adapters.render.svg import draw
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.analysis.words import moment, number, percent, span
from reporting_svc.domain.report import Cell, Chart, Document, KeyFigure, Table

MOST_ROWS = 600
"""Rows of a table on a page; longer ones are cut and say so."""

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
    numbers = count(1)

    def chart(one: Chart) -> Markup:
        ids = f"chart-{next(numbers)}"
        wide = Markup(draw(one, theme, ids=ids))  # noqa: S704 the builder escapes every text
        if paper:
            return wide
        narrow = Markup(draw(one, theme, width=NARROW, ids=f"{ids}-narrow"))  # noqa: S704 as above
        return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)

    def shown(table: Table) -> list[Table]:
        return by_width(brief(table)) if paper else [brief(table)]

    def cut(table: Table) -> list[tuple[Cell, ...]]:
        return kept_rows(table, most_rows)

    template = environment().get_template("report.html.j2")
    return template.render(document=document, theme=theme, paper=paper, chart=chart, shown=shown, cut=cut)


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


def range_of(document: Document) -> str:
    """Write the range of a document's data."""
    return span(document.range_start, document.range_end)
