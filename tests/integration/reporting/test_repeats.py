"""A write that is sent again under its request id is answered as the first time, whatever has become of its subject."""

from dataclasses import replace

import grpc
import pytest
from tta.analytics.v1 import dashboard_pb2, dashboard_pb2_grpc, report_pb2, report_pb2_grpc, schedule_pb2

from mesh.refusal import ResourceExhausted
from reporting_svc.domain.job import Spec, Viewer
from reporting_svc.domain.report import ReportType
from reporting_svc.store_ports import Once
from tests.integration.reporting import test_dashboards, test_schedules
from tests.integration.reporting.test_reports import asked


async def report(dial):
    stub = report_pb2_grpc.ReportServiceStub(dial())
    made = await stub.GenerateReport(asked())
    return stub.DeleteReport, report_pb2.DeleteReportRequest(report_id=made.report_id)


async def dashboard(dial):
    stub = dashboard_pb2_grpc.DashboardServiceStub(dial())
    made = await test_dashboards.create(stub, test_dashboards.board())
    return stub.DeleteDashboard, dashboard_pb2.DeleteDashboardRequest(dashboard_id=made.dashboard_id)


async def schedule(dial):
    stub = test_schedules.stub_of(dial)
    made = await test_schedules.create(stub)
    return stub.DeleteSchedule, schedule_pb2.DeleteScheduleRequest(schedule_id=made.schedule_id)


@pytest.mark.parametrize("kind", [report, dashboard, schedule], ids=lambda kind: kind.__name__)
async def test_a_delete_whose_answer_was_lost_may_be_sent_again(dial, kind):
    delete, request = await kind(dial)
    request.request_id = "d-1"
    await delete(request)
    await delete(request)
    request.request_id = "d-2"
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await delete(request)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_repeat_of_an_accepted_report_is_answered_while_the_queue_is_full(reporting):
    asking = replace(reporting.running.asking, most_waiting=1)
    viewer, once = Viewer("ada", manages=True), Once("ada", "GenerateReport", "g-1", b"same")
    first = await asking.generate(Spec(ReportType.TREND_ANALYSIS), None, None, viewer, once)
    again = await asking.generate(Spec(ReportType.TREND_ANALYSIS), None, None, viewer, once)
    assert again.report_id == first.report_id
    with pytest.raises(ResourceExhausted):
        await asking.generate(Spec(ReportType.TREND_ANALYSIS), None, None, viewer, replace(once, request_id="g-2"))
    await reporting.service.close()
