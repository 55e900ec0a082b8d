"""ReportService on the wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.api import httpbody_pb2
from google.protobuf import empty_pb2
from tta.analytics.v1 import report_pb2, report_pb2_grpc

from mesh.idempotency import Idempotency
from mesh.paging import filter_hash
from mesh.protos import timestamp
from reporting_svc.domain.job import Report, State
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.servicers.specs import Figures, document_message, report_message, spec_of
from reporting_svc.servicers.wire import fill, following, moment, named, once, page, viewer
from reporting_svc.store_ports import ReportQuestion
from reporting_svc.usecases.ask_reports import AskReports

FILE_NAME = "tta-file-name"
"""Initial metadata of a download: what to call the file; ASCII."""

CHUNK = 64 << 10
"""Bytes a message of a download."""


@dataclass(frozen=True)
class ReportServicer(report_pb2_grpc.ReportServiceServicer):
    """Parses, calls, renders."""

    asking: AskReports
    figures: Figures
    idempotency: Idempotency

    async def GenerateReport(self, request: report_pb2.GenerateReportRequest, context: Any) -> report_pb2.Report:
        """See the proto."""
        who = viewer()
        report = await self.asking.generate(
            spec_of(request.spec),
            moment(request, "range_start"),
            moment(request, "range_end"),
            who,
            once("GenerateReport", request, self.idempotency.fingerprint(request)),
        )
        return report_message(report, who)

    async def WatchReport(
        self, request: report_pb2.WatchReportRequest, context: Any
    ) -> AsyncIterator[report_pb2.ReportProgress]:
        """See the proto."""
        async for report in self.asking.watch(request.report_id, viewer()):
            yield progress(report)

    async def GetReport(self, request: report_pb2.GetReportRequest, context: Any) -> report_pb2.Report:
        """See the proto."""
        who = viewer()
        report = await self.asking.get(request.report_id, who)
        message = report_message(report, who)
        if request.include_document and report.state is State.DONE:
            document = await self.asking.document(request.report_id, who)
            message.document.CopyFrom(document_message(document, self.figures if request.include_figures else None))
        return message

    async def ListReports(self, request: report_pb2.ListReportsRequest, context: Any) -> report_pb2.ListReportsResponse:
        """See the proto."""
        who = viewer()
        type_ = named(ReportType, request, "report_type", ReportType.CUSTOM_DASHBOARD) if request.report_type else None
        state = named(State, request, "state", State.QUEUED) if request.state else None
        mine = who.name if request.mine else None
        asked = filter_hash("ListReports", type=type_, state=state, schedule=request.schedule_id, mine=mine)
        wanted = page(request, asked)
        question = ReportQuestion(type_, state, request.schedule_id or None, mine, who.operates, who.views)
        found = await self.asking.list(question, wanted)
        response = report_pb2.ListReportsResponse(reports=[report_message(one, who) for one in found])
        if found:
            last = found[-1]
            response.next_page_token = following(wanted, len(found), last.created_at, last.report_id, asked)
        return response

    async def CancelReport(self, request: report_pb2.CancelReportRequest, context: Any) -> report_pb2.Report:
        """See the proto."""
        who = viewer()
        return report_message(await self.asking.cancel(request.report_id, who), who)

    async def DownloadReport(
        self, request: report_pb2.DownloadReportRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """See the proto."""
        format_ = named(ReportFormat, request, "format", ReportFormat.JSON)
        rendition, content = await self.asking.download(request.report_id, format_, viewer())
        await context.send_initial_metadata(((FILE_NAME, rendition.file_name),))
        for part in chunks(rendition.media_type, content):
            yield part

    async def DeleteReport(self, request: report_pb2.DeleteReportRequest, context: Any) -> empty_pb2.Empty:
        """See the proto."""
        act = once("DeleteReport", request, self.idempotency.fingerprint(request))
        await self.asking.delete(request.report_id, viewer(), act)
        return empty_pb2.Empty()


def progress(report: Report) -> report_pb2.ReportProgress:
    """Return where a report is."""
    message = fill(report_pb2.ReportProgress(), report)
    message.observed_at.CopyFrom(timestamp(datetime.now(UTC)))
    return message


def chunks(media_type: str, content: bytes) -> list[httpbody_pb2.HttpBody]:
    """Return a file in parts; the first carries the media type, and an empty file is one part."""
    first = httpbody_pb2.HttpBody(content_type=media_type, data=content[:CHUNK])
    rest = [httpbody_pb2.HttpBody(data=content[start : start + CHUNK]) for start in range(CHUNK, len(content), CHUNK)]
    return [first, *rest]
