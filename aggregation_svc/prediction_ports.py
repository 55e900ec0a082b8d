"""What outcome models need from outside."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar

from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.facts import PlayerFacts
from aggregation_svc.domain.prediction.trainings import Learned, Model, ModelState, Training, TrainingSpec
from aggregation_svc.ports import Act, Question

P = ParamSpec("P")
T = TypeVar("T")


class Numerics(Protocol):
    """Where models are trained and asked: off the event loop."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a picklable function answers; its exceptions are raised here."""
        ...


class Histories(Protocol):
    """The facts of players who consented."""

    async def consented(self, after: int | None, limit: int) -> Sequence[int]:
        """Return subjects with consent to analytics and to research, by id, those after `after`."""
        ...

    async def of(self, subject_ids: Sequence[int]) -> Sequence[PlayerFacts]:
        """Return the facts of subjects who have any; ids in rising order."""
        ...

    async def entered(self, since: int, until: int, limit: int) -> Sequence[int]:
        """Return consented subjects (as `consented`) whose first fact lies from `since` to `until`, at most `limit`.

        Times in microseconds since 1970. Which are left out past the limit is fixed by their random ids.
        """
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to run trainings, and the training to run, where there is one."""

    training: Training | None
    token: int
    """Fencing token of the lease."""


class Trainings(Protocol):
    """The store of trainings. At most one is open at a time."""

    async def begin(self, training: Training, act: Act, question: Question | None) -> Training:
        """Store a new training, or return the one that the same request began.

        Raises:
            FailedPrecondition: `training_running`, another one is open.
        """
        ...

    async def get(self, training_id: str) -> Training | None:
        """Return a training."""
        ...

    async def cancel(self, training_id: str, at: datetime, act: Act) -> Training | None:
        """End an open training and return it as it is then; None where there is none of that id."""
        ...

    def turn(self) -> AbstractAsyncContextManager[Claimed | None]:
        """Hold the lease of trainings, renewed while the block runs; None while another replica holds it.

        A training that an earlier holder left running is ended as failed (`interrupted`); one that waits is begun.
        """
        ...

    async def advance(self, training_id: str, token: int, progress: float, message: str) -> bool:
        """Keep how far a training is; False where it was cancelled or the lease was lost."""
        ...

    async def fail(self, training_id: str, token: int, reason: str, message: str) -> None:
        """End a training without a model, if it is still this holder's."""
        ...

    async def succeed(self, training_id: str, token: int, learned: Learned, model_id: str) -> Model | None:
        """Store the model and end the training, in one transaction; None where it is no longer this holder's.

        A model that passes becomes active and retires its forerunner. It is stale from the start where a subject that
        it learned from was erased or withdrew meanwhile.
        """
        ...


class Models(Protocol):
    """The store of models."""

    async def listed(
        self, model_name: str | None, state: ModelState | None, before: int | None, limit: int
    ) -> Sequence[Model]:
        """Return models below position `before`, newest first."""
        ...

    async def get(self, model_id: str) -> Model | None:
        """Return a model."""
        ...

    async def answering(self, model_name: str) -> Model | None:
        """Return the active or stale model of a family."""
        ...

    async def content(self, model_id: str) -> bytes | None:
        """Return a model's numbers, packed; None where they are gone."""
        ...

    async def watched(self, model_id: str, drift: Drift) -> None:
        """Keep what the watch over recent players found."""
        ...

    async def retire(self, model_id: str, note: str, act: Act) -> None:
        """End a model: it answers no more, and its numbers are deleted."""
        ...

    async def learned_from(self, model_id: str, subject_ids: Sequence[int]) -> frozenset[int]:
        """Return those of the subjects that a model learned from."""
        ...

    async def predicted(self, act: Act) -> None:
        """Leave the audit entry of a prediction."""
        ...

    async def trained_since(self, spec: TrainingSpec, since: datetime) -> bool:
        """Return whether a training of this spec was begun since then."""
        ...
