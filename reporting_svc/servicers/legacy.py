"""The predecessor's reporting paths on the wire."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.api import httpbody_pb2
from google.protobuf.json_format import MessageToDict
from tta.analytics.v1 import legacy_reporting_pb2, legacy_reporting_pb2_grpc, report_model_pb2

from mesh.identity import current_caller
from mesh.protos import enum_name, enum_value, timestamp
from reporting_svc.domain.job import Spec, State
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.snapshot import Filters, Grain
from reporting_svc.servicers.reports import FILE_NAME, chunks
from reporting_svc.servicers.wire import moment, named, viewer
from reporting_svc.store_ports import Once, Page, ReportQuestion
from reporting_svc.usecases.ask_reports import AskReports

PATIENCE = 8.0
"""Seconds that a caller of the old paths waits for a report."""

LISTED = 1000

_STATES = {State.DONE: "completed", State.FAILED: "failed", State.CANCELLED: "failed"}
_LISTS = ("therapeutic_focus", "session_frequency", "engagement_level", "statistics", "metrics")
_SYNONYMS = {"focus": "therapeutic_focus", "frequency": "session_frequency", "engagement": "engagement_level"}


@dataclass(frozen=True)
class ReportingLegacyServicer(legacy_reporting_pb2_grpc.ReportingLegacyServiceServicer):
    """Parses, calls, renders."""

    asking: AskReports

    async def GenerateLegacyReport(
        self, request: legacy_reporting_pb2.GenerateLegacyReportRequest, context: Any
    ) -> legacy_reporting_pb2.GenerateLegacyReportResponse:
        """See the proto."""
        who = viewer()
        filters, ignored = filters_of(MessageToDict(request.filters))
        notices = (f"Filters that this platform does not know were ignored: {', '.join(ignored)}.",) if ignored else ()
        format_ = named(ReportFormat, request, "report_format", ReportFormat.JSON)
        spec = Spec(
            ReportType(enum_name(report_model_pb2.ReportType, request.report_type)),
            request.title.strip(),
            request.description.strip(),
            filters,
            (format_,),
        )
        new = Once(current_caller().name, "GenerateLegacyReport", "", b"")
        start, end = moment(request, "date_range_start"), moment(request, "date_range_end")
        report = await self.asking.generate(spec, start, end, who, new, notices)
        report = await self.asking.settled(report.report_id, who, PATIENCE)
        told = {
            State.DONE: "The report is ready.",
            State.FAILED: report.failure.message if report.failure else "The report could not be made.",
        }
        return legacy_reporting_pb2.GenerateLegacyReportResponse(
            report_id=report.report_id,
            status=_STATES.get(report.state, "processing"),
            message=told.get(report.state, "The report is being made; read it by its url."),
            report_url=f"/reports/{report.report_id}?format={format_.value}",
        )

    async def GetLegacyReport(
        self, request: legacy_reporting_pb2.GetLegacyReportRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """See the proto."""
        who = viewer()
        await self.asking.settled(request.report_id, who, PATIENCE)
        format_ = named(ReportFormat, request, "format", ReportFormat.JSON)
        rendition, content = await self.asking.download(request.report_id, format_, who)
        await context.send_initial_metadata(((FILE_NAME, rendition.file_name),))
        for part in chunks(rendition.media_type, content):
            yield part

    async def ListLegacyReports(
        self, request: legacy_reporting_pb2.ListLegacyReportsRequest, context: Any
    ) -> legacy_reporting_pb2.ListLegacyReportsResponse:
        """See the proto."""
        who = viewer()
        question = ReportQuestion(state=State.DONE, operational=who.operates, players=who.views)
        response = legacy_reporting_pb2.ListLegacyReportsResponse()
        for one in await self.asking.list(question, Page(LISTED)):
            response.reports.add(
                report_id=one.report_id,
                title=one.spec.title or one.spec.report_type.value.replace("_", " ").capitalize(),
                type=enum_value(report_model_pb2.ReportType, one.spec.report_type.value),
                generated_at=timestamp(one.finished_at or one.created_at),
            )
        response.total_count = len(response.reports)
        return response


def filters_of(given: Mapping[str, Any]) -> tuple[Filters, list[str]]:
    """Return the filters of free JSON, and the names that are not known; a single word counts as a list of one."""
    known: dict[str, tuple[str, ...]] = {}
    grain, ignored = Grain.MONTH, []
    for name, value in given.items():
        field = _SYNONYMS.get(name, name)
        values = value if isinstance(value, list) else [value]
        if field == "grain" and len(values) == 1 and values[0] in tuple(Grain):
            grain = Grain(values[0])
        elif field in _LISTS and all(isinstance(one, str) and 0 < len(one) <= 256 for one in values):
            known[field] = tuple(values[:50])
        else:
            ignored.append(name[:100])
    return Filters(grain=grain, **known), ignored[:20]
