"""Cell styles of the workbook."""

from typing import Any

from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import ColumnKind


class Styles:
    """One format object a style; xlsxwriter wants each made once."""

    def __init__(self, workbook: Any, theme: Theme) -> None:
        """Make the styles of a workbook."""
        self.plain = workbook.add_format({"font_color": theme.ink})
        self.wrapped = workbook.add_format({"font_color": theme.ink, "text_wrap": True, "valign": "top"})
        self.muted = workbook.add_format({"font_color": theme.muted})
        self.title = workbook.add_format({"bold": True, "font_size": 16, "font_color": theme.accent})
        self.heading = workbook.add_format({"bold": True, "font_size": 12, "font_color": theme.accent})
        header = {"bold": True, "bg_color": theme.soft, "bottom": 1, "font_color": theme.ink}
        self.header = workbook.add_format(header)
        self.header_right = workbook.add_format(header | {"align": "right"})
        self.header_indented = workbook.add_format(header | {"indent": 1})
        self.indented = workbook.add_format({"font_color": theme.ink, "indent": 1})
        self.fine = workbook.add_format({"num_format": "0.0000", "font_color": theme.ink})
        self.number = workbook.add_format({"num_format": "#,##0.00", "font_color": theme.ink})
        self.whole = workbook.add_format({"num_format": "#,##0", "font_color": theme.ink})
        self.share = workbook.add_format({"num_format": "0.0%", "font_color": theme.ink})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "font_color": theme.ink, "align": "left"})
        self.time = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "font_color": theme.ink, "align": "left"})

    def header_of(self, kind: ColumnKind, *, first: bool) -> Any:
        """Return the style of a column's header, which stands as its cells do."""
        if kind not in {ColumnKind.TEXT, ColumnKind.DATE, ColumnKind.TIME}:
            return self.header_right
        return self.header_indented if kind is ColumnKind.TEXT and not first else self.header

    def number_like(self, value: float) -> Any:
        """Return the style of a number: no decimals where it is large, more where it is small."""
        if abs(value) >= 1000:
            return self.whole
        return self.fine if 0 < abs(value) < 0.1 else self.number

    def of(self, kind: ColumnKind, value: float) -> Any:
        """Return the style of a number in a column."""
        return {ColumnKind.INTEGER: self.whole, ColumnKind.SHARE: self.share}.get(kind) or self.number_like(value)
