"""The outlook of one player, for those who care for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregation_svc.domain.moments import moment
from aggregation_svc.domain.prediction.examples import Known, examples
from aggregation_svc.domain.prediction.explanation import Outlook, outlook
from aggregation_svc.domain.prediction.facts import DAY, PlayerFacts, known_of
from aggregation_svc.domain.prediction.model import OutcomeModel
from aggregation_svc.domain.prediction.peers import WINDOW
from aggregation_svc.domain.prediction.trainings import DEFAULT_NAME, Model, ModelState
from aggregation_svc.ports import Act, Actor, Canonical, Clock, Store
from aggregation_svc.prediction_ports import Histories, Models, Numerics
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.models import ReadyModels
from mesh.refusal import FailedPrecondition, NotFound

MOST_PEERS = 2_000
"""Peers a player is compared with; more are sampled by their random ids."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one player, and which model."""

    outlook: Outlook
    model: Model
    known_until: datetime
    """Up to when the player's facts were used."""


class PredictOutcome:
    """Ask the answering model of a family about one player."""

    def __init__(
        self,
        store: Store,
        models: Models,
        histories: Histories,
        numerics: Numerics,
        canonical: Canonical,
        clock: Clock,
    ) -> None:
        """Take the ports."""
        self._store, self._models, self._histories, self._numerics = store, models, histories, numerics
        self._canonical, self._clock = canonical, clock
        self._players, self._ready = KnownPlayers(histories, numerics), ReadyModels(models, numerics)

    async def __call__(self, actor: Actor, user_id: str, model_name: str = DEFAULT_NAME) -> Prediction:
        """Return the prediction, and leave an audit entry.

        Raises:
            InvalidArgument: the id cannot be mapped.
            NotFound: there is no such player.
            FailedPrecondition: the player did not consent, no model of that name answers, too little is known of the
                player yet, or their outcome already is.
        """
        subject_id = await self._subject(user_id)
        model = await self._models.answering(model_name)
        ready = None if model is None else await self._ready(model)
        if model is None or ready is None:
            raise FailedPrecondition(
                "no_active_model",
                f"No model of the name {model_name} is in use. Train one with TrainModel, or see why with ListModels.",
            )
        facts = await self._histories.of([subject_id])
        first = facts[0].first() if facts else None
        days = model.spec.observation_days
        until = None if first is None else moment(first) + timedelta(days=days)
        if first is None or until is None or until > self._clock():
            raise FailedPrecondition(
                "too_little_known",
                f"The model speaks of players {days} days after their first fact; this one is not there yet.",
            )
        peers = await self._peers(model, subject_id, first)
        said = await self._numerics.run(predicted, ready, facts, peers, float(days))
        if said is None:
            raise FailedPrecondition(
                "outcome_known", "An outcome of this player was recorded before the model's days had passed."
            )
        details = {"model_id": model.model_id, "version": model.version}
        await self._models.predicted(Act(actor.name, "outcome_predicted", subject_id, details))
        return Prediction(said, model, until)

    async def _subject(self, user_id: str) -> int:
        canonical = self._canonical(user_id)
        async with self._store.view() as people:
            known = (await people.subjects([canonical])).get(canonical)
        if known is None:
            raise NotFound("subject_not_found", "There is no such player here; check the user id.")
        if not known.consent.analytics:
            raise FailedPrecondition(
                "consent_missing", "This player does not consent to analytics; nothing is predicted of them."
            )
        return known.subject_id

    async def _peers(self, model: Model, subject_id: int, first: int) -> list[Known]:
        since = first - int((WINDOW + 1) * DAY)
        found = await self._histories.entered(since, first, MOST_PEERS)
        others = [other for other in found if other != subject_id]
        return await self._players.some(others, model.spec, entered_since=since, entered_until=first)


def predicted(model: OutcomeModel, facts: Sequence[PlayerFacts], peers: Sequence[Known], day: float) -> Outlook | None:
    """Return what a model says of a player among their peers; None where the outcome was recorded by then."""
    own = known_of(facts, day)
    if not own:
        return None
    return outlook(model, examples([*peers, *own]).rows[-1])


def stale(prediction: Prediction) -> bool:
    """Tell whether the model waits to be retrained."""
    return prediction.model.state is ModelState.STALE
