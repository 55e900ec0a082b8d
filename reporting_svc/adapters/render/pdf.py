"""PDF: tagged (PDF/UA-1), for paper, made by WeasyPrint from the same page. Needs Pango on the machine."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from mesh.refusal import FailedPrecondition
from reporting_svc.adapters.render.html import page
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.report import Document

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
"""What the machine needs, by Debian's names."""

MOST_ROWS = 26
"""Rows of a table on paper, two years of months or half a year of weeks; longer ones are cut and say so."""


@cache
def missing() -> str:
    """Return why PDF can't be made here; empty where it can."""
    try:
        import weasyprint
    except OSError as error:
        return f"{error}".splitlines()[0]
    return "" if weasyprint.__version__ else "no version"


def require() -> None:
    """Raise FailedPrecondition (`pdf_unavailable`) that names the packages, where PDF can't be made here."""
    if missing():
        raise FailedPrecondition(
            "pdf_unavailable",
            f"PDF needs system libraries that this server lacks. Install: {PACKAGES}. Until then take HTML.",
            metadata={"packages": PACKAGES},
        )


def render(document: Document, theme: Theme) -> bytes:
    """Return the PDF. Nothing is fetched: pictures are within the page, and every address is refused."""
    require()
    import weasyprint

    text = page(document, theme, paper=True, most_rows=MOST_ROWS)
    fetcher = weasyprint.URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    with _without_collector():
        made = weasyprint.HTML(string=text, url_fetcher=fetcher, base_url=None)
        content: bytes = made.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, uncompressed_pdf=False)
    return content


@contextmanager
def _without_collector() -> Iterator[None]:
    """Put the collection of cycles off: laying out makes a million objects, and looking for cycles is a fifth of it."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
