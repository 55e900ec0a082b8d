"""`report`: have a report made and save it."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from tta.analytics.v1 import report_model_pb2, report_pb2

from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.settings import CommandSettings


class TypeName(StrEnum):
    """What a report is about."""

    THERAPEUTIC_OUTCOMES = "therapeutic_outcomes"
    USER_ENGAGEMENT = "user_engagement"
    SYSTEM_PERFORMANCE = "system_performance"
    COHORT_ANALYSIS = "cohort_analysis"
    TREND_ANALYSIS = "trend_analysis"


class FormatName(StrEnum):
    """How a report is written."""

    HTML = "html"
    PDF = "pdf"
    EXCEL = "excel"
    CSV = "csv"
    JSON = "json"


ENDINGS = {FormatName.EXCEL: "xlsx", FormatName.CSV: "zip"}
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="UTC.")]


def report(
    report_type: Annotated[TypeName, typer.Argument(help="What it is about.")],
    report_format: Annotated[FormatName, typer.Option("--format", help="How it is written.")] = FormatName.HTML,
    since: Day = None,
    until: Day = None,
    output: Annotated[Path | None, typer.Option(help="File to write; named after the type when left out.")] = None,
) -> None:
    """Have a report made, wait for it, and save it.

    Example: tta-analytics report therapeutic_outcomes --format pdf --since 2026-01-01
    """
    target = output or Path(f"{report_type.value}.{ENDINGS.get(report_format, report_format.value)}")
    wanted = report_pb2.GenerateReportRequest()
    wanted.spec.report_type = report_model_pb2.ReportType.Value(f"REPORT_TYPE_{report_type.name}")
    document = report_model_pb2.ReportFormat.Value(f"REPORT_FORMAT_{report_format.name}")
    wanted.spec.formats.append(document)
    if since:
        wanted.range_start.FromDatetime(since.replace(tzinfo=UTC))
    if until:
        wanted.range_end.FromDatetime(until.replace(tzinfo=UTC))

    async def command(settings: CommandSettings) -> bool:
        async with open_client(settings) as client:
            stub = client.reports
            made = await stub.GenerateReport(wanted)
            if not await _done(stub, made.report_id):
                return False
            request = report_pb2.DownloadReportRequest(report_id=made.report_id, format=document)
            with target.open("wb") as file:
                async for part in stub.DownloadReport(request):
                    file.write(part.data)
            return True

    if not run(command):
        raise typer.Exit(1)
    console.print(f"Saved {target}")


async def _done(stub: Any, report_id: str) -> bool:
    """Wait for a report, telling how far it is; false where it failed or was cancelled, with the reason printed."""
    with console.status("Waiting") as status:
        async for step in stub.WatchReport(report_pb2.WatchReportRequest(report_id=report_id)):
            status.update(f"{step.progress:.0%} {step.stage}")
            if step.state == report_pb2.REPORT_STATE_DONE:
                return True
            if step.state in (report_pb2.REPORT_STATE_FAILED, report_pb2.REPORT_STATE_CANCELLED):
                errors.print(f"Error: {step.failure.message or 'the report was cancelled'}", style="bold red")
                return False
    errors.print("Error: the service ended the stream before the report was done; run the command again")
    return False
