"""The models that answer are looked after: their drift is measured, stale ones are retrained or retired."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction.drift import LEAST, Drift, reference_of
from aggregation_svc.domain.prediction.examples import Known, examples
from aggregation_svc.domain.prediction.features import NAMES
from aggregation_svc.domain.prediction.model import OutcomeModel
from aggregation_svc.domain.prediction.quality import brier
from aggregation_svc.domain.prediction.trainings import Model, ModelState, Training, TrainingState
from aggregation_svc.ports import Act, Clock
from aggregation_svc.prediction_ports import Histories, Models, Numerics, Trainings
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.models import ReadyModels
from mesh.refusal import FailedPrecondition

RECENT = timedelta(days=90)
"""Players whose days of observation ended that long ago at most are those of today."""
MOST = 5_000
"""Recent players looked at; more are sampled by their random ids."""
SHOWN = 5
"""Features named with their drift."""
NOT_RETRAINED = "It was stale for longer than TTA_MODEL_STALE_TERM and could not be retrained."


class WatchModels:
    """Comes round for every model that answers."""

    def __init__(
        self,
        models: Models,
        trainings: Trainings,
        histories: Histories,
        numerics: Numerics,
        clock: Clock,
        new_id: Callable[[], str],
        stale_term: timedelta,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the ports; a stale model answers for `stale_term` at most."""
        self._models, self._trainings, self._histories, self._numerics = models, trainings, histories, numerics
        self._players, self._ready = KnownPlayers(histories, numerics), ReadyModels(models, numerics)
        self._clock, self._new_id, self._term, self._wake = clock, new_id, stale_term, wake

    async def __call__(self) -> None:
        """Look after each once."""
        now = self._clock()
        for state in (ModelState.STALE, ModelState.ACTIVE):
            for model in await self._models.listed(None, state, None, 1000):
                if state is ModelState.STALE:
                    await self._renew(model, now)
                await self._measure(model, now)

    async def _renew(self, model: Model, now: datetime) -> None:
        since = model.stale_since or now
        if now - since > self._term:
            act = Act("system", "model_retired", None, {"model_id": model.model_id})
            await self._models.retire(model.model_id, NOT_RETRAINED, act)
            return
        if await self._models.trained_since(model.spec, since):
            return
        training = Training(self._new_id(), model.spec, TrainingState.PENDING, "system", now, message="Waiting.")
        details = {"training_id": training.training_id, **model.spec.stored()}
        try:
            await self._trainings.begin(training, Act("system", "training_begun", None, details), None)
        except FailedPrecondition:
            return  # another one is open; this one is begun when the watch comes round again
        self._wake()

    async def _measure(self, model: Model, now: datetime) -> None:
        ready = await self._ready(model)
        if ready is None:
            return
        days = timedelta(days=model.spec.observation_days)
        since, until = micros(now - days - RECENT), micros(now - days)
        found = await self._histories.entered(since, until, MOST)
        learned = await self._models.learned_from(model.model_id, found)
        players = await self._players.some(found, model.spec, entered_since=since, entered_until=until)
        drift = await self._numerics.run(drifted, ready, model, players, learned, micros(now))
        if drift is not None:
            await self._models.watched(model.model_id, drift)


def drifted(
    model: OutcomeModel, card: Model, players: Sequence[Known], learned: frozenset[int], now: int
) -> Drift | None:
    """Return how far players whom a model did not learn from are from those it did; None where they are too few."""
    whole = examples(players, frozenset(card.spec.positive))
    recent = whole.chosen(~np.isin(whole.subjects, list(learned)))
    if len(recent) < LEAST:
        return None
    probabilities = model.probabilities(recent.rows)
    columns = np.column_stack([recent.rows[:, : len(NAMES)], probabilities])
    moved = reference_of(card.reference).stability(columns)
    strongest = np.argsort(-moved[:-1], kind="stable")[:SHOWN]
    judged = ~np.isnan(recent.decided)
    enough = int(judged.sum()) >= LEAST
    return Drift(
        float(moved[-1]),
        tuple((NAMES[index], float(moved[index])) for index in strongest),
        brier(probabilities[judged], recent.successes[judged]) if enough else None,
        card.measure("brier") or 0.0,
        now,
    )
