"""kill -9 while Spark computes a release: it is charged with its answer or not at all, and asked again it is made."""

import asyncio
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import grpc
import psutil
import pytest
from tta.analytics.v1 import aggregation_pb2 as pb
from tta.analytics.v1 import aggregation_pb2_grpc, common_pb2

from aggregation_svc.settings import AggregationSettings
from mesh.channels import channel
from mesh.database import Database
from mesh.migrations import upgrade
from tests.exported_facts import MONTH, PLAYERS, exports_told, manifest_of, store
from tests.integration.aggregation.test_release_crash import assert_all_agree, environment_of, process
from tests.tokens import lasting_token

pytestmark = [
    pytest.mark.kills,
    pytest.mark.spark,
    pytest.mark.usefixtures("real_spark"),
    pytest.mark.timeout(1800),
]

PATIENCE = 300


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """SQLite alone: what is tested here lies above the database."""
    spark = {"RELEASE_ENGINE": "spark", "SPARK_MASTER": "local[1]", "EXPORT_FOLDER": str(tmp_path / "facts")}
    return environment_of(sqlite_url, tmp_path) | {f"TTA_{name}": value for name, value in spark.items()}


@pytest.fixture
def settings(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AggregationSettings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return AggregationSettings()


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for one in started:
        with suppress(psutil.NoSuchProcess):
            engines = psutil.Process(one.pid).children(recursive=True)
            one.kill()
            psutil.wait_procs(engines, timeout=30)
        one.wait()


def question() -> pb.CreateReleaseRequest:
    request = pb.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
    request.period_start.FromDatetime(MONTH.start)
    return request


def runs(server: subprocess.Popen[bytes], what: str) -> bool:
    """Return whether a process of the server's has this in its command: Spark's machine, or what computes for it."""
    for one in psutil.Process(server.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if any(what in word for word in one.cmdline()):
                return True
    return False


async def test_killed_while_spark_computes_a_release_is_charged_with_its_answer_or_not_at_all(
    settings: AggregationSettings,
    environment: dict[str, str],
    tmp_path: Path,
    running: list[subprocess.Popen[bytes]],
) -> None:
    await upgrade(settings.database("aggregation"), "aggregation_svc")
    database = Database(settings.database("aggregation"))
    await store(database)
    token, target = lasting_token(settings, "olga", role="admin"), f"127.0.0.1:{settings.aggregation_port}"
    moments: list[Callable[[subprocess.Popen[bytes]], bool]] = [
        lambda _: (tmp_path / "facts" / f"{MONTH.start:%Y-%m}" / "manifest.json").exists(),
        lambda server: runs(server, "org.apache.spark.deploy.SparkSubmit"),
        lambda server: runs(server, "pyspark.daemon"),
    ]
    for reached in moments:
        server = process(environment)
        running.append(server)
        async with channel(target, settings, token=token) as dialled:
            stub = aggregation_pb2_grpc.AggregationServiceStub(dialled)
            asking = asyncio.ensure_future(stub.CreateRelease(question(), timeout=PATIENCE, wait_for_ready=True))
            async with asyncio.timeout(PATIENCE):
                while not reached(server):
                    assert not asking.done(), asking
                    await asyncio.sleep(0.02)
            engines = psutil.Process(server.pid).children(recursive=True)
            server.send_signal(signal.SIGKILL)
            server.wait()
            asking.cancel()
            with suppress(asyncio.CancelledError, grpc.aio.AioRpcError):
                await asking
            # Spark ends with the process that it belongs to.
            assert psutil.wait_procs(engines, timeout=300)[1] == []
        await assert_all_agree(settings, {})
    running.append(process(environment))
    async with channel(target, settings, token=token) as dialled:
        stub = aggregation_pb2_grpc.AggregationServiceStub(dialled)
        answer = await stub.CreateRelease(question(), timeout=PATIENCE, wait_for_ready=True)
        assert await stub.CreateRelease(question()) == answer
    await assert_all_agree(settings, {0: answer})
    told = await exports_told(database)
    await database.close()
    manifest = manifest_of(tmp_path / "facts" / f"{MONTH.start:%Y-%m}")
    assert told == [manifest.version]
    assert manifest.facts["sessions"].rows == 2 * PLAYERS
