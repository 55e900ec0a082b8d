"""Excel: a workbook with typed cells, native charts, a sheet a section, and a sheet with definitions and privacy notes.

Rows are streamed to disk (`constant_memory`), so that a large table costs little memory; each sheet is written from
top to bottom.
"""

import io
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from reporting_svc.adapters.render.excel_charts import ChartSheet
from reporting_svc.adapters.render.excel_sheet import PlainSheet
from reporting_svc.adapters.render.excel_styles import Styles
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import Cell, Column, ColumnKind, Document, Section, Table

CHART_ROWS = 18
"""Rows that a chart covers."""

TITLE_HEIGHT = 24.0
"""Points that a title of 16 points needs."""

BARE_WIDTH = 8.4
"""Letters that a column holds which was given no width."""


def render(document: Document, theme: Theme) -> bytes:
    """Return the workbook."""
    packed = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "tmpdir": tempfile.gettempdir(),
    }
    workbook = xlsxwriter.Workbook(packed, options)
    workbook.set_properties(
        {"title": document.title, "company": theme.organisation, "created": document.generated_at.replace(tzinfo=None)}
    )
    styles = Styles(workbook, theme)
    names = {"history"}  # Excel keeps this one for itself

    def sheet_of(title: str) -> Any:
        return workbook.add_worksheet(_sheet_name(title, names), PlainSheet)

    _summary(sheet_of("Summary"), document, theme, styles)
    sheets = [(sheet_of(one.title), one) for one in document.sections]
    _notes(sheet_of("Definitions and privacy"), document, theme.wording.headings, styles)
    data = sheet_of("Chart data")
    charts = ChartSheet(workbook, data, theme, styles)
    for sheet, section in sheets:
        _section(sheet, section, styles, charts)
    for sheet in workbook.worksheets():
        _on_paper(sheet, document)
    workbook.close()
    return packed.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 letters, none that Excel refuses, unique without regard to case."""
    stem = " ".join(re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).split())[:28] or "Section"
    name, count = stem, 2
    while name.lower() in taken:
        name, count = f"{stem} {count}", count + 1
    taken.add(name.lower())
    return name


def _on_paper(sheet: Any, document: Document) -> None:
    """Print on A4, as wide as a page, with title, page number and how old the data are."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(
        # A blank ends the font size: the title may begin with a digit.
        f"&L&8 {document.title[:80].replace('&', '&&')}"
        f"&C&8 Data as of {document.data_as_of:%Y-%m-%d %H:%M} UTC&R&8 &P of &N"
    )


def _summary(sheet: Any, document: Document, theme: Theme, styles: Styles) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 16)
    sheet.set_column(5, 5, 44)
    row = 0
    above = [theme.organisation, *([theme.tagline] if theme.tagline else [])]
    for text, style in (*((one, styles.muted) for one in above), (document.title, styles.title)):
        sheet.set_row(row, TITLE_HEIGHT if style is styles.title else None)
        sheet.write_string(row, 0, text, style)
        row += 1
    if document.description:
        sheet.write_string(row, 0, document.description, styles.plain)
        row += 1
    for label, moment in (
        ("From", document.range_start),
        ("Until (exclusive)", document.range_end),
        ("Data as of", document.data_as_of),
        ("Made", document.generated_at),
    ):
        sheet.write_string(row, 0, label, styles.muted)
        sheet.write_datetime(row, 1, _naive(moment), styles.time)
        row += 1
    row += 1
    sheet.write_string(row, 0, theme.wording.headings["summary"], styles.heading)
    for finding in document.summary:
        row += 1
        _sentence(sheet, row, finding.text, styles, 5, 34 + 4 * 16 + 44)
    figures = [one for section in document.sections for one in section.key_figures]
    row += 2
    if figures:
        for column, title in enumerate(("Key figure", "Value", "95 % from", "95 % to", "Unit", "Note")):
            sheet.write_string(row, column, title, styles.header_right if 1 <= column <= 3 else styles.header)
    for figure in figures:
        row += 1
        style = styles.share if figure.unit == "share" else styles.number_like(figure.value or 0.0)
        sheet.write_string(row, 0, figure.label, styles.plain)
        for column, value in enumerate((figure.value, figure.lower, figure.upper), 1):
            if value is not None:
                sheet.write_number(row, column, value, style)
        sheet.write_string(row, 4, figure.unit, styles.indented)
        sheet.write_string(row, 5, figure.note, styles.plain)


def _section(sheet: Any, section: Section, styles: Styles, charts: ChartSheet) -> None:
    sheet.hide_gridlines(2)
    widths = _widths(section)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, section.title, styles.title)
    sheet.write_string(1, 0, section.lead, styles.muted)
    row = 2
    last = max(len(widths) - 1, 7)
    across = sum(widths) + BARE_WIDTH * (last + 1 - len(widths))
    for finding in section.findings:
        row += 1
        _sentence(sheet, row, finding.text, styles, last, across)
    row += 2
    for chart in section.charts:
        if charts.insert(sheet, row, chart):
            row += CHART_ROWS
    for table in section.tables:
        row = _table(sheet, row, table, styles) + 2
    for note in section.footnotes:
        sheet.write_string(row, 0, note, styles.muted)
        row += 1


def _sentence(sheet: Any, row: int, text: str, styles: Styles, last: int, letters: float) -> None:
    """Write a sentence over the columns up to a last one, which are so many letters wide together."""
    lines = 1 + int(len(text) / (0.95 * letters))
    sheet.set_row(row, 15.0 * lines)
    sheet.merge_range(row, 0, row, last, "", styles.wrapped)
    sheet.write_string(row, 0, text, styles.wrapped)


def _widths(section: Section) -> list[float]:
    count = max((len(table.columns) for table in section.tables), default=1)
    widths = [14.0] * count
    for table in section.tables:
        for index, column in enumerate(table.columns):
            cells = [len(str(row[index] or "")) for row in table.rows[:200]] if column.kind is ColumnKind.TEXT else []
            widths[index] = min(
                max(widths[index], len(_header(column)) + 2.0, *(length + 2.0 for length in cells)), 48.0
            )
    return widths


def _header(column: Column) -> str:
    return (
        f"{column.title} ({column.unit})" if column.unit and column.unit not in column.title.lower() else column.title
    )


def _table(sheet: Any, row: int, table: Table, styles: Styles) -> int:
    """Write a table from a row on; return the row after it."""
    sheet.write_string(row, 0, table.title, styles.heading)
    row += 1
    for index, column in enumerate(table.columns):
        sheet.write_string(row, index, _header(column), styles.header_of(column.kind, first=index == 0))
    for cells in table.rows:
        row += 1
        for index, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            _cell(sheet, row, index, column, cell, styles)
    return row + 1


def _cell(sheet: Any, row: int, index: int, column: Column, cell: Cell, styles: Styles) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        if column.kind in {ColumnKind.DATE, ColumnKind.TIME}:
            style = styles.date if column.kind is ColumnKind.DATE else styles.time
            sheet.write_datetime(row, index, _naive(datetime.fromisoformat(cell)), style)
        else:
            sheet.write_string(row, index, cell, styles.indented if index else styles.plain)
    else:
        sheet.write_number(row, index, cell, styles.of(column.kind, cell))


def _naive(moment: datetime) -> datetime:
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).replace(tzinfo=None)


def _notes(sheet: Any, document: Document, headings: Mapping[str, str], styles: Styles) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 110)
    row = 0
    parts: list[tuple[str, list[tuple[str, str]]]] = [
        (headings["definitions"], [(one.term, one.meaning) for one in document.definitions]),
        (headings["privacy"], [("", note) for note in document.privacy_notes]),
        (headings["notices"], [("", note) for note in document.notices]),
        ("Sources", [(one.source_id, one.description) for one in document.sources]),
    ]
    for heading, lines in parts:
        if not lines:
            continue
        sheet.write_string(row, 0, heading, styles.heading)
        for term, text in lines:
            row += 1
            sheet.write_string(row, 0, term, styles.plain)
            sheet.write_string(row, 1, text, styles.wrapped)
        row += 2
