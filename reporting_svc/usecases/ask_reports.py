"""Reports: asked for, listed, read, cancelled, deleted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

from mesh.refusal import NotFound, PermissionDenied, ResourceExhausted
from reporting_svc.domain.job import Rendition, Report, Spec, Viewer, check_spec, span
from reporting_svc.domain.panels import Panel, shows_metrics
from reporting_svc.domain.report import DATA_FORMATS, Document, ReportFormat, ReportType
from reporting_svc.ports import Clock, Files, NewId, Wakes, Workshop
from reporting_svc.store_ports import Dashboards, Once, Page, ReportQuestion, Reports

ASKED_AT_ONCE = 2
"""Reports that are queued at the same time; SQLite writes one after the other anyway."""
LOOK_EVERY = 1.0
"""Seconds between looks at a report that is watched, where no wake-up comes."""


@dataclass(frozen=True, slots=True)
class AskReports:
    """What callers do with reports."""

    reports: Reports
    dashboards: Dashboards
    files: Files
    workshop: Workshop
    wakes: Wakes
    clock: Clock
    new_id: NewId
    kept: timedelta
    most_waiting: int
    asked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ASKED_AT_ONCE))

    async def generate(
        self,
        spec: Spec,
        start: datetime | None,
        end: datetime | None,
        viewer: Viewer,
        once: Once,
        notices: tuple[str, ...] = (),
    ) -> Report:
        """Queue a report; a repeat of an answered request is told of the first one, whatever has changed since.

        A few at a time: many that are asked for at once must not keep the event loop from short calls.
        """
        async with self.asked:
            return await self._queue(spec, start, end, viewer, once, notices)

    async def _queue(
        self,
        spec: Spec,
        start: datetime | None,
        end: datetime | None,
        viewer: Viewer,
        once: Once,
        notices: tuple[str, ...],
    ) -> Report:
        if (known := await self.reports.answered(once)) is not None:
            return await self.reports.get(known)
        panels = await self.panels(spec, viewer)
        operational = shows_metrics(panels)
        check_spec(spec, viewer, operational=operational)
        self.workshop.require(spec.formats)
        now = self.clock()
        first, last = span(start, end, now)
        await self.require_room()
        spec = replace(spec, any_dashboard=viewer.manages_all)
        report = Report(
            *(self.new_id(), spec, first, last, panels, notices, viewer.name, now, now + self.kept),
            operational=operational or spec.report_type is ReportType.SYSTEM_PERFORMANCE,
        )
        report_id = await self.reports.add(report, once)
        await self.wakes.queue_changed()
        return report if report_id == report.report_id else await self.reports.get(report_id)

    async def require_room(self) -> None:
        """Raise ResourceExhausted where the queue is full."""
        if await self.reports.waiting() >= self.most_waiting:
            raise ResourceExhausted("queue_full", "Too many reports wait already; try again later.", retry_after=30.0)

    async def panels(self, spec: Spec, viewer: Viewer) -> tuple[Panel, ...]:
        """Return the panels of the dashboard that a spec names."""
        if spec.report_type is not ReportType.CUSTOM_DASHBOARD or not spec.dashboard_id:
            return ()
        dashboard = await self.dashboards.get(spec.dashboard_id)
        if not (viewer.manages_all or dashboard.open_to(viewer.name)):
            raise NotFound("dashboard_not_found", "No dashboard of that id. List them with ListDashboards.")
        return dashboard.panels

    async def get(self, report_id: str, viewer: Viewer) -> Report:
        """Return a report that the viewer may see."""
        report = await self.reports.get(report_id)
        if report.expires_at <= self.clock():
            raise NotFound("report_expired", "The report is past its term. Ask for a new one.")
        if not viewer.sees(report.spec.report_type, operational=report.operational):
            raise PermissionDenied("report_not_visible", "This report needs a permission that you lack.")
        return report

    async def list(self, question: ReportQuestion, page: Page) -> Sequence[Report]:
        """Return reports, newest first."""
        return await self.reports.list(question, page)

    async def watch(self, report_id: str, viewer: Viewer) -> AsyncIterator[Report]:
        """Yield a report now and at each change, until it is over or the process ends."""
        report = await self.get(report_id, viewer)
        yield report
        if report.state.over:
            return
        async for _ in self.wakes.watch(report_id, LOOK_EVERY):
            newer = await self.reports.get(report_id)
            if (newer.state, newer.progress, newer.stage) != (report.state, report.progress, report.stage):
                report = newer
                yield report
            if newer.state.over:
                return

    async def settled(self, report_id: str, viewer: Viewer, patience: float) -> Report:
        """Return a report once it is over, or as it is after so many seconds."""
        deadline = self.clock() + timedelta(seconds=patience)
        report = await self.get(report_id, viewer)
        if report.state.over:
            return report
        async for _ in self.wakes.watch(report_id, 0.2):
            report = await self.reports.get(report_id)
            if report.state.over or self.clock() >= deadline:
                break
        return report

    async def cancel(self, report_id: str, viewer: Viewer) -> Report:
        """Stop a report."""
        await self._owned(report_id, viewer)
        report = await self.reports.cancel(report_id, viewer.name)
        await self.wakes.changed(report_id)
        await self.wakes.queue_changed()
        return report

    async def delete(self, report_id: str, viewer: Viewer, once: Once) -> None:
        """Delete a report with its files."""
        try:
            await self._owned(report_id, viewer)
            await self.reports.remove(report_id, viewer.name, once)
        except NotFound:
            if await self.reports.answered(once) is None:
                raise
        await self.files.forget([report_id])
        await self.wakes.changed(report_id)

    async def _owned(self, report_id: str, viewer: Viewer) -> None:
        report = await self.get(report_id, viewer)
        if not viewer.owns(report.created_by):
            raise PermissionDenied("not_yours", "Only whoever asked for this report, or an admin, may do that.")

    async def document(self, report_id: str, viewer: Viewer) -> Document:
        """Return the document of a report that is done."""
        report = await self.get(report_id, viewer)
        report.require_done()
        return self.workshop.read(await self._content(report))

    async def download(self, report_id: str, format_: ReportFormat, viewer: Viewer) -> tuple[Rendition, bytes]:
        """Return a format of a report that is done, rendered now where it was not before."""
        report = await self.get(report_id, viewer)
        if format_ in DATA_FORMATS and not viewer.exports:
            raise PermissionDenied(
                "export_not_allowed",
                "Excel and CSV need the permission export_anonymized_data; take html, pdf or json.",
            )
        report.require_done()
        ready = report.rendition(format_)
        if ready is not None:
            return ready, await self.files.get(ready.key)
        self.workshop.require((format_,))
        content = await self.workshop.render(await self._content(report), format_)
        folder = f"{report.report_id}/{self.new_id()}"
        rendition = rendered(self.workshop, report, format_, content, folder)
        await self.files.put(rendition.key, content)
        try:
            await self.reports.keep(report_id, rendition)
        except NotFound:  # deleted meanwhile
            await self.files.forget([folder])
            raise
        return rendition, content

    async def _content(self, report: Report) -> bytes:
        model = report.rendition(ReportFormat.JSON)
        if model is None:
            raise NotFound("file_not_found", "The report's file is gone. Ask for a new report.")
        return await self.files.get(model.key)


def rendered(workshop: Workshop, report: Report, format_: ReportFormat, content: bytes, folder: str) -> Rendition:
    """Describe a rendered file."""
    media_type, suffix = workshop.naming(format_)
    stem = f"{report.spec.report_type.value.replace('_', '-')}-{report.range_start:%Y%m%d}-{report.range_end:%Y%m%d}"
    return Rendition(
        *(format_, media_type, f"{stem}.{suffix}", len(content), sha256(content).hexdigest()),
        key=f"{folder}/{format_.value}.{suffix}",
    )
