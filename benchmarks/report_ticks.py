"""Schedules on four replicas, one killed, one stopped past its lease and resumed: what must be there is counted.

The ticks are known beforehand: each schedule names 30 seconds of one minute, so lost ends and schedules that never
ticked show. Each tick makes one report and hands it to one recipient of a receiver that counts keys.
"""

import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import sqlalchemy as sa
from tta.analytics.v1 import report_model_pb2, report_pb2, schedule_pb2, schedule_pb2_grpc

from mesh.database import Database
from mesh.migrations import upgrade
from reporting_svc.adapters.store.tables import reports, schedule_runs
from tests.integration.reporting.processes import Others, Replica
from tests.servers import create_database, running_postgres

REPLICAS, SCHEDULES, SECONDS = 4, 50, 30
LEASE = 5.0
PATIENCE = float(os.environ.get("TICKS_PATIENCE", "600"))
"""Seconds after the last tick in which the reports are made; what is not made by then is told."""
HTML = report_model_pb2.REPORT_FORMAT_HTML


@dataclass(frozen=True, slots=True)
class Counted:
    """What the database and the receiver hold."""

    ticks: list[tuple[str, datetime]]
    runs: dict[str, str]
    """State by id of the run."""
    made: Counter[str]
    """Reports by run."""
    slowest: timedelta
    """Longest between a tick and its record."""
    keys: Counter[str]

    @property
    def states(self) -> Counter[str]:
        """How many runs in which state."""
        return Counter(self.runs.values())


async def measured() -> dict[str, Any]:
    """Run it and return the figures."""
    with running_postgres() as server, tempfile.TemporaryDirectory() as folder:
        url = await create_database(server, "ticks")
        await upgrade(url, "reporting_svc")
        database = Database(url)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            others = await stack.enter_async_context(Others())
            settings = {"report_lease": f"{LEASE}s", "numeric_workers": 0, "report_queue": 2 * SCHEDULES * SECONDS}
            replicas = [Replica(url, others, Path(folder), **settings) for _ in range(REPLICAS)]
            for one in replicas:
                stack.push_async_callback(one.end)
            channels = [await one.start() for one in replicas]
            minute, ids = await _scheduled(channels[-1])
            await _until(minute + timedelta(seconds=8))
            await _over(database, 10 * REPLICAS, 15)
            await replicas[0].signal(signal.SIGKILL)
            await asyncio.sleep(2 * LEASE)
            of_killed = await _taken_over(database)
            of_stopped = await _slept(replicas[1], database)
            await _until(minute + timedelta(seconds=SECONDS))
            began = time.monotonic()
            await _over(database, SCHEDULES * SECONDS, PATIENCE)
            after = time.monotonic() - began
            counted = await _counted(database, others)
    expected = {(one, minute + timedelta(seconds=second)) for one in ids for second in range(SECONDS)}
    return _answer(counted, expected, after, of_killed, of_stopped)


async def _scheduled(channel: grpc.aio.Channel) -> tuple[datetime, list[str]]:
    """Make the schedules for a minute that has not begun; return it and their ids."""
    stub = schedule_pb2_grpc.ScheduleServiceStub(channel)
    minute = (datetime.now(UTC) + timedelta(seconds=80)).replace(second=0, microsecond=0)
    spec = report_pb2.ReportSpec(report_type=report_model_pb2.REPORT_TYPE_THERAPEUTIC_OUTCOMES, formats=[HTML])
    schedule = schedule_pb2.Schedule(
        name="Every second",
        cron=f"0-{SECONDS - 1} {minute.minute} {minute.hour} {minute.day} {minute.month} *",
        spec=spec,
        catch_up=schedule_pb2.CATCH_UP_ALL,
        deliveries=[schedule_pb2.ScheduleDelivery(email_address="a@example.org", format=HTML)],
    )
    request = schedule_pb2.CreateScheduleRequest(schedule=schedule)
    made = [(await stub.CreateSchedule(request)).schedule_id for _ in range(SCHEDULES)]
    if datetime.now(UTC) >= minute:
        raise RuntimeError("the machine took too long to make the schedules")
    return minute, made


async def _until(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


async def _slept(replica: Any, database: Database) -> int:
    """Stop a replica past its lease and resume it, again until it held a report; return how many it lost to others."""
    before = lost = await _taken_over(database)
    for _ in range(3):
        await replica.signal(signal.SIGSTOP)
        await asyncio.sleep(3 * LEASE)
        lost = await _taken_over(database)
        await replica.signal(signal.SIGCONT)
        if lost > before:
            break
        await asyncio.sleep(LEASE)
    return lost - before


async def _taken_over(database: Database) -> int:
    """Return how many reports a second worker took because the first one vanished."""
    async with database.read() as connection:
        taken = sa.select(sa.func.count()).where(reports.c.attempts > 1)
        return int((await connection.execute(taken)).scalar_one())


async def _over(database: Database, runs: int, patience: float) -> None:
    """Wait until so many runs are over, as long as patience lasts."""
    over = sa.select(sa.func.count()).where(schedule_runs.c.state != "running")
    end = time.monotonic() + patience
    while time.monotonic() < end:
        async with database.read() as connection:
            if (await connection.execute(over)).scalar_one() >= runs:
                return
        await asyncio.sleep(0.5)


async def _counted(database: Database, others: Any) -> Counted:
    async with database.read() as connection:
        runs = (await connection.execute(sa.select(schedule_runs))).all()
        made = (await connection.execute(sa.select(reports.c.run_id, reports.c.created_at))).all()
    ticks = {run.run_id: run.tick for run in runs}
    return Counted(
        [(run.schedule_id, run.tick) for run in runs],
        {run.run_id: run.state for run in runs},
        Counter(one.run_id for one in made),
        max((one.created_at - ticks[one.run_id] for one in made if one.run_id in ticks), default=timedelta(0)),
        Counter(others.post.keys),
    )


def _answer(
    counted: Counted, expected: set[tuple[str, datetime]], after: float, of_killed: int, of_stopped: int
) -> dict[str, Any]:
    states, keys = counted.states, set(counted.keys)
    delivered = {f"{run_id}-0" for run_id, state in counted.runs.items() if state == "done"}
    every = {f"{run_id}-0" for run_id in counted.runs}
    answer = {
        "replicas": REPLICAS,
        "killed": 1,
        "stopped and resumed": 1,
        "schedules": SCHEDULES,
        "seconds": SECONDS,
        "ticks expected": len(expected),
        "ticks missing": len(expected - set(counted.ticks)),
        "ticks beside": len(counted.ticks) - len(expected & set(counted.ticks)),
        "latest record of a tick s": counted.slowest.total_seconds(),
        "runs done": states["done"],
        "runs failed": states["failed"],
        "runs open": states["running"],
        "runs with two reports": sum(number > 1 for number in counted.made.values()),
        "reports taken over from the killed": of_killed,
        "reports taken over from the stopped": of_stopped,
        "deliveries": len(keys),
        "deliveries missing": len(delivered - keys),
        "deliveries under another key": len(keys - every),
        "keys sent again": sum(number > 1 for number in counted.keys.values()),
        "seconds after the last tick": after,
    }
    print(
        f"{REPLICAS} replicas on PostgreSQL, one killed, one stopped for {3 * LEASE:.0f} s and resumed, "
        f"{SCHEDULES} schedules every second for {SECONDS} s: {len(expected)} ticks must be there, "
        f"{answer['ticks missing']} missing, {answer['ticks beside']} beside, the latest recorded "
        f"{answer['latest record of a tick s']:.1f} s late; "
        f"{answer['runs done']} runs done, {answer['runs failed']} failed, "
        f"{answer['runs with two reports']} with two reports, "
        f"{of_killed} taken over from the killed and {of_stopped} from the stopped; "
        f"{answer['deliveries']} deliveries, {answer['deliveries missing']} missing, "
        f"{answer['deliveries under another key']} under another key, {answer['keys sent again']} keys sent again; "
        f"all over {after:.0f} s after the last tick, load {os.getloadavg()[0]:.1f}"
    )
    if states["running"]:
        print(f"this machine could not make {states['running']} of them within {PATIENCE:.0f} s: they are not counted")
    return answer
