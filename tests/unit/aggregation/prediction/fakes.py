"""Fakes of what outcome models need from outside."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.facts import PlayerFacts
from aggregation_svc.domain.prediction.trainings import (
    Learned,
    Model,
    ModelState,
    Training,
    TrainingSpec,
    TrainingState,
)
from aggregation_svc.ports import Act, Question
from aggregation_svc.prediction_ports import Claimed, Histories, Models, Numerics, Trainings
from mesh.refusal import FailedPrecondition

P = ParamSpec("P")
T = TypeVar("T")


class HereNumerics(Numerics):
    """Computes at once, and remembers what."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.ran.append(getattr(function, "__name__", ""))
        return function(*args, **kwargs)


class FakeHistories(Histories):
    """Players' facts in a list."""

    def __init__(self, players: Sequence[PlayerFacts] = ()) -> None:
        self.players = {one.subject: one for one in players}

    async def consented(self, after: int | None, limit: int) -> Sequence[int]:
        return sorted(one for one in self.players if after is None or one > after)[:limit]

    async def of(self, subject_ids: Sequence[int]) -> Sequence[PlayerFacts]:
        return [self.players[one] for one in sorted(subject_ids) if one in self.players]

    async def entered(self, since: int, until: int, limit: int) -> Sequence[int]:
        found = [one for one, facts in self.players.items() if since <= (facts.first() or 0) <= until]
        return sorted(found)[:limit]


class FakeTrainings(Trainings):
    """Trainings in a dictionary; one open at a time."""

    def __init__(self) -> None:
        self.kept: dict[str, Training] = {}
        self.messages: list[str] = []
        self.learned: list[Learned] = []
        self.acts: list[Act] = []
        self.cancel_at = 2.0

    async def begin(self, training: Training, act: Act, question: Question | None) -> Training:
        if any(not one.state.ended for one in self.kept.values()):
            raise FailedPrecondition("training_running", "Another training is open.")
        self.kept[training.training_id] = training
        self.acts.append(act)
        return training

    async def get(self, training_id: str) -> Training | None:
        return self.kept.get(training_id)

    async def cancel(self, training_id: str, at: datetime, act: Act) -> Training | None:
        self._end(training_id, TrainingState.CANCELLED, "", "Cancelled.")
        return self.kept.get(training_id)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Claimed | None]:
        waiting = [one for one in self.kept.values() if not one.state.ended]
        yield Claimed(waiting[0] if waiting else None, 1)

    async def advance(self, training_id: str, token: int, progress: float, message: str) -> bool:
        self.messages.append(message)
        self.kept[training_id] = replace(self.kept[training_id], progress=progress)
        return progress < self.cancel_at

    async def fail(self, training_id: str, token: int, reason: str, message: str) -> None:
        self._end(training_id, TrainingState.FAILED, reason, message)

    async def succeed(self, training_id: str, token: int, learned: Learned, model_id: str) -> Model | None:
        self._end(training_id, TrainingState.SUCCEEDED, "", learned.note)
        self.learned.append(learned)
        return None

    def _end(self, training_id: str, state: TrainingState, reason: str, message: str) -> None:
        if training_id in self.kept:
            self.kept[training_id] = replace(self.kept[training_id], state=state, reason=reason, message=message)


class FakeModels(Models):
    """Models in a list."""

    def __init__(self, *models: Model, content: bytes | None = None) -> None:
        self.kept = {one.model_id: one for one in models}
        self.numbers = content
        self.acts: list[Act] = []
        self.retrained = False
        self.seen: frozenset[int] = frozenset()

    async def listed(
        self, model_name: str | None, state: ModelState | None, before: int | None, limit: int
    ) -> Sequence[Model]:
        return [one for one in self.kept.values() if state is None or one.state is state]

    async def get(self, model_id: str) -> Model | None:
        return self.kept.get(model_id)

    async def answering(self, model_name: str) -> Model | None:
        found = [one for one in self.kept.values() if one.state in (ModelState.ACTIVE, ModelState.STALE)]
        return found[0] if found else None

    async def content(self, model_id: str) -> bytes | None:
        return self.numbers

    async def watched(self, model_id: str, drift: Drift) -> None:
        self.kept[model_id] = replace(self.kept[model_id], drift=drift)

    async def retire(self, model_id: str, note: str, act: Act) -> None:
        self.kept[model_id] = replace(self.kept[model_id], state=ModelState.RETIRED, note=note)
        self.acts.append(act)

    async def learned_from(self, model_id: str, subject_ids: Sequence[int]) -> frozenset[int]:
        return self.seen & frozenset(subject_ids)

    async def predicted(self, act: Act) -> None:
        self.acts.append(act)

    async def trained_since(self, spec: TrainingSpec, since: datetime) -> bool:
        return self.retrained
