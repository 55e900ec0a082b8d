"""Trainings run step by step and can be stopped; models that answer are watched, retrained and retired."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from aggregation_svc.adapters.model_codec import packed
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction import learners
from aggregation_svc.domain.prediction.calibration import Calibration
from aggregation_svc.domain.prediction.columns import FEATURES
from aggregation_svc.domain.prediction.drift import reference
from aggregation_svc.domain.prediction.facts import DAY, PlayerFacts
from aggregation_svc.domain.prediction.features import NAMES
from aggregation_svc.domain.prediction.model import OutcomeModel
from aggregation_svc.domain.prediction.portable import Linear
from aggregation_svc.domain.prediction.trainings import Model, ModelState, TrainingSpec, TrainingState
from aggregation_svc.ports import Actor
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.run_trainings import RunTrainings
from aggregation_svc.usecases.train_model import TrainModel
from aggregation_svc.usecases.watch_models import WatchModels
from mesh.refusal import FailedPrecondition, NotFound
from tests.unit.aggregation.prediction.fakes import FakeHistories, FakeModels, FakeTrainings, HereNumerics

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ADA = Actor("ada", administrator=True)
SPEC = TrainingSpec(observation_days=10)


def players(count: int, *, good: float = 0.5, first: datetime = NOW - timedelta(days=60)) -> list[PlayerFacts]:
    """Players whose engagement tells how it ends."""
    random = np.random.default_rng(11)
    found = []
    for subject in range(1, count + 1):
        success = bool(random.random() < good)
        start = micros(first) + subject % 20 * DAY
        engaged = [0.5 + (0.2 if success else -0.2) + 0.2 * random.standard_normal() for _ in range(3)]
        sessions = [
            (start + day * DAY, "sleep", 20.0, 5, 1, 1, value, None)
            for day, value in zip((0, 3, 6), engaged, strict=True)
        ]
        outcome = (start + 15 * DAY, "good" if success else "needs_attention", None, None)
        found.append(PlayerFacts(subject, sessions, [], [outcome]))
    return found


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> FakeTrainings:
    monkeypatch.setattr(learners, "ROUNDS", 20)
    return FakeTrainings()


async def run(trainings: FakeTrainings, facts: list[PlayerFacts]) -> None:
    numerics = HereNumerics()
    runner = RunTrainings(trainings, KnownPlayers(FakeHistories(facts), numerics), numerics, lambda: "m1")
    assert await runner.once()


async def begin(trainings: FakeTrainings) -> TrainModel:
    ids = itertools.count(1)
    train = TrainModel(trainings, KeyedHash(b"k" * 32), lambda: NOW, lambda: f"t{next(ids)}")
    await train.begin(ADA, SPEC)
    return train


async def test_a_training_reads_judges_learns_and_stores(trainings: FakeTrainings) -> None:
    train = await begin(trainings)
    await run(trainings, players(200))
    found = await train.get("t1")
    assert found.state is TrainingState.SUCCEEDED
    learned = trainings.learned[0]
    assert learned.passes
    assert learned.subjects == frozenset(range(1, 201))
    assert {metric.evaluation for metric in learned.metrics} == {"by_subject"}
    assert any("part 25 of 25" in message for message in trainings.messages)


async def test_a_model_that_guesses_no_better_than_the_majority_is_stored_and_not_used(
    trainings: FakeTrainings,
) -> None:
    await begin(trainings)
    facts = players(200)
    for one, other in zip(facts[::2], facts[1::2], strict=True):
        one.sessions, other.sessions = other.sessions, one.sessions
    await run(trainings, facts)
    assert not trainings.learned[0].passes
    assert "Not used" in trainings.learned[0].note


@pytest.mark.parametrize(
    ("facts", "reason"),
    [(players(50), "too_few_players"), (players(150, good=1.0), "outcomes_of_one_kind"), ([], "too_few_players")],
)
async def test_too_little_to_learn_from_ends_the_training_in_words(
    facts: list[PlayerFacts], reason: str, trainings: FakeTrainings
) -> None:
    train = await begin(trainings)
    await run(trainings, facts)
    found = await train.get("t1")
    assert (found.state, found.reason) == (TrainingState.FAILED, reason)
    assert not any(str(len(facts)) in word for word in found.message.split() if len(facts) > 20)


async def test_a_cancelled_training_stores_nothing(trainings: FakeTrainings) -> None:
    await begin(trainings)
    trainings.cancel_at = 0.5
    await run(trainings, players(200))
    assert not trainings.learned


async def test_one_training_at_a_time_and_unknown_ones_are_refused(trainings: FakeTrainings) -> None:
    train = await begin(trainings)
    with pytest.raises(FailedPrecondition):
        await train.begin(ADA, SPEC)
    assert (await train.cancel(ADA, "t1")).state is TrainingState.CANCELLED
    assert [one.state async for one in train.watch("t1")] == [TrainingState.CANCELLED]
    for refused in (train.get("none"), train.cancel(ADA, "none")):
        with pytest.raises(NotFound):
            await refused


def model(state: ModelState = ModelState.ACTIVE, stale_since: datetime | None = None) -> Model:
    then = reference(np.column_stack([np.zeros((200, len(NAMES))), np.full(200, 0.6)])).stored()
    return Model("m1", SPEC, 1, state, "average", (), (), (), "", NOW, 1, stale_since, None, then)


def watcher(models: FakeModels, trainings: FakeTrainings, facts: list[PlayerFacts]) -> WatchModels:
    numerics, term = HereNumerics(), timedelta(days=14)
    return WatchModels(models, trainings, FakeHistories(facts), numerics, lambda: NOW, lambda: "t9", term)


def flat() -> bytes:
    width = len(FEATURES)
    linear = Linear(np.zeros(width), np.zeros(width), np.ones(width), np.zeros(width), np.zeros(width), base=0.0)
    return packed(OutcomeModel(((linear,),), Calibration(), np.zeros(width)).stored())


async def test_the_watch_measures_players_of_today_whom_the_model_did_not_learn_from() -> None:
    models = FakeModels(model(), content=flat())
    await watcher(models, FakeTrainings(), players(150))()
    drift = models.kept["m1"].drift
    assert drift is not None
    assert drift.recent_brier == pytest.approx(0.25)
    assert drift.features[0][1] > 0.25
    assert "has moved far" in drift.verdict


async def test_too_few_new_players_say_nothing() -> None:
    models = FakeModels(model(), content=flat())
    models.seen = frozenset(range(1, 100))
    await watcher(models, FakeTrainings(), players(150))()
    assert models.kept["m1"].drift is None


async def test_a_stale_model_is_retrained_once_and_retired_after_its_term() -> None:
    trainings = FakeTrainings()
    models = FakeModels(model(ModelState.STALE, NOW - timedelta(days=1)))
    watch = watcher(models, trainings, [])
    await watch()
    assert trainings.kept["t9"].spec == SPEC
    await watch()
    assert [act.action for act in trainings.acts] == ["training_begun"]
    models.retrained = True
    trainings.kept.clear()
    await watch()
    assert not trainings.kept
    models.kept["m1"] = replace(models.kept["m1"], stale_since=NOW - timedelta(days=15))
    await watch()
    assert models.kept["m1"].state is ModelState.RETIRED
    assert "TTA_MODEL_STALE_TERM" in models.kept["m1"].note
