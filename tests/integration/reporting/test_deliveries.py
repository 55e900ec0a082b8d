"""What a schedule may send, and what becomes of a run whose report or recipient is not there."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import report_model_pb2, report_pb2, report_pb2_grpc, schedule_pb2

from mesh.refusal import InvalidArgument, Refusal, ResourceExhausted
from reporting_svc.adapters.store.tables import reports, schedule_runs
from reporting_svc.domain.job import Spec, Viewer
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.schedule import CatchUp, Delivery, Role, Schedule
from reporting_svc.domain.snapshot import Grain
from reporting_svc.store_ports import Once
from tests.integration.reporting.test_schedules import create, stub_of

HTML, EXCEL = report_model_pb2.REPORT_FORMAT_HTML, report_model_pb2.REPORT_FORMAT_EXCEL
RESEARCHER, ADMIN = schedule_pb2.RECIPIENT_ROLE_RESEARCHER, schedule_pb2.RECIPIENT_ROLE_ADMIN
ADA = Viewer("ada", exports=True, manages=True)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def to(address="tom@example.org", format_=HTML, role=0):
    return schedule_pb2.ScheduleDelivery(email_address=address, format=format_, recipient_role=role)


async def code_of(call):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value.code()


@pytest.mark.parametrize(
    ("role", "delivery"),
    [
        ("therapist", to(format_=EXCEL, role=RESEARCHER)),
        ("therapist", to(role=RESEARCHER)),
        ("researcher", to(role=ADMIN)),
        ("researcher", to(role=schedule_pb2.RECIPIENT_ROLE_OPERATOR)),
    ],
)
async def test_a_stated_role_reaches_no_further_than_its_creators_own_rights(dial, role, delivery):
    stub = stub_of(dial, role, "tom")
    assert await code_of(create(stub, deliveries=[delivery])) is grpc.StatusCode.PERMISSION_DENIED
    made = await create(stub, deliveries=[to()])
    made.deliveries[0].CopyFrom(delivery)
    update = schedule_pb2.UpdateScheduleRequest(schedule_id=made.schedule_id, schedule=made)
    assert await code_of(stub.UpdateSchedule(update)) is grpc.StatusCode.PERMISSION_DENIED


async def test_who_lost_a_right_cannot_run_what_needs_it(dial):
    made = await create(stub_of(dial, "researcher", "tom"), deliveries=[to(format_=EXCEL, role=RESEARCHER)])
    run = schedule_pb2.RunNowRequest(schedule_id=made.schedule_id)
    assert await code_of(stub_of(dial, "therapist", "tom").RunNow(run)) is grpc.StatusCode.PERMISSION_DENIED


async def test_an_admin_names_any_role(dial):
    made = await create(stub_of(dial, "admin", "root"), deliveries=[to(format_=EXCEL, role=ADMIN), to(role=0)])
    assert len(made.deliveries) == 2


@pytest.mark.parametrize("address", ["a@", "@b.example", "a b@c.example", "nobody"])
async def test_an_address_that_nobody_can_have_is_refused_at_once(dial, address):
    assert await code_of(create(stub_of(dial), deliveries=[to(address)])) is grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("name", ["  ", "\u00a0"])
async def test_a_name_of_blanks_is_refused_because_it_is_the_title_of_what_is_sent(dial, name):
    assert await code_of(create(stub_of(dial), name=name)) is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_run_whose_report_is_deleted_before_its_delivery_fails_with_words(dial, sources, reporting):
    sources.gate = asyncio.Event()
    stub = stub_of(dial)
    made = await create(stub, deliveries=[to()])
    run = await stub.RunNow(schedule_pb2.RunNowRequest(schedule_id=made.schedule_id))
    request = report_pb2.DeleteReportRequest(report_id=run.report_id)
    await report_pb2_grpc.ReportServiceStub(dial()).DeleteReport(request)
    sources.gate.set()
    listed = await stub.ListScheduleRuns(schedule_pb2.ListScheduleRunsRequest(schedule_id=made.schedule_id))
    assert [one.state for one in listed.runs] == [schedule_pb2.SCHEDULE_RUN_STATE_FAILED]
    assert listed.runs[0].failure.reason == "report_deleted"
    assert listed.runs[0].HasField("finished_at")


@pytest.fixture
async def wired(reporting):
    yield reporting
    await reporting.service.close()


async def made_run(wired, *addresses):
    """Keep a schedule, run it, and make its report."""
    sent = tuple(Delivery("", one, ReportFormat.HTML, Role.THERAPIST) for one in addresses or ("a@example.org",))
    spec = Spec(ReportType.USER_ENGAGEMENT)
    schedule = Schedule(
        *("", "Weekly", "0 6 * * 1", "UTC", spec, 12, Grain.MONTH, sent, CatchUp.LATEST, False, 0, "", NOW, NOW)
    )
    once = Once("ada", "x", "", b"")
    made = await wired.running.create(schedule, ADA, once)
    run = await wired.running.run_now(made.schedule_id, ADA, once)
    assert await wired.making[0].make_one()
    return run.run_id


async def hurried(wired):
    async with wired.database.begin() as connection:
        await connection.execute(sa.update(schedule_runs).values(not_before=NOW))


@pytest.mark.parametrize(
    "refusal",
    [
        ResourceExhausted("resource_exhausted", "Concurrent RPC limit exceeded!"),
        Refusal("internal", "The call failed."),
        OSError("disk full"),
    ],
)
async def test_a_delivery_that_met_a_passing_trouble_is_tried_again(wired, post, refusal):
    run_id = await made_run(wired)
    post.refusals = [refusal]
    assert await wired.running.deliver_one()
    assert (await wired.running.schedules.run(run_id)).state == "running"
    await hurried(wired)
    assert await wired.running.deliver_one()
    assert (await wired.running.schedules.run(run_id)).state == "done"
    assert [key for key, *_ in post.sent] == [f"{run_id}-0"]


async def test_an_edit_of_the_schedule_changes_no_delivery_of_a_run_that_ticked_before(wired, post):
    run_id = await made_run(wired, "a@example.org", "b@example.org")
    post.refusals = [None, ResourceExhausted("busy", "Too many calls.")]
    assert await wired.running.deliver_one()
    run = await wired.running.schedules.run(run_id)
    assert (run.state, run.handed_over) == ("running", 1)
    schedule = await wired.running.get(run.schedule_id, ADA)
    await wired.running.save(replace(schedule, deliveries=schedule.deliveries[1:]), ADA, Once("ada", "y", "", b""))
    await hurried(wired)
    assert await wired.running.deliver_one()
    assert [(key, address) for key, _, address, *_ in post.sent] == [
        (f"{run_id}-0", "a@example.org"),
        (f"{run_id}-1", "b@example.org"),
    ]


async def test_a_delivery_that_can_never_go_fails_at_once_with_its_cause(wired, post):
    run_id = await made_run(wired)
    post.refusals = [InvalidArgument("contact_unknown", "There is no such contact.")]
    assert await wired.running.deliver_one()
    run = await wired.running.schedules.run(run_id)
    assert (run.state, run.failure.message) == ("failed", "There is no such contact.")


async def test_a_run_whose_report_expires_before_its_delivery_fails(wired):
    run_id = await made_run(wired)
    async with wired.database.begin() as connection:
        await connection.execute(sa.update(reports).values(expires_at=datetime.now(UTC) - timedelta(days=1)))
    await wired.expiry.once()
    run = await wired.running.schedules.run(run_id)
    assert (run.state, run.failure.reason) == ("failed", "report_expired")
    assert not await wired.running.deliver_one()
