"""Dashboards: arranged, versioned, shared, shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mesh.refusal import NotFound, PermissionDenied
from reporting_svc.domain.builders import Brief
from reporting_svc.domain.file_names import stem
from reporting_svc.domain.job import Viewer
from reporting_svc.domain.panels import Dashboard, check
from reporting_svc.domain.report import Document, ReportFormat, ReportType
from reporting_svc.domain.schedule import covered
from reporting_svc.domain.snapshot import Filters
from reporting_svc.ports import Clock, NewId, Sources, Workshop
from reporting_svc.store_ports import Dashboards, Once, Page
from reporting_svc.usecases.make_reports import needs_of

DEFAULT_PERIODS = 12
SHOWN_FORMATS = frozenset({ReportFormat.JSON, ReportFormat.HTML, ReportFormat.PDF})


@dataclass(frozen=True, slots=True)
class ArrangeDashboards:
    """What callers do with dashboards."""

    dashboards: Dashboards
    sources: Sources
    workshop: Workshop
    clock: Clock
    new_id: NewId

    async def create(self, dashboard: Dashboard, viewer: Viewer, once: Once) -> Dashboard:
        """Keep a new dashboard."""
        self._check(dashboard, viewer)
        now = self.clock()
        made = replace(
            dashboard, dashboard_id=self.new_id(), version=1, created_by=viewer.name, created_at=now, updated_at=now
        )
        return await self.dashboards.get(await self.dashboards.add(made, once))

    async def get(self, dashboard_id: str, version: int | None, viewer: Viewer) -> Dashboard:
        """Return a dashboard that the viewer may see; a private one of somebody else does not exist for them."""
        dashboard = await self.dashboards.get(dashboard_id, version)
        if not (viewer.manages_all or dashboard.open_to(viewer.name)):
            raise NotFound("dashboard_not_found", "No dashboard of that id. List them with ListDashboards.")
        if dashboard.operational and not viewer.operates:
            raise PermissionDenied("operations_not_visible", "This dashboard shows service metrics: view_operations.")
        return dashboard

    async def list(self, viewer: Viewer, page: Page) -> Sequence[Dashboard]:
        """Return the dashboards that the viewer may see, newest first."""
        return await self.dashboards.list(None if viewer.manages_all else viewer.name, page)

    async def save(self, dashboard: Dashboard, viewer: Viewer, once: Once) -> Dashboard:
        """Keep a further version. A version of 0 takes whatever is the present one."""
        self._check(dashboard, viewer)
        present = await self._owned(dashboard.dashboard_id, viewer)
        expected = dashboard.version or present.version
        saved = replace(
            dashboard,
            version=expected + 1,
            created_by=present.created_by,
            created_at=present.created_at,
            updated_at=self.clock(),
        )
        await self.dashboards.save(saved, expected, viewer.name, once)
        return await self.dashboards.get(dashboard.dashboard_id)

    async def delete(self, dashboard_id: str, viewer: Viewer, once: Once) -> None:
        """Delete a dashboard with all versions."""
        try:
            await self._owned(dashboard_id, viewer)
        except NotFound:
            if await self.dashboards.answered(once) is None:
                raise
            return
        await self.dashboards.remove(dashboard_id, viewer.name, once)

    async def _owned(self, dashboard_id: str, viewer: Viewer) -> Dashboard:
        dashboard = await self.get(dashboard_id, None, viewer)
        if not viewer.owns(dashboard.created_by):
            raise PermissionDenied("not_yours", "Only whoever made this dashboard, or an admin, may do that.")
        return dashboard

    def _check(self, dashboard: Dashboard, viewer: Viewer) -> None:
        check(dashboard.panels)
        if dashboard.operational and not viewer.operates:
            raise PermissionDenied("operations_not_visible", "Service metrics need the permission view_operations.")

    async def preview(self, dashboard: Dashboard, viewer: Viewer) -> Document:
        """Build the document of a dashboard that need not be saved."""
        self._check(dashboard, viewer)
        return self.workshop.read(await self._compose(dashboard))

    async def render(
        self, dashboard_id: str, version: int | None, format_: ReportFormat, viewer: Viewer
    ) -> tuple[str, str, bytes]:
        """Return file name, media type and content of a dashboard as json, html or pdf."""
        dashboard = await self.get(dashboard_id, version, viewer)
        self.workshop.require((format_,))
        content = await self._compose(dashboard)
        if format_ is not ReportFormat.JSON:
            content = await self.workshop.render(content, format_)
        media_type, suffix = self.workshop.naming(format_)
        return f"{stem(dashboard.title)}.{suffix}", media_type, content

    async def _compose(self, dashboard: Dashboard) -> bytes:
        now = self.clock()
        start, _ = covered(now, dashboard.range_periods or DEFAULT_PERIODS, dashboard.range_grain)
        needs = needs_of(ReportType.CUSTOM_DASHBOARD, dashboard.panels)
        filters = Filters(grain=dashboard.range_grain)
        snapshot = await self.sources.snapshot(needs, start, now, filters, ())
        brief = Brief(ReportType.CUSTOM_DASHBOARD, dashboard.title, dashboard.description, panels=dashboard.panels)
        return (await self.workshop.compose(snapshot, brief)).content
