"""A training whose process is killed, or sleeps until another took over: it ends with a reason, and leaves no model."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import prediction_pb2, privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.prediction_pb2_grpc import PredictionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.prediction_tables import predictive_model_subjects, predictive_models
from mesh.channels import channel
from mesh.database import Database
from tests.aggregation_process import Process, aggregation
from tests.integration.aggregation.test_models import DAYS, ended, populate
from tests.tokens import lasting_token

pytestmark = pytest.mark.timeout(600)
TRAIN = prediction_pb2.TrainModelRequest(observation_days=DAYS)


@pytest.fixture
def keys() -> dict[str, str]:
    """Every process of a test reads the same store."""
    return {f"{name}_key": secrets.token_hex(32) for name in ("auth_secret", "pseudonym", "seal", "audit")}


def opened(process: Process) -> grpc.aio.Channel:
    return channel(process.target, process.settings, token=lasting_token(process.settings, "ada", role="admin"))


async def until_judging(stub: Any, training_id: str) -> None:
    """Wait until the training has learned something."""
    async for seen in stub.WatchTraining(prediction_pb2.WatchTrainingRequest(training_id=training_id), timeout=300):
        assert seen.state != prediction_pb2.TRAINING_STATE_FAILED, seen.message
        if seen.progress > 0.2:
            return
    raise AssertionError("it ended before it could be interrupted")


async def begun(one: grpc.aio.Channel) -> str:
    """Let players in, and a training begin and get somewhere; return its id."""
    await one.channel_ready()
    await populate(IngestionServiceStub(one))
    stub: Any = PredictionServiceStub(one)
    training_id: str = (await stub.TrainModel(TRAIN)).training_id
    await until_judging(stub, training_id)
    return training_id


async def assert_interrupted(one: grpc.aio.Channel, training_id: str, database_url: str) -> None:
    stub: Any = PredictionServiceStub(one)
    found = await ended(stub, training_id)
    assert (found.state, found.reason) == (prediction_pb2.TRAINING_STATE_FAILED, "interrupted")
    assert found.message == "The process that trained it ended before it was done. Train again."
    assert not found.model_id
    assert not (await stub.ListModels(prediction_pb2.ListModelsRequest())).models
    database = Database(database_url)
    async with database.read() as connection:
        for table in (predictive_models, predictive_model_subjects):
            assert (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one() == 0
    await database.close()
    privacy: Any = PrivacyServiceStub(one)
    failures = await privacy.ListAuditEntries(privacy_pb2.ListAuditEntriesRequest(action="training_failed"))
    assert [entry.details["training_id"] for entry in failures.entries] == [training_id]
    assert (await privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact


async def test_a_training_killed_halfway_ends_with_a_reason_and_the_next_one_may_begin(
    database_url: str, keys: dict[str, str]
) -> None:
    with aggregation(database_url, **keys) as process:
        async with opened(process) as one:
            training_id = await begun(one)
            process.kill()
    with aggregation(database_url, **keys) as process:
        async with opened(process) as one:
            await one.channel_ready()
            await assert_interrupted(one, training_id, database_url)
            stub: Any = PredictionServiceStub(one)
            again = await stub.TrainModel(TRAIN)
            await until_judging(stub, again.training_id)
            await stub.CancelTraining(prediction_pb2.CancelTrainingRequest(training_id=again.training_id))


@contextmanager
def asleep(pid: int) -> Iterator[Callable[[], None]]:
    """Stop a process; what is given wakes it, and so does the end: a stopped one would not hear that it shall end."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield lambda: os.kill(pid, signal.SIGCONT)
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_process_that_slept_through_its_lease_stores_nothing_when_it_wakes(
    postgres_url: str, keys: dict[str, str]
) -> None:
    with aggregation(postgres_url, **keys) as sleeper:
        async with opened(sleeper) as one:
            training_id = await begun(one)
        with asleep(sleeper.pid) as wake, aggregation(postgres_url, **keys) as process:
            async with opened(process) as one:
                await one.channel_ready()
                await assert_interrupted(one, training_id, postgres_url)
                wake()
                async with opened(sleeper) as woken:
                    stub: Any = PredictionServiceStub(woken)
                    asked = prediction_pb2.GetTrainingRequest(training_id=training_id)
                    assert (await stub.GetTraining(asked, wait_for_ready=True, timeout=60)).reason == "interrupted"
                    second = await stub.TrainModel(TRAIN)
                    await until_judging(stub, second.training_id)
                    await stub.CancelTraining(prediction_pb2.CancelTrainingRequest(training_id=second.training_id))
                await assert_interrupted(one, training_id, postgres_url)
