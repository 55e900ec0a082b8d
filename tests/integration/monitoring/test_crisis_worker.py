"""The semantic layer's own process: late, missing, corrupt, overloaded, dead and hanging."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitoring_svc.adapters.crisis_encoder import model_file
from monitoring_svc.adapters.crisis_worker import Answer, CrisisWorker, Outcome
from monitoring_svc.domain.crisis.semantics import Thresholds

needs_model = pytest.mark.skipif(model_file() is None, reason="The extra crisis-model is not installed.")


def sleeping(messages: Sequence[str]) -> Answer:
    time.sleep(float(messages[0]))
    return Answer(Outcome.DECIDED)


def dying(messages: Sequence[str]) -> Answer:
    os._exit(int(messages[0]))


@asynccontextmanager
async def worker(**arguments: object) -> AsyncIterator[CrisisWorker]:
    made = CrisisWorker(Thresholds(), **arguments)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.close()


@needs_model
async def test_both_layers_decide_in_the_worker() -> None:
    async with worker() as crisis:
        assert await crisis.warm() is Outcome.DECIDED

        heard = await crisis.ask(["I want to die"], 30.0)
        silent = await crisis.ask(["what a lovely scene"], 30.0)

    assert heard.outcome is Outcome.DECIDED
    assert heard.decision is not None
    assert silent.decision is None


@needs_model
async def test_a_late_answer_is_given_up_at_the_deadline() -> None:
    async with worker(job=sleeping) as crisis:
        assert await crisis.warm() is Outcome.DECIDED
        started = time.monotonic()

        assert (await crisis.ask(["3600"], 0.05)).outcome is Outcome.LATE

        assert time.monotonic() - started < 60


@needs_model
async def test_a_full_queue_is_overloaded_at_once() -> None:
    async with worker(job=sleeping, queue=2, hangs_after=3600) as crisis:
        assert await crisis.warm() is Outcome.DECIDED

        outcomes = [one.outcome for one in await asyncio.gather(*(crisis.ask(["3600"], 0.2) for _ in range(4)))]

    assert outcomes.count(Outcome.OVERLOADED) == 2


@needs_model
@pytest.mark.kills
async def test_a_hanging_worker_is_replaced() -> None:
    async with worker(job=sleeping, hangs_after=0.1) as crisis:
        assert await crisis.warm() is Outcome.DECIDED
        async with asyncio.timeout(60):
            while not crisis._waiting:  # A job that had not begun at its deadline is taken back, and does not hang.
                assert (await crisis.ask(["3600"], 0.2)).outcome is Outcome.LATE

        assert (await crisis.ask(["0"], 60.0)).outcome is Outcome.LATE
        assert await crisis.warm() is Outcome.DECIDED
        assert (await crisis.ask(["0"], 60.0)).outcome is Outcome.DECIDED


@needs_model
@pytest.mark.kills
async def test_a_worker_that_dies_is_replaced() -> None:
    async with worker(job=dying) as crisis:
        assert await crisis.warm() is Outcome.DECIDED
        assert (await crisis.ask(["1"], 60.0)).outcome is Outcome.DIED

        assert await crisis.warm() is Outcome.DECIDED
        assert (await crisis.ask(["1"], 60.0)).outcome is Outcome.DIED


@needs_model
async def test_no_signal_waits_for_the_model_to_load() -> None:
    async with worker() as crisis:
        started = time.monotonic()

        assert (await crisis.ask(["hello"], 60.0)).outcome is Outcome.LATE

        assert time.monotonic() - started < 30


async def test_a_missing_model_is_said_so(tmp_path: Path) -> None:
    async with worker(model=tmp_path / "none.onnx") as crisis:
        assert await crisis.warm() is Outcome.MISSING
        assert (await crisis.ask(["hello"], 60.0)).outcome is Outcome.MISSING


async def test_a_corrupt_model_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"not a model")

    async with worker(model=file) as crisis:
        assert await crisis.warm() is Outcome.CORRUPT
        assert (await crisis.ask(["hello"], 60.0)).outcome is Outcome.CORRUPT
