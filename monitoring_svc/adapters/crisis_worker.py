"""The semantic layer in a process of its own, behind a bounded queue and a deadline: a signal always goes on.

Late, missing, corrupt, overloaded or dead: the answer says which, and the rule layer's decision stands. A worker that
hangs is killed and replaced; one that cannot load its model is not asked again until the process starts anew. No signal
waits for the model to load: until it is there the layer is late.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mesh.telemetry import gauge
from monitoring_svc.adapters.crisis_encoder import (
    EncoderCorrupt,
    EncoderMissing,
    SentenceEncoder,
    load_prototypes,
    model_file,
)
from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.crisis.recognise import analyse
from monitoring_svc.domain.crisis.semantics import SemanticJudge, Thresholds, join, needs_meaning

WAITING = gauge("crisis_waiting", "Messages that wait for the semantic layer")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
QUEUE = 64
"""At most so many signals wait for the worker; one more is answered `overloaded` at once."""
RESTARTS_EVERY = 5.0
"""A worker that dies is started again at most once in so many seconds."""
HANGS_AFTER = 10.0
"""Seconds without an answer after which the worker is killed and replaced."""


class Outcome(StrEnum):
    """What became of the semantic layer for one signal."""

    DECIDED = "decided"
    LATE = "late"
    MISSING = "missing"
    CORRUPT = "corrupt"
    OVERLOADED = "overloaded"
    FAILED = "failed"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the layer, and what both layers together decided where it took part."""

    outcome: Outcome
    decision: CrisisDecision | None = None


class JoinedRecogniser:
    """Both layers in this process; loads the model with the first message."""

    def __init__(self, thresholds: Thresholds, model: Path | None = None) -> None:
        """Judge by `thresholds`; `model` replaces the installed one."""
        self._encoder = SentenceEncoder(model)
        self._judge: SemanticJudge | None = None
        self._thresholds = thresholds

    def decide(self, messages: Sequence[str]) -> CrisisDecision | None:
        """Decide with both layers. Raises EncoderMissing or EncoderCorrupt."""
        if self._judge is None:
            self._judge = SemanticJudge(load_prototypes(), self._thresholds)
            self._encoder.encode(("ready",))
        analysis = analyse(messages)
        if not needs_meaning(analysis):
            return analysis.decision
        meaning = self._judge.meaning(self._encoder.encode(messages), analysis.reading.texts)
        if self._judge.takes_back(meaning, analysis):
            return None
        return join(analysis.decision, self._judge.decide(meaning, analysis, len(messages[-1])))


_here: JoinedRecogniser | None = None


def prepare(thresholds: Thresholds, model: Path | None) -> None:
    """Make this process the worker."""
    global _here  # A worker process holds one recogniser.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _here = JoinedRecogniser(thresholds, model)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def answer(messages: Sequence[str]) -> Answer:
    """One job of the worker."""
    if _here is None:
        return Answer(Outcome.MISSING)
    try:
        return Answer(Outcome.DECIDED, _here.decide(messages))
    except EncoderMissing:
        return Answer(Outcome.MISSING)
    except EncoderCorrupt:
        return Answer(Outcome.CORRUPT)
    except Exception:  # noqa: BLE001 whatever breaks here, the rule layer's decision stands and the answer says so
        return Answer(Outcome.FAILED)


def load() -> Outcome:
    """The worker's first job: load the model."""
    return answer(("ready",)).outcome


class CrisisWorker:
    """Asks the worker process, never longer than the deadline."""

    def __init__(
        self,
        thresholds: Thresholds,
        *,
        model: Path | None = None,
        queue: int = QUEUE,
        job: Callable[[Sequence[str]], Answer] = answer,
        hangs_after: float = HANGS_AFTER,
    ) -> None:
        """Prepare; the process starts with the first signal. `job` is what the worker does, for tests."""
        self._thresholds = thresholds
        self._model = model
        self._queue = queue
        self._job = job
        self._hangs_after = hangs_after
        self._waiting: dict[Future[Answer], float] = {}
        self._executor: ProcessPoolExecutor | None = None
        self._warming: asyncio.Task[Outcome] | None = None
        self._state: Outcome = Outcome.LATE
        self._not_before = 0.0
        WAITING.set_function(lambda: len(self._waiting))

    async def ask(self, messages: Sequence[str], deadline: float) -> Answer:
        """What the layer says within `deadline` seconds. Never raises."""
        if self._state in (Outcome.MISSING, Outcome.CORRUPT):
            return Answer(self._state)
        self._replace_if_hanging()
        if self._state is not Outcome.DECIDED or self._executor is None:
            self._begin()
            return Answer(self._state)
        if len(self._waiting) >= self._queue:
            return Answer(Outcome.OVERLOADED)
        try:
            future = self._executor.submit(self._job, tuple(messages))
            self._waiting[future] = time.monotonic()
            future.add_done_callback(lambda done: self._waiting.pop(done, None))
            return await asyncio.wait_for(asyncio.wrap_future(future), deadline)
        except TimeoutError:
            return Answer(Outcome.LATE)
        except (BrokenProcessPool, RuntimeError):
            self._stop()
            return Answer(Outcome.DIED)
        except Exception:  # noqa: BLE001 a job that raises must not take the rule layer's decision with it
            return Answer(Outcome.FAILED)

    async def warm(self) -> Outcome:
        """Start the process and load the model; returns what became of it."""
        if self._model is None and model_file() is None:
            self._state = Outcome.MISSING
            return self._state
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")  # The child reads these before it imports numpy.
        self._executor = executor = ProcessPoolExecutor(
            1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=prepare,
            initargs=(self._thresholds, self._model),
        )
        try:
            self._state = await asyncio.wrap_future(executor.submit(load))
        except (BrokenProcessPool, RuntimeError):
            self._stop()
        if self._state in (Outcome.MISSING, Outcome.CORRUPT):
            state = self._state
            self._stop()
            self._state = state
        return self._state

    def close(self) -> None:
        """Stop the worker; what waits has been given up."""
        if self._warming is not None:
            self._warming.cancel()
        self._stop()

    def _begin(self) -> None:
        if (self._warming is None or self._warming.done()) and time.monotonic() >= self._not_before:
            self._not_before = time.monotonic() + RESTARTS_EVERY
            self._warming = asyncio.ensure_future(self.warm())

    def _replace_if_hanging(self) -> None:
        oldest = min(self._waiting.values(), default=None)
        if oldest is not None and time.monotonic() - oldest > self._hangs_after:
            self._stop()

    def _stop(self) -> None:
        executor, self._executor = self._executor, None
        self._state = Outcome.LATE
        self._waiting.clear()
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)
