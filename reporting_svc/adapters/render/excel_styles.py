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
        self.header = workbook.add_format({"bold": True, "bg_color": theme.soft, "bottom": 1, "font_color": theme.ink})
        self.number = workbook.add_format({"num_format": "#,##0.00", "font_color": theme.ink})
        self.whole = workbook.add_format({"num_format": "#,##0", "font_color": theme.ink})
        self.share = workbook.add_format({"num_format": "0.0%", "font_color": theme.ink})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "font_color": theme.ink, "align": "left"})
        self.time = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "font_color": theme.ink, "align": "left"})

    def of(self, kind: ColumnKind) -> Any:
        """Return the style of numbers of a column."""
        return {ColumnKind.INTEGER: self.whole, ColumnKind.SHARE: self.share}.get(kind, self.number)
