"""CSV: a zip of one file a table, safe to open in a spreadsheet."""

import csv
import io
import zipfile

from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.file_names import stem
from reporting_svc.domain.plain import to_plain
from reporting_svc.domain.report import Cell, Document

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_OLDEST = (1980, 1, 1, 0, 0, 0)


def render(document: Document, theme: Theme) -> bytes:
    """Return the zip.

    `about.csv` says what it is, then a file a table. UTF-8 with a byte order mark, as Excel needs it.
    """
    packed = io.BytesIO()
    taken = document.generated_at.timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, rows: list[tuple[Cell, ...]]) -> None:
            about = zipfile.ZipInfo(name, date_time=max(taken, _OLDEST))
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, written(rows))

        add("about.csv", _about(document, theme))
        pairs = [(part, table) for part in document.sections for table in part.tables]
        for index, (part, table) in enumerate(pairs, 1):
            header = tuple(f"{one.column_id} [{one.unit}]" if one.unit else one.column_id for one in table.columns)
            add(f"{index:02}-{stem(part.title)}-{stem(table.title)}.csv", [header, *table.rows])
    return packed.getvalue()


def written(rows: list[tuple[Cell, ...]]) -> bytes:
    """Return rows as CSV; words that a spreadsheet would take for a formula get an apostrophe in front."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escaped(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def escaped(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _about(document: Document, theme: Theme) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        ("organisation", theme.organisation),
        *([("tagline", theme.tagline)] if theme.tagline else []),
        ("title", document.title),
        ("description", document.description),
        ("range start", to_plain(document.range_start)),
        ("range end", to_plain(document.range_end)),
        ("data as of", to_plain(document.data_as_of)),
        ("generated at", to_plain(document.generated_at)),
    ]
    rows += [("finding", finding.text) for section in document.sections for finding in section.findings]
    rows += [(f"definition: {one.term}", one.meaning) for one in document.definitions]
    rows += [("privacy", note) for note in document.privacy_notes]
    rows += [("notice", note) for note in document.notices]
    return rows
