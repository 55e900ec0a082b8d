"""Schedules over gRPC: ticks once, catch-up, delivery."""

import asyncio
from datetime import UTC, datetime, timedelta

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import report_model_pb2, report_pb2, schedule_pb2, schedule_pb2_grpc

from reporting_svc.adapters.store.tables import schedule_runs, schedules
from reporting_svc.store_ports import Most

HTML = report_model_pb2.REPORT_FORMAT_HTML


def wanted(**fields):
    spec = report_pb2.ReportSpec(report_type=report_model_pb2.REPORT_TYPE_USER_ENGAGEMENT)
    return schedule_pb2.Schedule(
        **({"name": "Weekly", "cron": "0 6 * * 1", "time_zone": "Europe/Berlin", "spec": spec} | fields)
    )


def stub_of(dial, role="researcher", name="ada"):
    return schedule_pb2_grpc.ScheduleServiceStub(dial(role, name))


async def create(stub, **fields):
    return await stub.CreateSchedule(schedule_pb2.CreateScheduleRequest(schedule=wanted(**fields)))


async def test_a_schedule_shows_its_next_three_runs_in_its_own_zone(dial):
    made = await create(stub_of(dial))
    runs = [one.ToDatetime(tzinfo=UTC) for one in made.next_runs]
    assert len(runs) == 3
    assert all(one.weekday() == 0 and one.hour in {4, 5} for one in runs)


@pytest.mark.parametrize(("field", "value"), [("cron", "61 * * * *"), ("cron", "* *"), ("time_zone", "Mars/Base")])
async def test_a_wrong_expression_or_zone_is_refused_with_its_field(dial, field, value):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await create(stub_of(dial), **{field: value})
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert f"schedule.{field}" in refused.value.details()


async def test_a_recipient_gets_nothing_that_their_role_may_not_see(dial):
    delivery = schedule_pb2.ScheduleDelivery(
        email_address="a@example.org",
        format=report_model_pb2.REPORT_FORMAT_EXCEL,
        recipient_role=schedule_pb2.RECIPIENT_ROLE_THERAPIST,
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await create(stub_of(dial), deliveries=[delivery])
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_schedules_are_private_to_their_owner_and_admins(dial):
    made = await create(stub_of(dial))
    bob = stub_of(dial, "researcher", "bob")
    assert not (await bob.ListSchedules(schedule_pb2.ListSchedulesRequest())).schedules
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await bob.GetSchedule(schedule_pb2.GetScheduleRequest(schedule_id=made.schedule_id))
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    admin = stub_of(dial, "admin", "root")
    assert len((await admin.ListSchedules(schedule_pb2.ListSchedulesRequest())).schedules) == 1


async def test_an_old_version_does_not_overwrite_a_newer_one(dial):
    stub = stub_of(dial)
    made = await create(stub)
    made.name = "Changed"
    update = schedule_pb2.UpdateScheduleRequest(schedule_id=made.schedule_id, schedule=made)
    assert (await stub.UpdateSchedule(update)).version == 2
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.UpdateSchedule(update)
    assert refused.value.code() is grpc.StatusCode.ABORTED


async def hurried(reporting, run_id):
    """Wait until a first attempt failed, and let the pause before the next one pass at once where it is not over."""
    async with asyncio.timeout(60):
        while True:
            async with reporting.database.begin() as connection:
                waits = sa.update(schedule_runs).where(
                    schedule_runs.c.run_id == run_id, schedule_runs.c.attempts >= 1, schedule_runs.c.holder.is_(None)
                )
                if (await connection.execute(waits.values(not_before=datetime.now(UTC)))).rowcount:
                    return
            await asyncio.sleep(0.05)


async def settled(stub, schedule_id):
    async with asyncio.timeout(60):
        while True:
            runs = (await stub.ListScheduleRuns(schedule_pb2.ListScheduleRunsRequest(schedule_id=schedule_id))).runs
            if runs and all(one.state != schedule_pb2.SCHEDULE_RUN_STATE_RUNNING for one in runs):
                return runs
            await asyncio.sleep(0.1)


async def test_run_now_makes_the_report_and_sends_it_under_one_key(dial, post, reporting):
    post.away = 1
    delivery = schedule_pb2.ScheduleDelivery(email_address="a@example.org", format=HTML)
    stub = stub_of(dial)
    made = await create(stub, deliveries=[delivery])
    run = await stub.RunNow(schedule_pb2.RunNowRequest(schedule_id=made.schedule_id, request_id="n-1"))
    again = await stub.RunNow(schedule_pb2.RunNowRequest(schedule_id=made.schedule_id, request_id="n-1"))
    assert run.run_id == again.run_id
    await hurried(reporting, run.run_id)
    (settled_run,) = await settled(stub, made.schedule_id)
    assert settled_run.state == schedule_pb2.SCHEDULE_RUN_STATE_DONE
    ((key, _, address, title, text, attachment),) = post.sent
    assert (key, address, title) == (f"{run.run_id}-0", "a@example.org", "Weekly")
    assert attachment.content.lstrip().startswith(b"<!DOCTYPE html>")
    assert "Data as of" in text


async def make_due(reporting, schedule_id, tick):
    async with reporting.database.begin() as connection:
        await connection.execute(
            sa.update(schedules).where(schedules.c.schedule_id == schedule_id).values(next_tick=tick)
        )


@pytest.mark.parametrize(
    ("policy", "made", "skipped"),
    [
        (schedule_pb2.CATCH_UP_SKIP, 0, 3),
        (schedule_pb2.CATCH_UP_LATEST, 1, 2),
        (schedule_pb2.CATCH_UP_ALL, 3, 0),
    ],
)
async def test_ticks_of_a_silence_are_treated_as_the_policy_says(dial, reporting, policy, made, skipped):
    stub = stub_of(dial)
    schedule = await create(stub, catch_up=policy, cron="0 6 * * *", time_zone="UTC")
    six = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    newest = six if datetime.now(UTC) - six > timedelta(minutes=10) else six - timedelta(days=1)
    if datetime.now(UTC) - newest > timedelta(hours=24) - timedelta(minutes=2):
        pytest.skip("too near to the next tick")
    await make_due(reporting, schedule.schedule_id, newest - timedelta(days=2))
    async with asyncio.timeout(60):
        while True:
            async with reporting.database.read() as connection:
                states = (await connection.execute(sa.select(schedule_runs.c.state))).scalars().all()
            if len(states) == 3:
                break
            await asyncio.sleep(0.1)
    assert states.count("skipped") == skipped
    assert 3 - states.count("skipped") == made


async def overdue(reporting):
    """Return how many schedules have a tick that is not recorded."""
    async with reporting.database.read() as connection:
        late = schedules.c.next_tick <= datetime.now(UTC) - timedelta(minutes=2)
        return (await connection.execute(sa.select(sa.func.count()).where(late))).scalar_one()


async def test_many_replicas_record_each_tick_once(dial, reporting):
    stub = stub_of(dial)
    for _ in range(5):
        made = await create(stub, cron="* * * * *", time_zone="UTC")
        await make_due(reporting, made.schedule_id, datetime.now(UTC) - timedelta(minutes=3))
    running = reporting.running
    await asyncio.gather(*(running.schedules.due(running.plan, Most(2, 500, 1000)) for _ in range(12)))
    # The process ticks beside them, and who finds its ticks taken does not wait until they are recorded.
    async with asyncio.timeout(60):
        while await overdue(reporting):  # noqa: ASYNC110 a table has no event
            await asyncio.sleep(0.05)
    async with reporting.database.read() as connection:
        rows = (await connection.execute(sa.select(schedule_runs.c.schedule_id, schedule_runs.c.tick))).all()
    assert len(rows) == len(set(rows))
    assert len({row.schedule_id for row in rows}) == 5


async def test_the_clock_change_loses_no_tick_and_doubles_none():
    from reporting_svc.adapters.calendar import CronCalendar

    calendar = CronCalendar()
    for start in (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        ticks, moment = [], start
        while len(ticks) < 3:
            moment = calendar.after("30 2 * * *", "Europe/Berlin", moment)
            ticks.append(moment)
        assert len({one.date() for one in ticks}) == 3
