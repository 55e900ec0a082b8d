"""Reports over gRPC: asked for, followed, read, downloaded, cancelled, deleted."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from tta.analytics.v1 import (
    legacy_reporting_pb2,
    legacy_reporting_pb2_grpc,
    report_model_pb2,
    report_pb2,
    report_pb2_grpc,
    subject_rights_pb2,
    subject_rights_pb2_grpc,
)

from mesh.protos import timestamp
from mesh.refusal import NotFound
from reporting_svc.adapters.render import pdf
from reporting_svc.adapters.store.tables import discarded_folders, reporting_audit_log, reports
from reporting_svc.servicers import legacy

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
OUTCOMES = report_model_pb2.REPORT_TYPE_THERAPEUTIC_OUTCOMES
OPERATIONS = report_model_pb2.REPORT_TYPE_SYSTEM_PERFORMANCE
EXCEL, CSV, HTML, JSON, PDF = (
    report_model_pb2.REPORT_FORMAT_EXCEL,
    report_model_pb2.REPORT_FORMAT_CSV,
    report_model_pb2.REPORT_FORMAT_HTML,
    report_model_pb2.REPORT_FORMAT_JSON,
    report_model_pb2.REPORT_FORMAT_PDF,
)


def asked(report_type=OUTCOMES, request_id="", **spec):
    return report_pb2.GenerateReportRequest(
        spec=report_pb2.ReportSpec(report_type=report_type, **spec),
        range_start=timestamp(START),
        range_end=timestamp(END),
        request_id=request_id,
    )


async def finished(stub, report_id):
    request = report_pb2.WatchReportRequest(report_id=report_id)
    return [message async for message in stub.WatchReport(request)]


async def downloaded(stub, report_id, format_):
    request = report_pb2.DownloadReportRequest(report_id=report_id, format=format_)
    parts = [part async for part in stub.DownloadReport(request)]
    return parts[0].content_type, b"".join(part.data for part in parts)


def reason(error):
    status = rpc_status.from_call(error)
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return None


async def test_a_report_is_answered_at_once_followed_to_its_end_and_downloaded(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked(formats=[HTML, EXCEL], title="Board meeting"))
    assert report.state in {report_pb2.REPORT_STATE_QUEUED, report_pb2.REPORT_STATE_RUNNING}
    seen = await finished(stub, report.report_id)
    assert seen[-1].state == report_pb2.REPORT_STATE_DONE
    assert [one.progress for one in seen] == sorted(one.progress for one in seen)
    done = await stub.GetReport(
        report_pb2.GetReportRequest(report_id=report.report_id, include_document=True, include_figures=True)
    )
    assert done.document.title == "Board meeting"
    assert [one.format for one in done.renditions] == [JSON, HTML, EXCEL]
    assert "data" in done.document.sections[1].charts[0].figure
    assert done.document.sections[1].tables[0].rows[0].values[0].string_value == "2025-01-01"
    media, html = await downloaded(stub, report.report_id, HTML)
    assert media.startswith("text/html")
    assert b"Board meeting" in html
    media, model = await downloaded(stub, report.report_id, JSON)
    assert json.loads(model)["report_type"] == "therapeutic_outcomes"
    media, packed = await downloaded(stub, report.report_id, CSV)
    assert (media, packed[:2]) == ("application/zip", b"PK")


async def test_pdf_is_made_where_the_machine_can(dial):
    if pdf.missing():
        pytest.skip(pdf.missing())
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked(formats=[PDF]))
    await finished(stub, report.report_id)
    media, content = await downloaded(stub, report.report_id, PDF)
    assert (media, content[:5]) == ("application/pdf", b"%PDF-")


async def test_the_same_request_id_makes_one_report(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    first = await stub.GenerateReport(asked(request_id="r-1"))
    again = await stub.GenerateReport(asked(request_id="r-1"))
    assert first.report_id == again.report_id
    listed = await stub.ListReports(report_pb2.ListReportsRequest())
    assert len(listed.reports) == 1


async def test_pages_list_every_report_once_newest_first(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    made = [(await stub.GenerateReport(asked())).report_id for _ in range(5)]
    listed, token = [], ""
    while True:
        page = await stub.ListReports(report_pb2.ListReportsRequest(page_size=2, page_token=token))
        listed += [one.report_id for one in page.reports]
        token = page.next_page_token
        if not token:
            break
    assert listed == made[::-1]
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        first = await stub.ListReports(report_pb2.ListReportsRequest(page_size=2))
        await stub.ListReports(report_pb2.ListReportsRequest(page_token=first.next_page_token, mine=True))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_backward_range_is_refused_with_its_field(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    request = asked()
    request.range_end.CopyFrom(request.range_start)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.GenerateReport(request)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(refused.value) == "RANGE_INVALID"


async def test_a_therapist_gets_pages_but_no_data_files_and_no_service_metrics(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial("therapist", "tom"))
    report = await stub.GenerateReport(asked())
    await finished(stub, report.report_id)
    assert (await downloaded(stub, report.report_id, HTML))[1]
    for call, expected in (
        (downloaded(stub, report.report_id, EXCEL), "EXPORT_NOT_ALLOWED"),
        (stub.GenerateReport(asked(formats=[CSV])), "EXPORT_NOT_ALLOWED"),
        (stub.GenerateReport(asked(OPERATIONS)), "OPERATIONS_NOT_VISIBLE"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
        assert reason(refused.value) == expected


async def test_service_reports_are_hidden_from_those_who_may_not_see_operations(dial):
    admin = report_pb2_grpc.ReportServiceStub(dial("admin", "root"))
    report = await admin.GenerateReport(asked(OPERATIONS))
    seen = await finished(admin, report.report_id)
    assert seen[-1].state == report_pb2.REPORT_STATE_DONE
    researcher = report_pb2_grpc.ReportServiceStub(dial())
    assert not (await researcher.ListReports(report_pb2.ListReportsRequest())).reports
    operator = report_pb2_grpc.ReportServiceStub(dial("operator", "ops"))
    assert len((await operator.ListReports(report_pb2.ListReportsRequest())).reports) == 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await researcher.GetReport(report_pb2.GetReportRequest(report_id=report.report_id))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_only_the_owner_or_an_admin_cancels_and_deletes(dial, sources):
    sources.gate = asyncio.Event()
    ada = report_pb2_grpc.ReportServiceStub(dial())
    report = await ada.GenerateReport(asked())
    bob = report_pb2_grpc.ReportServiceStub(dial("researcher", "bob"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await bob.CancelReport(report_pb2.CancelReportRequest(report_id=report.report_id))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    cancelled = await ada.CancelReport(report_pb2.CancelReportRequest(report_id=report.report_id))
    assert cancelled.state == report_pb2.REPORT_STATE_CANCELLED
    sources.gate.set()
    assert (await finished(ada, report.report_id))[-1].state == report_pb2.REPORT_STATE_CANCELLED
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await downloaded(ada, report.report_id, HTML)
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    admin = report_pb2_grpc.ReportServiceStub(dial("admin", "root"))
    delete = report_pb2.DeleteReportRequest(report_id=report.report_id, request_id="d-1")
    await admin.DeleteReport(delete)
    with pytest.raises(grpc.aio.AioRpcError) as gone:
        await ada.GetReport(report_pb2.GetReportRequest(report_id=report.report_id))
    assert gone.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_source_that_is_away_for_good_fails_the_report_with_words(dial, sources, reporting):
    sources.away = 100
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked())
    await hurried(reporting, report.report_id)
    failed = await stub.GetReport(report_pb2.GetReportRequest(report_id=report.report_id))
    assert failed.state == report_pb2.REPORT_STATE_FAILED
    assert failed.failure.reason == "source_unavailable"
    assert "does not answer" in failed.failure.message


async def test_a_source_that_comes_back_gets_its_report_done(dial, sources, reporting):
    sources.away = 1
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked())
    await hurried(reporting, report.report_id)
    done = await stub.GetReport(report_pb2.GetReportRequest(report_id=report.report_id))
    assert (done.state, done.attempts) == (report_pb2.REPORT_STATE_DONE, 2)


async def hurried(reporting, report_id):
    """Let the pauses between attempts pass at once, until the report is over."""
    async with asyncio.timeout(60):
        while True:
            async with reporting.database.begin() as connection:
                await connection.execute(
                    sa.update(reports)
                    .where(reports.c.report_id == report_id, reports.c.state == "queued")
                    .values(not_before=START)
                )
                state = (
                    await connection.execute(sa.select(reports.c.state).where(reports.c.report_id == report_id))
                ).scalar_one()
            if state in {"done", "failed"}:
                return
            await asyncio.sleep(0.05)


async def remembered(reporting):
    """Return how many reports, and folders of such as are gone, the database knows."""
    async with reporting.database.read() as connection:
        counts = [sa.select(sa.func.count()).select_from(table) for table in (reports, discarded_folders)]
        return sum([(await connection.execute(count)).scalar_one() for count in counts])


async def test_reports_past_their_term_go_with_their_files(dial, reporting, tmp_path):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked())
    await finished(stub, report.report_id)
    async with reporting.database.begin() as connection:
        await connection.execute(sa.update(reports).values(expires_at=START))
    assert not (await stub.ListReports(report_pb2.ListReportsRequest())).reports
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await downloaded(stub, report.report_id, HTML)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    async with asyncio.timeout(60):
        # The process looks for such reports when it starts, and may be at it.
        while await remembered(reporting):
            await reporting.expiry.once()
    assert not list((tmp_path / "reports").glob("*"))


async def test_what_a_dead_worker_left_goes_with_the_report(dial, reporting):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked())
    await finished(stub, report.report_id)
    files, left = reporting.making[0].files, f"{report.report_id}/99/html.html"
    await files.put(left, b"half done")
    await stub.DeleteReport(report_pb2.DeleteReportRequest(report_id=report.report_id))
    with pytest.raises(NotFound):
        await files.get(left)


async def test_acts_leave_audit_entries(dial, reporting):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    report = await stub.GenerateReport(asked())
    await stub.CancelReport(report_pb2.CancelReportRequest(report_id=report.report_id))
    async with reporting.database.read() as connection:
        rows = (await connection.execute(sa.select(reporting_audit_log).order_by("position"))).all()
    assert [(row.actor, row.action) for row in rows][:1] == [("ada", "report.requested")]


async def test_the_old_paths_answer_as_their_callers_know_them(dial, monkeypatch):
    monkeypatch.setattr(legacy, "PATIENCE", 60.0)  # a busy machine may take longer than such a caller waits
    stub = legacy_reporting_pb2_grpc.ReportingLegacyServiceStub(dial())
    request = legacy_reporting_pb2.GenerateLegacyReportRequest(
        report_type=report_model_pb2.REPORT_TYPE_USER_ENGAGEMENT,
        report_format=HTML,
        title="Weekly",
        date_range_start=timestamp(START),
        date_range_end=timestamp(END),
    )
    request.filters.update({"therapeutic_focus": "sleep", "moon_phase": "full"})
    answer = await stub.GenerateLegacyReport(request)
    assert answer.status == "completed"
    assert answer.report_url == f"/reports/{answer.report_id}?format=html"
    get = legacy_reporting_pb2.GetLegacyReportRequest(report_id=answer.report_id)
    model = json.loads(b"".join([part.data async for part in stub.GetLegacyReport(get)]))
    assert any("moon_phase" in notice for notice in model["notices"])
    listed = await stub.ListLegacyReports(legacy_reporting_pb2.ListLegacyReportsRequest())
    assert (listed.total_count, listed.reports[0].title) == (1, "Weekly")


async def test_reporting_holds_nothing_about_a_player_and_says_so(dial):
    stub = subject_rights_pb2_grpc.SubjectRightsServiceStub(dial("admin", "root"))
    request = subject_rights_pb2.ForgetSubjectRequest(user_id="player-1", erasure_id="e-1")
    assert (await stub.ForgetSubject(request)).done
    collect = subject_rights_pb2.CollectSubjectRequest(user_id="player-1")
    assert [one async for one in stub.CollectSubject(collect)] == []


async def test_a_worker_that_vanished_is_replaced_and_can_harm_nothing(reporting, settings):
    maker = reporting.making[0]
    store = maker.reports
    await add(reporting)
    ghost = await store.claim("ghost", timedelta(seconds=-1), 3)
    heir = await store.claim("heir", timedelta(seconds=30), 3)
    assert heir.report.report_id == ghost.report.report_id
    assert heir.token > ghost.token
    assert not await store.advance(ghost, 0.9, "Late", timedelta(seconds=30))
    assert not await store.finish(ghost, [], END, operational=False)
    assert await store.finish(heir, [], END, operational=False)
    await reporting.service.close()


async def test_a_report_that_kills_its_workers_is_given_up(reporting):
    store = reporting.making[0].reports
    report_id = await add(reporting)
    for _ in range(3):
        assert await store.claim("ghost", timedelta(seconds=-1), 3) is not None
    assert await store.claim("heir", timedelta(seconds=30), 3) is None
    assert (await store.get(report_id)).failure.reason == "took_too_long"
    await reporting.service.close()


async def add(reporting):
    from reporting_svc.domain.job import Spec, Viewer
    from reporting_svc.domain.report import ReportType
    from reporting_svc.store_ports import Once

    asking = reporting.running.asking
    viewer = Viewer("ada", manages=True)
    report = await asking.generate(Spec(ReportType.TREND_ANALYSIS), START, END, viewer, Once("ada", "x", "", b""))
    return report.report_id
