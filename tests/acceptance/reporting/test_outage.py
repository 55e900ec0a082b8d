"""The database goes for ten seconds in each stage of a report's life, and comes back: nothing is lost or sent twice."""

import asyncio
import secrets
from contextlib import AsyncExitStack

import pytest
from tta.analytics.v1 import report_model_pb2, schedule_pb2

from mesh.migrations import upgrade
from mesh.refusal import Unavailable
from mesh.server import start
from mesh.workers import NumericPool
from reporting_svc import bootstrap
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.adapters.store.reports import SqlReports
from reporting_svc.adapters.workshop import PooledWorkshop
from reporting_svc.domain.job import Spec, State, Viewer
from reporting_svc.domain.report import ReportFormat, ReportType
from reporting_svc.domain.schedule import RunState
from reporting_svc.servicers.specs import schedule_of
from reporting_svc.settings import ReportingSettings
from reporting_svc.store_ports import Once, Page
from tests.integration.reporting.conftest import CollectedPost, SimulatedSources
from tests.integration.reporting.test_reports import END, START
from tests.servers import create_database, running_postgres

AWAY = 10.0
"""Seconds without a database."""

ADA = Viewer("ada", exports=True, manages=True)


class Gate:
    """Holds whoever comes while it is closed, and tells that somebody came; open at first."""

    def __init__(self):
        self.reached, self._open = asyncio.Event(), asyncio.Event()
        self._open.set()

    def close(self):
        self._open.clear()

    def open(self):
        self._open.set()

    async def passed(self):
        if not self._open.is_set():
            self.reached.set()
        await self._open.wait()


class Sources(SimulatedSources):
    def __init__(self, gate):
        super().__init__()
        self._gate = gate

    async def snapshot(self, *arguments):
        await self._gate.passed()
        return await super().snapshot(*arguments)


class Post(CollectedPost):
    def __init__(self, gate):
        super().__init__()
        self._gate = gate

    async def send(self, *arguments):
        await super().send(*arguments)
        await self._gate.passed()


class House:
    """Reporting on a PostgreSQL of its own, with a gate before each stage."""

    def __init__(self, server, wired, gates, post):
        self.server, self.wired, self.gates, self.post = server, wired, gates, post
        self.asking = wired.running.asking

    async def asked(self):
        spec = Spec(ReportType.THERAPEUTIC_OUTCOMES, formats=(ReportFormat.HTML,))
        return (await self.asking.generate(spec, START, END, ADA, Once("ada", "x", "", b""))).report_id

    async def taken_away(self, meanwhile=None):
        """Stop the database as if the power had gone; ten seconds later it is back."""
        await asyncio.to_thread(self.server.stop, crash=True)
        if meanwhile is not None:
            meanwhile()
        await asyncio.sleep(AWAY)
        await asyncio.to_thread(self.server.start)

    async def over(self, report_id):
        """Return a report once it is over."""
        async with asyncio.timeout(90):
            while True:
                try:
                    report = await self.asking.get(report_id, ADA)
                except Unavailable:
                    report = None
                if report is not None and report.state.over:
                    return report
                await asyncio.sleep(0.1)

    async def page(self, report_id):
        _, content = await self.asking.download(report_id, ReportFormat.HTML, ADA)
        return content


@pytest.fixture
async def house(tmp_path, monkeypatch):
    gates = {stage: Gate() for stage in ("running", "finishing", "delivering")}
    finish = SqlReports.finish

    async def finishing(self, *arguments, **named):
        await gates["finishing"].passed()
        return await finish(self, *arguments, **named)

    monkeypatch.setattr(SqlReports, "finish", finishing)
    async with AsyncExitStack() as stack:
        server = stack.enter_context(running_postgres(durable=True))
        url = await create_database(server, "outage")
        settings = ReportingSettings(
            database_url=url,
            data_dir=tmp_path,
            auth_secret_key=secrets.token_hex(32),
            audit_key=secrets.token_hex(32),
            reporting_port=0,
            reporting_http_port=0,
            bind="127.0.0.1",
            report_workers=1,
            numeric_workers=0,
            report_lease="3s",
        )
        await upgrade(url, "reporting_svc")
        workshop = PooledWorkshop(NumericPool(1), NumericPool(0), 1, Theme())
        stack.callback(workshop.close)
        post = Post(gates["delivering"])
        parts = bootstrap.Parts(sources=Sources(gates["running"]), post=post, workshop=workshop)
        wired = await bootstrap.bootstrap(settings, parts)
        running = await start(wired.service, settings)
        stack.push_async_callback(running.stop, 1)
        yield House(server, wired, gates, post)


async def test_reports_that_wait_are_made(house):
    house.gates["running"].close()
    first = await house.asked()
    await house.gates["running"].reached.wait()
    waiting = [await house.asked() for _ in range(3)]
    assert [(await house.asking.get(one, ADA)).state for one in waiting] == [State.QUEUED] * 3
    await house.taken_away()
    house.gates["running"].open()
    for one in (first, *waiting):
        assert (await house.over(one)).state is State.DONE
        assert b"Overall progress" in await house.page(one)


@pytest.mark.parametrize("stage", ["running", "finishing"])
async def test_a_report_in_a_workers_hands_is_made(house, stage):
    house.gates[stage].close()
    report_id = await house.asked()
    await house.gates[stage].reached.wait()
    assert (await house.asking.get(report_id, ADA)).state is State.RUNNING
    await house.taken_away(meanwhile=house.gates[stage].open)
    report = await house.over(report_id)
    assert (report.state, report.attempts) == (State.DONE, 2)
    assert b"Overall progress" in await house.page(report_id)


async def test_a_delivery_is_done_under_one_key(house):
    message = schedule_pb2.Schedule(name="Often", cron="0 0 1 1 *", range_periods=6)
    message.spec.report_type = report_model_pb2.REPORT_TYPE_THERAPEUTIC_OUTCOMES
    message.deliveries.add(email_address="a@example.org", format=report_model_pb2.REPORT_FORMAT_HTML)
    schedules = house.wired.running
    kept = await schedules.create(schedule_of(message, ""), ADA, Once("ada", "y", "", b""))
    house.gates["delivering"].close()
    run = await schedules.run_now(kept.schedule_id, ADA, Once("ada", "z", "", b""))
    await house.gates["delivering"].reached.wait()
    assert [one[0] for one in house.post.sent] == [f"{run.run_id}-0"]
    await house.taken_away(meanwhile=house.gates["delivering"].open)
    async with asyncio.timeout(90):
        while True:
            (found,) = await schedules.runs(kept.schedule_id, ADA, Page(10))
            if found.state is not RunState.RUNNING:
                break
            await asyncio.sleep(0.1)
    assert found.state is RunState.DONE
    assert {one[0] for one in house.post.sent} == {f"{run.run_id}-0"}
    assert len(house.post.sent) == 2
