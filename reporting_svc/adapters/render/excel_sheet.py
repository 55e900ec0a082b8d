"""Sheets and names in which words are words, whatever they look like."""

import re
from typing import Any

from xlsxwriter.worksheet import Worksheet

_REFERENCE = re.compile(r"!(?=\$?[A-Z]+\$?\d)")


class PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet that takes no text for markup.

    xlsxwriter (3.3) writes a text that lies in `<r>...</r>` into the file as it stands: it takes it for one of its own
    with several fonts, and whatever it holds becomes XML. A blank behind it keeps it a text.
    """

    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """Write a text into a cell, counted from 0."""
        text = f"{string} " if string.startswith("<r>") else string
        written: int = super().write_string(row, col, text, cell_format)
        return written


def label(text: str) -> str:
    """Return a title or a name of a chart as one that is no reference to a cell.

    xlsxwriter takes `Great!A1` and `='cmd'!A1` for references. A blank behind the exclamation mark keeps them words.
    """
    return _REFERENCE.sub("! ", text)
