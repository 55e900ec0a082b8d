"""DashboardService on the wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from google.api import httpbody_pb2
from google.protobuf import empty_pb2
from tta.analytics.v1 import dashboard_pb2, dashboard_pb2_grpc, report_model_pb2

from mesh.idempotency import Idempotency
from mesh.paging import filter_hash
from reporting_svc.domain.job import Viewer
from reporting_svc.domain.panels import SOURCES, Dashboard
from reporting_svc.domain.report import ReportFormat
from reporting_svc.servicers.reports import FILE_NAME, chunks
from reporting_svc.servicers.specs import Figures, dashboard_of, document_message
from reporting_svc.servicers.wire import fill, following, named, once, page, viewer
from reporting_svc.usecases.arrange_dashboards import ArrangeDashboards


@dataclass(frozen=True)
class DashboardServicer(dashboard_pb2_grpc.DashboardServiceServicer):
    """Parses, calls, renders."""

    arranging: ArrangeDashboards
    figures: Figures
    idempotency: Idempotency

    async def CreateDashboard(
        self, request: dashboard_pb2.CreateDashboardRequest, context: Any
    ) -> dashboard_pb2.Dashboard:
        """See the proto."""
        who = viewer()
        act = once("CreateDashboard", request, self.idempotency.fingerprint(request))
        return _message(await self.arranging.create(dashboard_of(request.dashboard, ""), who, act), who)

    async def GetDashboard(self, request: dashboard_pb2.GetDashboardRequest, context: Any) -> dashboard_pb2.Dashboard:
        """See the proto."""
        who = viewer()
        version = request.version if request.HasField("version") else None
        return _message(await self.arranging.get(request.dashboard_id, version, who), who)

    async def ListDashboards(
        self, request: dashboard_pb2.ListDashboardsRequest, context: Any
    ) -> dashboard_pb2.ListDashboardsResponse:
        """See the proto."""
        who = viewer()
        asked = filter_hash("ListDashboards")
        wanted = page(request, asked)
        found = await self.arranging.list(who, wanted)
        response = dashboard_pb2.ListDashboardsResponse(dashboards=[_message(one, who) for one in found])
        if found:
            last = found[-1]
            response.next_page_token = following(wanted, len(found), last.created_at, last.dashboard_id, asked)
        return response

    async def UpdateDashboard(
        self, request: dashboard_pb2.UpdateDashboardRequest, context: Any
    ) -> dashboard_pb2.Dashboard:
        """See the proto."""
        who = viewer()
        act = once("UpdateDashboard", request, self.idempotency.fingerprint(request))
        dashboard = dashboard_of(request.dashboard, request.dashboard_id)
        return _message(await self.arranging.save(dashboard, who, act), who)

    async def DeleteDashboard(self, request: dashboard_pb2.DeleteDashboardRequest, context: Any) -> empty_pb2.Empty:
        """See the proto."""
        act = once("DeleteDashboard", request, self.idempotency.fingerprint(request))
        await self.arranging.delete(request.dashboard_id, viewer(), act)
        return empty_pb2.Empty()

    async def RenderDashboard(
        self, request: dashboard_pb2.RenderDashboardRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """See the proto."""
        version = request.version if request.HasField("version") else None
        format_ = named(ReportFormat, request, "format", ReportFormat.JSON)
        name, media_type, content = await self.arranging.render(request.dashboard_id, version, format_, viewer())
        await context.send_initial_metadata(((FILE_NAME, name),))
        for part in chunks(media_type, content):
            yield part

    async def PreviewDashboard(
        self, request: dashboard_pb2.PreviewDashboardRequest, context: Any
    ) -> report_model_pb2.ReportDocument:
        """See the proto."""
        document = await self.arranging.preview(dashboard_of(request.dashboard, ""), viewer())
        return document_message(document, self.figures if request.include_figures else None)

    async def ListPanelSources(
        self, request: dashboard_pb2.ListPanelSourcesRequest, context: Any
    ) -> dashboard_pb2.ListPanelSourcesResponse:
        """See the proto."""
        response = dashboard_pb2.ListPanelSourcesResponse()
        for source in SOURCES.values():
            fill(response.sources.add(), source)
        return response


def _message(dashboard: Dashboard, who: Viewer) -> dashboard_pb2.Dashboard:
    message = fill(dashboard_pb2.Dashboard(), dashboard)
    message.may_manage = who.owns(dashboard.created_by)
    return message
