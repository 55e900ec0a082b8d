"""kill -9 in the middle of releases: nothing answered uncharged, nothing charged twice, every answer kept."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2

from aggregation_svc.adapters.release_tables import cohort_analysis, privacy_ledger, releases
from aggregation_svc.adapters.tables import privacy_audit_log, progress_snapshots, sessions
from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.database import Database
from mesh.migrations import upgrade
from tests.servers import free_port
from tests.tokens import lasting_token

pytestmark = pytest.mark.kills

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
KILLS = 2
SECRETS = ("AUTH_SECRET_KEY", "PSEUDONYM_KEY", "SEAL_KEY", "AUDIT_KEY")


def environment_of(database_url: str, folder: Path) -> dict[str, str]:
    """Return what a process of its own is started with."""
    return {
        "TTA_DATABASE_URL": database_url,
        "TTA_DATA_DIR": str(folder),
        "TTA_BIND": "127.0.0.1",
        "TTA_AGGREGATION_PORT": str(free_port()),
        "TTA_AGGREGATION_HTTP_PORT": str(free_port()),
        "TTA_EPSILON_BUDGET": "90",
        "TTA_FOCUS_NAMES": "anxiety",
        "TTA_NUMERIC_WORKERS": "0",
        "TTA_LEGACY_CONSENT": "asserted",
        **{f"TTA_{name}": secrets.token_hex(32) for name in SECRETS},
    }


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path)


@pytest.fixture
def settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AggregationSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return AggregationSettings()


def process(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "aggregation_svc"],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for one in started:
        if one.poll() is None:
            one.kill()
        one.wait()


def day(number: int) -> pb.CreateReleaseRequest:
    request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_DAY)
    request.period_start.FromDatetime(FIRST + timedelta(days=number))
    return request


Ask = Callable[[aggregation_pb2_grpc.AggregationServiceStub, int], Awaitable[pb.Release]]
"""Asks the service for the answer of a number."""


async def killed_meanwhile(
    settings: AggregationSettings, environment: dict[str, str], running: list[subprocess.Popen[bytes]], ask: Ask
) -> dict[int, pb.Release]:
    """Ask for thirty answers at once, kill the process when a few have come, and again; return those that came.

    An answer that comes twice is the same.
    """
    token = lasting_token(settings, "olga", role="admin")
    answered: dict[int, pb.Release] = {}
    for kill in range(KILLS):
        server = process(environment)
        running.append(server)
        async with channel(f"127.0.0.1:{settings.aggregation_port}", settings, token=token) as dialled:
            stub, enough = aggregation_pb2_grpc.AggregationServiceStub(dialled), asyncio.Event()

            async def noted(number: int, stub=stub, enough=enough, kill=kill) -> None:
                try:
                    answer = await ask(stub, number)
                except grpc.aio.AioRpcError:
                    return
                assert answered.setdefault(number, answer) == answer
                if len(answered) >= 3 * (kill + 1):
                    enough.set()

            asking = [asyncio.create_task(noted(number)) for number in range(30)]
            await asyncio.wait_for(enough.wait(), 200)
            server.send_signal(signal.SIGKILL)
            server.wait()
            for task in asking:
                task.cancel()
            for outcome in await asyncio.gather(*asking, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError)
    return answered


@pytest.mark.timeout(450)
async def test_killed_in_the_middle_of_releases_the_account_and_the_answers_agree(
    settings: AggregationSettings, environment: dict[str, str], running: list[subprocess.Popen[bytes]]
) -> None:
    await upgrade(settings.database("aggregation"), "aggregation_svc")

    async def release(stub: aggregation_pb2_grpc.AggregationServiceStub, number: int) -> pb.Release:
        return await stub.CreateRelease(day(number), timeout=200, wait_for_ready=True)

    await assert_all_agree(settings, await killed_meanwhile(settings, environment, running, release))


def batch(number: int) -> pb.AggregateBehaviorRequest:
    """A batch without times and names: whatever is stored of it twice is there twice."""
    record = pb.UserRecord(
        user_id=f"player-{number}",
        sessions=[pb.UserSession(duration_minutes=number) for _ in range(3)],
        progress_data=pb.UserProgress(overall_progress=0.5),
    )
    return pb.AggregateBehaviorRequest(user_data=[record], privacy_level=common_pb2.PRIVACY_LEVEL_MAXIMUM)


@pytest.mark.timeout(450)
async def test_killed_in_the_middle_of_batches_each_is_recorded_with_its_answer_or_not_at_all(
    settings: AggregationSettings, environment: dict[str, str], running: list[subprocess.Popen[bytes]]
) -> None:
    await upgrade(settings.database("aggregation"), "aggregation_svc")

    async def aggregate(stub: aggregation_pb2_grpc.AggregationServiceStub, number: int) -> pb.Release:
        return (await stub.AggregateBehavior(batch(number), timeout=200, wait_for_ready=True)).release

    await assert_all_agree(settings, await killed_meanwhile(settings, environment, running, aggregate))
    database = Database(settings.database("aggregation"))
    async with database.read() as connection:
        made, played, stood = [
            (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in (releases, sessions, progress_snapshots)
        ]
    await database.close()
    assert (played, stood) == (3 * made, made)


async def assert_all_agree(settings: AggregationSettings, answered: dict[int, pb.Release]) -> None:
    database = Database(settings.database("aggregation"))
    async with database.read() as connection:
        stored = (await connection.execute(sa.select(releases.c.release_id, releases.c.epsilon_micros))).all()
        charged = (
            await connection.execute(sa.select(privacy_ledger.c.release_id, privacy_ledger.c.epsilon_micros))
        ).all()
        cells = set((await connection.execute(sa.select(cohort_analysis.c.release_id).distinct())).scalars())
        acts = (
            await connection.execute(
                sa.select(privacy_audit_log.c.details).where(privacy_audit_log.c.action == "release_created")
            )
        ).scalars()
        audited = sorted(json.loads(details)["release_id"] for details in acts)
    await database.close()
    assert sorted(map(tuple, stored)) == sorted(map(tuple, charged))
    assert audited == sorted(row.release_id for row in stored)
    assert cells == set(audited)
    assert {answer.release_id for answer in answered.values()} <= set(audited)
    assert len(audited) == len(set(audited)) <= 30
