"""Dashboards and analysis over gRPC."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import (
    analysis_pb2,
    analysis_pb2_grpc,
    common_pb2,
    dashboard_pb2,
    dashboard_pb2_grpc,
    report_model_pb2,
    report_pb2,
    report_pb2_grpc,
    schedule_pb2,
    schedule_pb2_grpc,
)

from mesh.protos import timestamp
from reporting_svc.adapters.store.tables import schedules
from tests.integration.reporting.test_schedules import settled

CHART = dashboard_pb2.PANEL_KIND_CHART


def panel(panel_id="a", source="minutes", **fields):
    return dashboard_pb2.Panel(
        **({"panel_id": panel_id, "source_id": source, "kind": CHART, "width": 6, "height": 4} | fields)
    )


def board(*panels, **fields):
    return dashboard_pb2.Dashboard(title="Ours", panels=panels or [panel()], range_periods=24, **fields)


async def create(stub, dashboard):
    return await stub.CreateDashboard(dashboard_pb2.CreateDashboardRequest(dashboard=dashboard))


async def test_a_dashboard_is_saved_in_versions_and_rendered(dial):
    stub = dashboard_pb2_grpc.DashboardServiceStub(dial())
    made = await create(stub, board())
    made.panels.append(panel("b", "players", column=6))
    saved = await stub.UpdateDashboard(
        dashboard_pb2.UpdateDashboardRequest(dashboard_id=made.dashboard_id, dashboard=made)
    )
    assert (saved.version, len(saved.panels)) == (2, 2)
    first = await stub.GetDashboard(dashboard_pb2.GetDashboardRequest(dashboard_id=made.dashboard_id, version=1))
    assert len(first.panels) == 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.UpdateDashboard(dashboard_pb2.UpdateDashboardRequest(dashboard_id=made.dashboard_id, dashboard=made))
    assert refused.value.code() is grpc.StatusCode.ABORTED
    request = dashboard_pb2.RenderDashboardRequest(
        dashboard_id=made.dashboard_id, format=report_model_pb2.REPORT_FORMAT_HTML
    )
    parts = [part async for part in stub.RenderDashboard(request)]
    assert parts[0].content_type.startswith("text/html")
    assert b"Minutes a player" in b"".join(part.data for part in parts)


async def test_private_dashboards_do_not_exist_for_others_and_shared_ones_do(dial):
    ada = dashboard_pb2_grpc.DashboardServiceStub(dial())
    bob = dashboard_pb2_grpc.DashboardServiceStub(dial("therapist", "bob"))
    private = await create(ada, board())
    shared = await create(ada, board(visibility=dashboard_pb2.VISIBILITY_SHARED))
    listed = await bob.ListDashboards(dashboard_pb2.ListDashboardsRequest())
    assert [one.dashboard_id for one in listed.dashboards] == [shared.dashboard_id]
    assert not listed.dashboards[0].may_manage
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await bob.GetDashboard(dashboard_pb2.GetDashboardRequest(dashboard_id=private.dashboard_id))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await bob.DeleteDashboard(dashboard_pb2.DeleteDashboardRequest(dashboard_id=shared.dashboard_id))
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def unshared(stub):
    """Share a dashboard, then keep a second version of it private; return it."""
    made = await create(stub, board(visibility=dashboard_pb2.VISIBILITY_SHARED))
    made.visibility = dashboard_pb2.VISIBILITY_PRIVATE
    made.panels.append(panel("secret", "players", column=6))
    request = dashboard_pb2.UpdateDashboardRequest(dashboard_id=made.dashboard_id, dashboard=made)
    return await stub.UpdateDashboard(request)


async def test_what_is_no_longer_shared_is_closed_in_its_old_versions_too(dial):
    ada = dashboard_pb2_grpc.DashboardServiceStub(dial())
    closed = await unshared(ada)
    bob = dashboard_pb2_grpc.DashboardServiceStub(dial("therapist", "bob"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await bob.GetDashboard(dashboard_pb2.GetDashboardRequest(dashboard_id=closed.dashboard_id, version=1))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    request = dashboard_pb2.RenderDashboardRequest(
        dashboard_id=closed.dashboard_id, version=1, format=report_model_pb2.REPORT_FORMAT_HTML
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        [part async for part in bob.RenderDashboard(request)]
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    mine = await ada.GetDashboard(dashboard_pb2.GetDashboardRequest(dashboard_id=closed.dashboard_id, version=1))
    assert (len(mine.panels), mine.visibility) == (1, dashboard_pb2.VISIBILITY_PRIVATE)


@pytest.mark.parametrize(("role", "name", "state"), [("researcher", "bob", "failed"), ("admin", "root", "done")])
async def test_a_schedule_shows_a_closed_dashboard_to_admins_alone(dial, reporting, role, name, state):
    ada = dashboard_pb2_grpc.DashboardServiceStub(dial())
    made = await create(ada, board(visibility=dashboard_pb2.VISIBILITY_SHARED))
    spec = report_pb2.ReportSpec(
        report_type=report_model_pb2.REPORT_TYPE_CUSTOM_DASHBOARD, dashboard_id=made.dashboard_id
    )
    # Its own next tick is far away: one before the dashboard is closed would show it.
    schedule = schedule_pb2.Schedule(name="Board", cron="0 6 1 1 *", spec=spec)
    stub = schedule_pb2_grpc.ScheduleServiceStub(dial(role, name))
    kept = await stub.CreateSchedule(schedule_pb2.CreateScheduleRequest(schedule=schedule))
    made.visibility = dashboard_pb2.VISIBILITY_PRIVATE
    await ada.UpdateDashboard(dashboard_pb2.UpdateDashboardRequest(dashboard_id=made.dashboard_id, dashboard=made))
    async with reporting.database.begin() as connection:
        await connection.execute(sa.update(schedules).values(next_tick=datetime.now(UTC) - timedelta(seconds=1)))
    runs = await settled(stub, kept.schedule_id)
    assert schedule_pb2.ScheduleRunState.Name(runs[-1].state).endswith(state.upper())
    if state == "failed":
        assert runs[-1].failure.reason == "dashboard_not_found"


async def test_a_preview_needs_no_saving_and_carries_figures(dial):
    stub = dashboard_pb2_grpc.DashboardServiceStub(dial())
    document = await stub.PreviewDashboard(
        dashboard_pb2.PreviewDashboardRequest(dashboard=board(), include_figures=True)
    )
    assert document.sections[0].section_id == "a"
    assert document.sections[0].charts[0].figure["layout"]
    sources = await stub.ListPanelSources(dashboard_pb2.ListPanelSourcesRequest())
    assert {"players", "minutes", "retention"} <= {one.source_id for one in sources.sources}


async def test_wrong_panels_are_refused_with_their_place(dial):
    stub = dashboard_pb2_grpc.DashboardServiceStub(dial())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await create(stub, board(panel(), panel("b", "weather", column=9)))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_custom_report_shows_the_dashboards_panels_as_they_were(dial):
    channel = dial()
    made = await create(dashboard_pb2_grpc.DashboardServiceStub(channel), board())
    stub = report_pb2_grpc.ReportServiceStub(channel)
    spec = report_pb2.ReportSpec(
        report_type=report_model_pb2.REPORT_TYPE_CUSTOM_DASHBOARD, dashboard_id=made.dashboard_id
    )
    report = await stub.GenerateReport(report_pb2.GenerateReportRequest(spec=spec))
    async for _ in stub.WatchReport(report_pb2.WatchReportRequest(report_id=report.report_id)):
        pass
    done = await stub.GetReport(report_pb2.GetReportRequest(report_id=report.report_id, include_document=True))
    assert [one.section_id for one in done.document.sections] == ["a"]


def points(values):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return [
        analysis_pb2.SeriesPoint(time=timestamp(start + timedelta(days=day)), value=value)
        for day, value in enumerate(values)
    ]


async def test_a_trend_of_points_or_of_a_statistic_is_told_in_words(dial):
    stub = analysis_pb2_grpc.AnalysisServiceStub(dial())
    sent = await stub.AnalyzeTrend(analysis_pb2.AnalyzeTrendRequest(points=points(range(30))))
    assert sent.direction == analysis_pb2.DIRECTION_RISING
    assert "rose by about" in sent.verdict
    selector = analysis_pb2.StatisticSelector(statistic="overall_progress", grain=common_pb2.GRAIN_MONTH)
    released = await stub.AnalyzeTrend(analysis_pb2.AnalyzeTrendRequest(selector=selector))
    assert released.points == 12
    assert "Overall progress" in released.verdict


@pytest.mark.parametrize("request_", [{}, {"selector": analysis_pb2.StatisticSelector(statistic="weather")}])
async def test_a_trend_of_nothing_is_refused(dial, request_):
    stub = analysis_pb2_grpc.AnalysisServiceStub(dial())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.AnalyzeTrend(analysis_pb2.AnalyzeTrendRequest(**request_))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_period_is_compared_with_its_baseline(dial):
    stub = analysis_pb2_grpc.AnalysisServiceStub(dial())
    newest = analysis_pb2.StatisticSelector(
        statistic="overall_progress", range_start=timestamp(datetime(2025, 12, 1, tzinfo=UTC))
    )
    oldest = analysis_pb2.StatisticSelector(
        range_start=timestamp(datetime(2025, 1, 1, tzinfo=UTC)), range_end=timestamp(datetime(2025, 2, 1, tzinfo=UTC))
    )
    answer = await stub.CompareToBaseline(analysis_pb2.CompareToBaselineRequest(selector=newest, baseline=oldest))
    assert answer.verdict == analysis_pb2.COMPARISON_VERDICT_HIGHER
    assert answer.effect_size.lower > 0
    assert any("same players" in caution for caution in answer.cautions)


async def test_a_forecast_says_what_it_assumes_or_that_it_cannot(dial):
    stub = analysis_pb2_grpc.AnalysisServiceStub(dial())
    ahead = await stub.Forecast(analysis_pb2.ForecastRequest(points=points(range(40)), horizon=5))
    assert len(ahead.points) == 5
    assert "If it goes on as it did" in ahead.verdict
    few = await stub.Forecast(analysis_pb2.ForecastRequest(points=points([1, 2])))
    assert not few.conclusive
