"""Trainings as their callers see them: begun, looked at, watched, cancelled."""

import asyncio
from collections.abc import AsyncIterator, Callable

from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.prediction.trainings import Training, TrainingSpec, TrainingState
from aggregation_svc.ports import Act, Actor, Clock, Question
from aggregation_svc.prediction_ports import Trainings
from mesh.refusal import NotFound

LOOK_AGAIN = 0.5
"""Seconds between two looks of a watcher."""


class TrainModel:
    """Begin trainings, and tell how far they are."""

    def __init__(
        self,
        trainings: Trainings,
        hashes: KeyedHash,
        clock: Clock,
        new_id: Callable[[], str],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep trainings in `trainings`; `wake` tells this process's runner that one waits."""
        self._trainings, self._hashes, self._clock = trainings, hashes, clock
        self._new_id, self._wake = new_id, wake

    async def begin(self, actor: Actor, spec: TrainingSpec, request_id: str = "") -> Training:
        """Begin a training; returns at once.

        Raises:
            FailedPrecondition: another training is open.
        """
        training = Training(self._new_id(), spec, TrainingState.PENDING, actor.name, self._clock(), message="Waiting.")
        question = None
        if request_id:
            question = Question(actor.name, "TrainModel", request_id, self._hashes.request(repr(spec)))
        details = {"training_id": training.training_id, **spec.stored()}
        begun = await self._trainings.begin(training, Act(actor.name, "training_begun", None, details), question)
        self._wake()
        return begun

    async def get(self, training_id: str) -> Training:
        """Return a training.

        Raises:
            NotFound: there is none of that id.
        """
        return _found(await self._trainings.get(training_id))

    async def cancel(self, actor: Actor, training_id: str) -> Training:
        """End a training; one that has ended stays as it is. Raises as `get`."""
        act = Act(actor.name, "training_cancelled", None, {"training_id": training_id})
        return _found(await self._trainings.cancel(training_id, self._clock(), act))

    async def watch(self, training_id: str) -> AsyncIterator[Training]:
        """Yield a training now and after every change, until it has ended. Raises as `get`."""
        last = None
        while last is None or not last.state.ended:
            now = await self.get(training_id)
            if now != last:
                yield now
                last = now
            else:
                await asyncio.sleep(LOOK_AGAIN)


def _found(training: Training | None) -> Training:
    if training is None:
        raise NotFound("training_not_found", "There is no training of that id.")
    return training
