"""The semantic layer in a process of its own, behind a bounded queue and a deadline: a signal always goes on.

Late, missing, corrupt, overloaded or dead: the answer says which, and the rule layer's decision stands. A worker that
hangs is killed and replaced; one that cannot load its model is not asked again until the process starts anew.
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

from monitoring_svc.adapters.crisis_encoder import (
    EncoderCorrupt,
    EncoderMissing,
    SentenceEncoder,
    load_prototypes,
    model_file,
)
from monitoring_svc.domain.crisis.decision import CrisisDecision
from monitoring_svc.domain.crisis.recognise import analyse
from monitoring_svc.domain.crisis.semantics import SemanticJudge, Thresholds, join

QUEUE = 64
"""At most so many signals wait for the worker; one more is answered `overloaded` at once."""
HANGS_AFTER = 10.0
"""Seconds without an answer after which the worker is killed and replaced."""


class Outcome(StrEnum):
    """What became of the semantic layer for one signal."""

    DECIDED = "decided"
    LATE = "late"
    MISSING = "missing"
    CORRUPT = "corrupt"
    OVERLOADED = "overloaded"
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
        analysis = analyse(messages)
        if not analysis.reading.words:
            return analysis.decision
        meaning = self._judge.meaning(self._encoder.encode(messages))
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
        self._given_up: Outcome | None = None

    async def ask(self, messages: Sequence[str], deadline: float) -> Answer:
        """What the layer says within `deadline` seconds. Never raises."""
        if self._given_up is not None:
            return Answer(self._given_up)
        if self._model is None and model_file() is None:
            self._given_up = Outcome.MISSING
            return Answer(Outcome.MISSING)
        self._replace_if_hanging()
        if len(self._waiting) >= self._queue:
            return Answer(Outcome.OVERLOADED)
        try:
            future = self._started().submit(self._job, tuple(messages))
        except (BrokenProcessPool, RuntimeError):
            self._stop()
            return Answer(Outcome.DIED)
        self._waiting[future] = time.monotonic()
        future.add_done_callback(lambda done: self._waiting.pop(done, None))
        try:
            said = await asyncio.wait_for(asyncio.wrap_future(future), deadline)
        except TimeoutError:
            return Answer(Outcome.LATE)
        except BrokenProcessPool:
            self._stop()
            return Answer(Outcome.DIED)
        if said.outcome in (Outcome.MISSING, Outcome.CORRUPT):
            self._given_up = said.outcome
        return said

    async def warm(self) -> Outcome:
        """Start the process and load the model, so that the first signal does not find it late."""
        return (await self.ask(("warm",), 60.0)).outcome

    def close(self) -> None:
        """Stop the worker; what waits is answered `died` or has been given up already."""
        self._stop()

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=prepare,
                initargs=(self._thresholds, self._model),
            )
        return self._executor

    def _replace_if_hanging(self) -> None:
        oldest = min(self._waiting.values(), default=None)
        if oldest is not None and time.monotonic() - oldest > self._hangs_after:
            self._stop()

    def _stop(self) -> None:
        executor, self._executor = self._executor, None
        self._waiting.clear()
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)
