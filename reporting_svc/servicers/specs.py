"""Specs, filters, panels and reports on the wire."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tta.analytics.v1 import dashboard_pb2, report_model_pb2, report_pb2, schedule_pb2

from mesh.protos import enum_name
from reporting_svc.domain.job import DEFAULT_FORECAST, DEFAULT_FORMATS, Report, Spec, Viewer
from reporting_svc.domain.panels import Breakdown, Dashboard, Panel, PanelKind, Visibility
from reporting_svc.domain.report import Chart, Document, ReportFormat, ReportType
from reporting_svc.domain.schedule import CatchUp, Delivery, Role, Schedule
from reporting_svc.domain.snapshot import Filters, Grain
from reporting_svc.servicers.wire import fill, named

NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where the use case puts a time."""


def filters_of(message: report_model_pb2.ReportFilters) -> Filters:
    """Return filters."""
    return Filters(
        named(Grain, message, "grain", Grain.MONTH),
        tuple(message.therapeutic_focus),
        tuple(message.session_frequency),
        tuple(message.engagement_level),
        tuple(message.statistics),
        tuple(message.metrics),
    )


def spec_of(message: report_pb2.ReportSpec) -> Spec:
    """Return a spec."""
    formats = tuple(ReportFormat(enum_name(report_model_pb2.ReportFormat, one)) for one in message.formats)
    return Spec(
        report_type=ReportType(enum_name(report_model_pb2.ReportType, message.report_type)),
        title=message.title.strip(),
        description=message.description.strip(),
        filters=filters_of(message.filters),
        formats=formats or DEFAULT_FORMATS,
        dashboard_id=message.dashboard_id or None,
        forecast_periods=message.forecast_periods if message.HasField("forecast_periods") else DEFAULT_FORECAST,
    )


def report_message(report: Report, viewer: Viewer) -> report_pb2.Report:
    """Return a report without its document."""
    message = fill(report_pb2.Report(), report)
    message.may_export = viewer.exports
    message.may_manage = viewer.owns(report.created_by)
    return message


Figures = Callable[[Chart], dict[str, Any]]
"""Draws a chart as Plotly figure."""


def document_message(document: Document, figures: Figures | None) -> report_model_pb2.ReportDocument:
    """Return a document, with Plotly figures where `figures` draws them."""
    message = fill(report_model_pb2.ReportDocument(), document)
    if figures is not None:
        for section, drawn in zip(document.sections, message.sections, strict=True):
            for chart, target in zip(section.charts, drawn.charts, strict=True):
                target.figure.update(figures(chart))
    return message


def panel_of(message: dashboard_pb2.Panel) -> Panel:
    """Return a panel."""
    return Panel(
        panel_id=message.panel_id,
        title=message.title.strip(),
        kind=named(PanelKind, message, "kind", PanelKind.CHART),
        source_id=message.source_id,
        breakdown=named(Breakdown, message, "breakdown", Breakdown.PERIOD),
        filters=filters_of(message.filters),
        text=message.text,
        column=message.column,
        row=message.row,
        width=message.width,
        height=message.height,
    )


def dashboard_of(message: dashboard_pb2.Dashboard, dashboard_id: str) -> Dashboard:
    """Return a dashboard as sent; who and when are assigned by the use case."""
    return Dashboard(
        dashboard_id=dashboard_id,
        title=message.title.strip(),
        description=message.description.strip(),
        panels=tuple(panel_of(one) for one in message.panels),
        range_periods=message.range_periods,
        range_grain=named(Grain, message, "range_grain", Grain.MONTH),
        visibility=named(Visibility, message, "visibility", Visibility.PRIVATE),
        version=message.version,
        created_by="",
        created_at=NOT_YET,
        updated_at=NOT_YET,
    )


def schedule_of(message: schedule_pb2.Schedule, schedule_id: str) -> Schedule:
    """Return a schedule as sent; who and when are assigned by the use case."""
    deliveries = tuple(
        Delivery(
            one.contact_id,
            one.email_address.strip(),
            named(ReportFormat, one, "format", ReportFormat.HTML),
            named(Role, one, "recipient_role", Role.THERAPIST),
        )
        for one in message.deliveries
    )
    return Schedule(
        schedule_id=schedule_id,
        name=message.name.strip(),
        cron=message.cron.strip(),
        time_zone=message.time_zone.strip() or "UTC",
        spec=spec_of(message.spec),
        range_periods=message.range_periods,
        range_grain=named(Grain, message, "range_grain", Grain.MONTH),
        deliveries=deliveries,
        catch_up=named(CatchUp, message, "catch_up", CatchUp.LATEST),
        paused=message.paused,
        version=message.version,
        created_by="",
        created_at=NOT_YET,
        updated_at=NOT_YET,
    )
