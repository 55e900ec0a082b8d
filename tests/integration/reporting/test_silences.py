"""Ticks that passed while nothing ran, or while the queue was full: all recorded, made up for as the policy says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from reporting_svc.adapters.store.tables import reporting_audit_log, reports, schedule_runs, schedules
from reporting_svc.domain.job import Spec, Viewer
from reporting_svc.domain.report import ReportType
from reporting_svc.domain.schedule import ON_TIME, CatchUp, Schedule
from reporting_svc.domain.snapshot import Grain
from reporting_svc.store_ports import Once

NOW = datetime.now(UTC)
ADA = Viewer("ada", exports=True, manages=True)
SLACK = timedelta(minutes=2)
"""A test may take so long beside its own idea of now."""


@pytest.fixture
async def wired(reporting):
    yield reporting
    await reporting.service.close()


async def silent(wired, silence, policy=CatchUp.LATEST):
    """Keep a schedule that ticks every minute and had its last tick so long ago; return its first due tick."""
    spec = Spec(ReportType.TREND_ANALYSIS)
    schedule = Schedule(
        *("", "Every minute", "* * * * *", "UTC", spec, 12, Grain.MONTH, (), policy, False, 0, "", NOW, NOW)
    )
    made = await wired.running.create(schedule, ADA, Once("ada", "CreateSchedule", "", b""))
    first = (datetime.now(UTC) - silence).replace(second=0, microsecond=0)
    async with wired.database.begin() as connection:
        of_it = schedules.c.schedule_id == made.schedule_id
        await connection.execute(sa.update(schedules).where(of_it).values(next_tick=first))
    return first


async def worked_off(running):
    while await running.look():
        pass


async def kept(wired):
    async with wired.database.read() as connection:
        return (await connection.execute(sa.select(schedule_runs).order_by(schedule_runs.c.tick))).all()


async def test_a_night_of_many_schedules_is_worked_off_tick_by_tick(wired):
    firsts = [await silent(wired, timedelta(hours=17)) for _ in range(4)]
    await worked_off(wired.running)
    runs = await kept(wired)
    # Another minute may begin between two of them.
    minutes = [round((runs[-1].tick - first) / timedelta(minutes=1)) + 1 for first in firsts]
    assert len(runs) == sum(minutes) > 4 * 1000
    async with wired.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.min(schedules.c.next_tick)))).scalar_one() > NOW


async def test_latest_makes_nothing_late_beside_what_is_on_time(wired):
    await silent(wired, timedelta(hours=48))
    await worked_off(wired.running)
    made = [run.tick for run in await kept(wired) if run.state == "running"]
    assert 3 <= len(made) <= 8
    assert min(made) > datetime.now(UTC) - ON_TIME - SLACK


async def test_all_makes_up_for_a_hundred_ticks_of_a_silence_however_long(wired):
    await silent(wired, timedelta(hours=48), CatchUp.ALL)
    await worked_off(wired.running)
    runs = await kept(wired)
    made = [run.tick for run in runs if run.state == "running"]
    assert 100 <= len(made) <= 100 + (ON_TIME + SLACK) / timedelta(minutes=1)
    assert made == [run.tick for run in runs[-len(made) :]]


async def test_ticks_that_find_the_queue_full_wait_and_none_is_lost(wired):
    first = await silent(wired, timedelta(minutes=30), CatchUp.ALL)
    few = replace(wired.running, asking=replace(wired.running.asking, most_waiting=7))
    waited = 0
    while True:
        await worked_off(few)
        async with wired.database.begin() as connection:
            queued = sa.select(sa.func.count()).where(reports.c.state == "queued")
            found = (await connection.execute(queued)).scalar_one()
            assert found <= 7
            if found < 7:
                break
            waited += 1
            await connection.execute(sa.update(reports).values(state="done"))
    runs = await kept(wired)
    assert waited >= 4
    assert [run.tick for run in runs] == [first + timedelta(minutes=number) for number in range(len(runs))]
    assert {run.state for run in runs} == {"running"}


async def test_runs_past_their_term_go_and_the_audit_log_says_so(wired):
    await silent(wired, timedelta(minutes=30), CatchUp.SKIP)
    await worked_off(wired.running)
    before = await kept(wired)
    old = [run.run_id for run in before if run.state == "skipped"]
    async with wired.database.begin() as connection:
        long_ago = NOW - timedelta(days=31)
        await connection.execute(
            sa.update(schedule_runs).where(schedule_runs.c.run_id.in_(old)).values(finished_at=long_ago)
        )
    assert await wired.run_expiry.once() == len(old) > 20
    assert [run.run_id for run in await kept(wired)] == [run.run_id for run in before if run.run_id not in old]
    async with wired.database.read() as connection:
        actions = (await connection.execute(sa.select(reporting_audit_log.c.action))).scalars().all()
    assert actions[-1] == "schedule_runs.expired"
