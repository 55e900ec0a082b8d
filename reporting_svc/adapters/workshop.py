"""The heavy work, in processes of their own: documents are composed and rendered, series analysed."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mesh.workers import NumericPool
from reporting_svc.adapters.parcels import Packing, unpack
from reporting_svc.adapters.render import json_document, pdf
from reporting_svc.adapters.render.renderers import RENDERERS, render
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.domain.analysis import comparison, forecast, trend
from reporting_svc.domain.analysis.comparison import Comparison, Side
from reporting_svc.domain.analysis.forecast import SeriesForecast
from reporting_svc.domain.analysis.series import Series
from reporting_svc.domain.analysis.trend import TrendAnalysis
from reporting_svc.domain.builders import Brief, build
from reporting_svc.domain.report import Document, ReportFormat
from reporting_svc.domain.snapshot import Snapshot
from reporting_svc.ports import Composed, Workshop

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PooledWorkshop(Workshop):
    """Two pools: one renders, one computes, so that a queue of reports never delays an analysis."""

    rendering: NumericPool
    numerics: NumericPool
    workers: int
    theme: Theme
    packing: Packing = field(default_factory=Packing)

    async def compose(self, snapshot: Snapshot, brief: Brief) -> Composed:
        """Build a document."""
        packed = await self.packing.pack(snapshot.releases)
        return Composed(*await self.rendering.run(compose, replace(snapshot, releases=()), packed, brief, self.theme))

    async def render(self, content: bytes, format_: ReportFormat) -> bytes:
        """Render a composed document in a format."""
        if format_ is ReportFormat.JSON:
            return content
        return await self.rendering.run(render_json, content, format_, self.theme)

    def read(self, content: bytes) -> Document:
        """Return the document of its JSON."""
        return json_document.read(content)

    def require(self, formats: Sequence[ReportFormat]) -> None:
        """Raise FailedPrecondition where a format can't be made here."""
        if ReportFormat.PDF in formats:
            pdf.require()

    def naming(self, format_: ReportFormat) -> tuple[str, str]:
        """Return media type and file suffix of a format."""
        return RENDERERS[format_].media_type, RENDERERS[format_].suffix

    async def trend(self, series: Series, season_length: int) -> TrendAnalysis:
        """Analyse a series."""
        return await self.numerics.run(trend.analyse, series, season_length)

    async def forecast(self, series: Series, horizon: int, season_length: int) -> SeriesForecast:
        """Forecast a series."""
        return await self.numerics.run(forecast.forecast, series, horizon, season_length)

    async def compare(self, current: Side | Series, baseline: Side | Series, shared: bool) -> Comparison:
        """Compare two sides."""
        return await self.numerics.run(compare, current, baseline, shared)

    async def warm(self) -> None:
        """Load what rendering needs into every worker, and say at start where PDF can't be made."""
        if missing := await asyncio.to_thread(pdf.missing):
            _LOG.warning("pdf_unavailable", extra={"install": pdf.PACKAGES, "why": missing})
        await asyncio.gather(*(self.rendering.run(warm) for _ in range(max(self.workers, 1))))

    def close(self) -> None:
        """Stop the workers."""
        self.rendering.close()
        self.numerics.close()


def compose(snapshot: Snapshot, releases: Sequence[bytes], brief: Brief, theme: Theme) -> tuple[bytes, datetime]:
    """Build a document of a snapshot and its packed releases; return its JSON and how old its data are."""
    document = build(replace(snapshot, releases=unpack(releases)), brief, theme.wording)
    return json_document.render(document, theme), document.data_as_of


def render_json(content: bytes, format_: ReportFormat, theme: Theme) -> bytes:
    """Render the document of a JSON."""
    return render(format_, json_document.read(content), theme)


def compare(current: Side | Series, baseline: Side | Series, shared: bool) -> Comparison:
    """Compare two sides, series as their means."""
    sides = [one if isinstance(one, Side) else comparison.side(one) for one in (current, baseline)]
    return comparison.compare(sides[0], sides[1], shared=shared)


def warm() -> None:
    """Load templates and libraries."""
    from reporting_svc.adapters.render.html import environment

    environment().get_template("report.html.j2")
    pdf.missing()
