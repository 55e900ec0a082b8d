"""Reports and schedules survive kill -9, and a replica that slept past its lease harms nothing."""

import asyncio
import signal
from collections import Counter
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


async def found(channel, ids):
    stub = report_pb2_grpc.ReportServiceStub(channel)
    return await asyncio.gather(*(stub.GetReport(report_pb2.GetReportRequest(report_id=one)) for one in ids))


async def all_done(channel, ids):
    """Wait until each report is done; return how often each was tried."""
    async with asyncio.timeout(90):
        while True:
            reports = await found(channel, ids)
            if {one.state for one in reports} == {report_pb2.REPORT_STATE_DONE}:
                return sorted(one.attempts for one in reports)
            await asyncio.sleep(0.2)


async def downloaded(channel, ids):
    stub = report_pb2_grpc.ReportServiceStub(channel)
    requests = [report_pb2.DownloadReportRequest(report_id=one, format=HTML) for one in ids]
    return [b"".join([part.data async for part in stub.DownloadReport(request)]) for request in requests]


async def test_a_killed_process_loses_no_report_not_even_the_one_it_held(stack, database_url, tmp_path):
    others, (replica,), (channel,) = await replicas(stack, database_url, tmp_path, 1, report_lease="5s")
    others.aggregation.gate.close()
    stub = report_pb2_grpc.ReportServiceStub(channel)
    ids = [(await stub.GenerateReport(asked())).report_id for _ in range(4)]
    await others.aggregation.gate.held(1)
    await replica.signal(signal.SIGKILL)
    others.aggregation.gate.open()
    channel = await replica.start()
    assert await all_done(channel, ids) == [1, 1, 1, 2]
    assert all(b"Overall progress" in one for one in await downloaded(channel, ids))


@pytest.mark.timeout(600)
async def test_a_replica_that_sleeps_past_its_lease_on_a_report_harms_none(stack, postgres_url, tmp_path):
    others, (sleeper, _), (_, channel) = await replicas(stack, postgres_url, tmp_path, 2, report_lease="5s")
    others.aggregation.gate.close()
    stub = report_pb2_grpc.ReportServiceStub(channel)
    ids = [(await stub.GenerateReport(asked())).report_id for _ in range(4)]
    await others.aggregation.gate.held(2)
    await sleeper.signal(signal.SIGSTOP)
    others.aggregation.gate.open()
    assert await all_done(channel, ids) == [1, 1, 1, 2]
    before = await downloaded(channel, ids)
    await sleeper.signal(signal.SIGCONT)
    more = await stub.GenerateReport(asked())
    await all_done(channel, [*ids, more.report_id])
    assert await downloaded(channel, ids) == before


@pytest.mark.timeout(600)
async def test_a_replica_that_sleeps_past_its_lease_on_a_delivery_doubles_none(stack, postgres_url, tmp_path):
    others, (sleeper, _), (_, channel) = await replicas(stack, postgres_url, tmp_path, 2, report_lease="5s")
    others.post.gate.close()
    schedules = schedule_pb2_grpc.ScheduleServiceStub(channel)
    schedule = schedule_pb2.Schedule(
        name="Often",
        cron="0 0 1 1 *",
        spec=asked().spec,
        deliveries=[schedule_pb2.ScheduleDelivery(email_address="a@example.org", format=HTML)],
    )
    kept = await schedules.CreateSchedule(schedule_pb2.CreateScheduleRequest(schedule=schedule))
    runs = [await schedules.RunNow(schedule_pb2.RunNowRequest(schedule_id=kept.schedule_id)) for _ in range(4)]
    await others.post.gate.held(2)
    await sleeper.signal(signal.SIGSTOP)
    others.post.gate.open()
    request = schedule_pb2.ListScheduleRunsRequest(schedule_id=kept.schedule_id)

    async def all_sent():
        async with asyncio.timeout(60):
            while True:
                listed = (await schedules.ListScheduleRuns(request)).runs
                if all(run.state == schedule_pb2.SCHEDULE_RUN_STATE_DONE for run in listed):
                    return [run.deliveries_handed_over for run in listed]
                await asyncio.sleep(0.2)

    assert await all_sent() == [1, 1, 1, 1]
    sent = Counter(others.post.keys)
    assert set(sent) == {f"{run.run_id}-0" for run in runs}
    assert sorted(sent.values()) == [1, 1, 1, 2], "the one that slept was sent again, under its own key"
    await sleeper.signal(signal.SIGCONT)
    again = await schedules.RunNow(schedule_pb2.RunNowRequest(schedule_id=kept.schedule_id))
    assert await all_sent() == [1, 1, 1, 1, 1]
    assert Counter(others.post.keys) - sent == Counter([f"{again.run_id}-0"])


async def test_the_snapshot_of_a_service_report_comes_from_monitoring(stack, sqlite_url, tmp_path):
    _, _, (channel,) = await replicas(stack, sqlite_url, tmp_path, 1)
    stub = report_pb2_grpc.ReportServiceStub(channel)
    spec = report_pb2.ReportSpec(report_type=report_model_pb2.REPORT_TYPE_SYSTEM_PERFORMANCE)
    report = await stub.GenerateReport(report_pb2.GenerateReportRequest(spec=spec))
    await all_done(channel, [report.report_id])
    request = report_pb2.GetReportRequest(report_id=report.report_id, include_document=True)
    document = (await stub.GetReport(request)).document
    assert document.sections[1].charts[0].title == "CPU percent"
    assert len(document.sections[1].charts[0].series[0].points) == 5
