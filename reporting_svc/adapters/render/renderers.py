"""The registry: which renderer writes which format. A renderer's libraries are loaded when it is first used."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import Document, ReportFormat


@dataclass(frozen=True, slots=True)
class Renderer:
    """One flavour of document."""

    module: str
    """Holds `render(document, theme) -> bytes`."""
    media_type: str
    suffix: str

    def __call__(self, document: Document, theme: Theme) -> bytes:
        """Write a document down."""
        render: Callable[[Document, Theme], bytes] = import_module(self.module).render
        return render(document, theme)


_HERE = "reporting_svc.adapters.render"

RENDERERS = MappingProxyType(
    {
        ReportFormat.JSON: Renderer(f"{_HERE}.json_document", "application/json", "json"),
        ReportFormat.HTML: Renderer(f"{_HERE}.html", "text/html; charset=utf-8", "html"),
        ReportFormat.PDF: Renderer(f"{_HERE}.pdf", "application/pdf", "pdf"),
        ReportFormat.EXCEL: Renderer(
            f"{_HERE}.excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
        ),
        ReportFormat.CSV: Renderer(f"{_HERE}.csv_tables", "application/zip", "zip"),
    }
)


def render(format_: ReportFormat, document: Document, theme: Theme) -> bytes:
    """Write a document down in a format."""
    return RENDERERS[format_](document, theme)
