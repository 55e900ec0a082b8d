"""From ProcessSignal to a critical alert, whatever is broken beside the rule layer."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tta.analytics.v1 import alert_pb2, common_pb2, monitoring_pb2

from monitoring_svc.adapters.crisis_encoder import model_file
from monitoring_svc.adapters.crisis_semantic_layer import WorkerSemanticLayer
from monitoring_svc.adapters.crisis_worker import Answer, CrisisWorker, Outcome
from monitoring_svc.bootstrap import Parts
from monitoring_svc.domain.crisis.semantics import Thresholds
from tests.integration.monitoring.conftest import CRISIS, Launch, Running
from tests.integration.monitoring.crisis_jobs import raising, too_slow
from tests.integration.monitoring.test_consent import Refusing
from tests.servers import free_port

WISH = "I want to die"
"""Of high severity: the semantic layer is asked about it."""
Begin = Callable[..., CrisisWorker]


@pytest.fixture
async def begin() -> AsyncIterator[Begin]:
    """Begin workers that end with the test."""
    workers: list[CrisisWorker] = []

    def one(**arguments: object) -> CrisisWorker:
        workers.append(CrisisWorker(Thresholds(), **arguments))  # type: ignore[arg-type]
        return workers[-1]

    yield one
    for worker in workers:
        worker.close()


async def critical(running: Running, user_id: str = "p") -> monitoring_pb2.ProcessSignalResponse:
    """Send a signal of imminent danger; its critical alert must be durable, and on the stream."""
    answer = await running.signal(user_id, CRISIS)
    (fired,) = answer.fired
    assert fired.severity == common_pb2.SEVERITY_CRITICAL
    kept = await running.alerts.GetAlert(alert_pb2.GetAlertRequest(alert_id=fired.alert_id))
    assert kept.severity == common_pb2.SEVERITY_CRITICAL
    assert fired.alert_id in {event.alert_id for event in await running.events(1)}
    return answer


async def test_an_imminent_danger_does_not_wait_for_the_semantic_layer(
    database_url: str, launch: Launch, begin: Begin
) -> None:
    running = await launch(database_url, Parts(semantic=WorkerSemanticLayer(begin())))
    answer = await critical(running)
    assert answer.crisis.semantic_layer == monitoring_pb2.CRISIS_LAYER_NOT_NEEDED


@pytest.mark.parametrize(
    ("content", "outcome", "said"),
    [
        (None, Outcome.MISSING, monitoring_pb2.CRISIS_LAYER_MISSING),
        (b"not a model", Outcome.CORRUPT, monitoring_pb2.CRISIS_LAYER_FAILED),
    ],
)
async def test_with_the_model_file_missing_or_corrupt_the_rule_layer_stands(
    postgres_url: str,
    launch: Launch,
    begin: Begin,
    tmp_path: Path,
    content: bytes | None,
    outcome: Outcome,
    said: monitoring_pb2.CrisisLayer,
) -> None:
    file = tmp_path / "model.onnx"
    if content is not None:
        file.write_bytes(content)
    worker = begin(model=file)
    assert await worker.warm() is outcome
    running = await launch(postgres_url, Parts(semantic=WorkerSemanticLayer(worker)))
    await critical(running)
    answer = await running.signal("other", WISH)
    assert [one.severity for one in answer.fired] == [common_pb2.SEVERITY_HIGH]
    assert answer.crisis.semantic_layer == said


@pytest.mark.skipif(model_file() is None, reason="The extra crisis-model is not installed.")
@pytest.mark.parametrize(
    ("job", "deadline", "said"),
    [(too_slow, 0.2, monitoring_pb2.CRISIS_LAYER_LATE), (raising, 20, monitoring_pb2.CRISIS_LAYER_FAILED)],
)
async def test_with_a_semantic_layer_that_is_slow_or_breaks_the_rule_layer_stands_within_the_deadline(
    postgres_url: str,
    launch: Launch,
    begin: Begin,
    job: Callable[[Sequence[str]], Answer],
    deadline: float,
    said: monitoring_pb2.CrisisLayer,
) -> None:
    worker = begin(job=job)
    assert await worker.warm() is Outcome.DECIDED
    parts = Parts(semantic=WorkerSemanticLayer(worker))
    running = await launch(postgres_url, parts, crisis_deadline=timedelta(seconds=deadline))
    await critical(running)
    answer = await running.signal("other", WISH)
    assert [one.severity for one in answer.fired] == [common_pb2.SEVERITY_HIGH]
    assert answer.crisis.semantic_layer == said


async def test_with_redis_down_the_alert_is_durable_and_streamed(postgres_url: str, launch: Launch) -> None:
    running = await launch(postgres_url, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    await critical(running)


async def test_with_consent_withdrawn_the_alert_is_raised(database_url: str, launch: Launch) -> None:
    running = await launch(database_url, Parts(consents=Refusing()))
    await critical(running, "no-1")
