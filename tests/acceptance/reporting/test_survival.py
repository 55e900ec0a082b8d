"""Reports and schedules survive kill -9, and a replica that slept past its lease harms nothing."""

import asyncio
import signal
from contextlib import AsyncExitStack

import pytest
from tta.analytics.v1 import report_model_pb2, report_pb2, report_pb2_grpc, schedule_pb2, schedule_pb2_grpc

from mesh.migrations import upgrade
from mesh.protos import timestamp
from tests.integration.reporting.processes import Others, Replica
from tests.integration.reporting.test_reports import END, START

OUTCOMES = report_model_pb2.REPORT_TYPE_THERAPEUTIC_OUTCOMES
HTML = report_model_pb2.REPORT_FORMAT_HTML


@pytest.fixture
async def stack():
    async with AsyncExitStack() as stack:
        yield stack


async def replicas(stack, url, folder, count, **settings):
    await upgrade(url, "reporting_svc")
    others = await stack.enter_async_context(Others())
    made = [Replica(url, others, folder, **settings) for _ in range(count)]
    for one in made:
        stack.push_async_callback(one.end)
    channels = await asyncio.gather(*(one.start() for one in made))
    return others, made, channels


def asked():
    spec = report_pb2.ReportSpec(report_type=OUTCOMES, formats=[HTML])
    return report_pb2.GenerateReportRequest(spec=spec, range_start=timestamp(START), range_end=timestamp(END))


async def states(channel, ids):
    stub = report_pb2_grpc.ReportServiceStub(channel)
    found = await asyncio.gather(*(stub.GetReport(report_pb2.GetReportRequest(report_id=one)) for one in ids))
    return [one.state for one in found]


async def all_done(channel, ids):
    async with asyncio.timeout(90):
        while True:
            if set(await states(channel, ids)) == {report_pb2.REPORT_STATE_DONE}:
                return
            await asyncio.sleep(0.2)


async def test_a_killed_process_loses_no_report(stack, database_url, tmp_path):
    _, (replica,), (channel,) = await replicas(stack, database_url, tmp_path, 1)
    stub = report_pb2_grpc.ReportServiceStub(channel)
    ids = [(await stub.GenerateReport(asked())).report_id for _ in range(4)]
    await replica.signal(signal.SIGKILL)
    channel = await replica.start()
    await all_done(channel, ids)
    stub = report_pb2_grpc.ReportServiceStub(channel)
    request = report_pb2.DownloadReportRequest(report_id=ids[0], format=HTML)
    content = b"".join([part.data async for part in stub.DownloadReport(request)])
    assert b"Overall progress" in content


@pytest.mark.timeout(600)
async def test_replicas_share_the_work_whatever_happens_to_one(stack, postgres_url, tmp_path):
    others, made, channels = await replicas(stack, postgres_url, tmp_path, 2)
    stub = report_pb2_grpc.ReportServiceStub(channels[1])
    schedules = schedule_pb2_grpc.ScheduleServiceStub(channels[1])
    schedule = schedule_pb2.Schedule(
        name="Often",
        cron="0 0 1 1 *",
        spec=asked().spec,
        deliveries=[schedule_pb2.ScheduleDelivery(email_address="a@example.org", format=HTML)],
    )
    kept = await schedules.CreateSchedule(schedule_pb2.CreateScheduleRequest(schedule=schedule))
    runs = [await schedules.RunNow(schedule_pb2.RunNowRequest(schedule_id=kept.schedule_id)) for _ in range(4)]
    ids = [(await stub.GenerateReport(asked())).report_id for _ in range(4)]
    await made[0].signal(signal.SIGSTOP)
    await all_done(channels[1], [*ids, *(run.report_id for run in runs)])
    await made[0].signal(signal.SIGCONT)
    request = schedule_pb2.ListScheduleRunsRequest(schedule_id=kept.schedule_id)
    async with asyncio.timeout(60):
        while True:
            found = (await schedules.ListScheduleRuns(request)).runs
            if all(run.state == schedule_pb2.SCHEDULE_RUN_STATE_DONE for run in found):
                break
            await asyncio.sleep(0.2)
    assert set(others.post.keys) == {f"{run.run_id}-0" for run in runs}
    assert set(await states(channels[1], ids)) == {report_pb2.REPORT_STATE_DONE}


async def test_the_snapshot_of_a_service_report_comes_from_monitoring(stack, sqlite_url, tmp_path):
    _, _, (channel,) = await replicas(stack, sqlite_url, tmp_path, 1)
    stub = report_pb2_grpc.ReportServiceStub(channel)
    spec = report_pb2.ReportSpec(report_type=report_model_pb2.REPORT_TYPE_SYSTEM_PERFORMANCE)
    report = await stub.GenerateReport(report_pb2.GenerateReportRequest(spec=spec))
    await all_done(channel, [report.report_id])
    request = report_pb2.GetReportRequest(report_id=report.report_id, include_document=True)
    document = (await stub.GetReport(request)).document
    assert document.sections[1].charts[0].title == "cpu_percent"
    assert len(document.sections[1].charts[0].series[0].points) == 5
