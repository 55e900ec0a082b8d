"""Outcome models over gRPC, on both databases: trained, judged, asked, and made stale by erasure."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import numpy as np
import pytest
import sqlalchemy as sa
from tta.analytics.v1 import common_pb2, facts_pb2, ingestion_pb2, prediction_pb2, privacy_pb2
from tta.analytics.v1.ingestion_pb2_grpc import IngestionServiceStub
from tta.analytics.v1.prediction_pb2_grpc import PredictionServiceStub
from tta.analytics.v1.privacy_pb2_grpc import PrivacyServiceStub

from aggregation_svc.adapters.histories import SqlHistories
from aggregation_svc.adapters.model_codec import packed
from aggregation_svc.adapters.prediction_tables import (
    predictive_model_subjects,
    predictive_models,
    predictive_trainings,
)
from aggregation_svc.adapters.tables import leases, subjects
from aggregation_svc.adapters.training_store import SqlTrainings
from aggregation_svc.bootstrap import Foundation
from aggregation_svc.domain.moments import micros
from aggregation_svc.domain.prediction.calibration import Calibration
from aggregation_svc.domain.prediction.columns import FEATURES
from aggregation_svc.domain.prediction.drift import reference
from aggregation_svc.domain.prediction.features import NAMES
from aggregation_svc.domain.prediction.model import OutcomeModel
from aggregation_svc.domain.prediction.portable import Linear
from aggregation_svc.domain.prediction.quality import Metric
from aggregation_svc.domain.prediction.trainings import TrainingSpec
from mesh.leases import claim
from tests.integration.aggregation.conftest import Dial
from tests.integration.aggregation.test_ingestion import error_info, ingest, session

NOW = datetime.now(UTC)
DAYS = 14
PLAYERS = 160


async def populate(game: Any, *, both_kinds: bool = True, players: int = PLAYERS) -> None:
    """Players whose engagement in their first days tells how it ends."""
    random = np.random.default_rng(3)
    sessions, outcomes = [], []
    for number in range(players):
        user, begun = f"player-{number}", NOW - timedelta(days=300 - number)
        consent = ingestion_pb2.SetConsentRequest(user_id=user, analytics=True, research=True)
        await game.SetConsent(consent)
        good = random.random() < 0.5
        for day in (0, 3, 6, 9):
            engaged = float(np.clip(0.5 + (0.2 if good else -0.2) + 0.25 * random.standard_normal(), 0, 1))
            sessions.append(
                session(user, f"s{day}", begun + timedelta(days=day), engagement_score=engaged, duration_minutes=20)
            )
        category = "GOOD" if good or not both_kinds else "NEEDS_ATTENTION"
        outcome = facts_pb2.TherapeuticOutcome(
            user_id=user, outcome_category=common_pb2.OutcomeCategory.Value(f"OUTCOME_CATEGORY_{category}")
        )
        outcome.recorded_at.FromDatetime(begun + timedelta(days=30))
        outcomes.append(outcome)
    await ingest(game, sessions)
    await game.RecordOutcomes(ingestion_pb2.RecordOutcomesRequest(outcomes=outcomes))


@pytest.fixture
def game(dial: Dial) -> Any:
    return IngestionServiceStub(dial())


@pytest.fixture
def admin(dial: Dial) -> Any:
    return PredictionServiceStub(dial("admin", "ada"))


@pytest.fixture
def privacy(dial: Dial) -> Any:
    return PrivacyServiceStub(dial("admin", "ada"))


@pytest.fixture
def therapist(dial: Dial) -> Any:
    return PredictionServiceStub(dial("therapist", "dr"))


async def trained(admin: Any) -> Any:
    begun = await admin.TrainModel(prediction_pb2.TrainModelRequest(observation_days=DAYS))
    return await ended(admin, begun.training_id)


async def ended(admin: Any, training_id: str) -> Any:
    seen = [
        one
        async for one in admin.WatchTraining(prediction_pb2.WatchTrainingRequest(training_id=training_id), timeout=600)
    ]
    progress = [one.progress for one in seen]
    assert progress == sorted(progress)
    return seen[-1]


async def reason(call: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await call
    return str(error_info(refusal.value).reason)


@pytest.mark.kills
async def test_a_model_is_trained_judged_asked_and_stale_after_an_erasure(
    game: Any, admin: Any, therapist: Any, privacy: Any, foundation: Foundation
) -> None:
    await populate(game)
    training = await trained(admin)
    assert training.state == prediction_pb2.TRAINING_STATE_SUCCEEDED, training.message
    model = await admin.GetModel(prediction_pb2.GetModelRequest(model_id=training.model_id))
    assert (model.state, model.version, model.model_name) == (prediction_pb2.MODEL_STATE_ACTIVE, 1, "outcome")
    measures = {(one.name, one.evaluation): one for one in model.metrics}
    assert {name for name, _ in measures} == {
        *("accuracy", "precision", "recall", "f1", "auc", "brier", "calibration_error", "margin")
    }
    assert all(one.lower <= one.value <= one.upper for one in model.metrics)
    assert measures["auc", "by_subject"].value > 0.8
    assert model.features[0].name.startswith("engagement")
    assert sum(one.weight for one in model.calibration) == pytest.approx(1.0)

    ask = prediction_pb2.PredictOutcomeRequest(user_id="player-7")
    said = await therapist.PredictOutcome(ask, timeout=60)
    assert 0.0 <= said.lower <= said.probability <= said.upper <= 1.0
    assert said.reasons[0].feature.startswith("engagement")
    assert "typical" in said.reasons[0].description
    assert (said.model_id, said.model_version, said.model_stale) == (model.model_id, 1, False)
    assert await reason(
        therapist.PredictOutcome(prediction_pb2.PredictOutcomeRequest(user_id="nobody"), timeout=60)
    ) == ("SUBJECT_NOT_FOUND")

    export = await privacy.ExportSubject(privacy_pb2.ExportSubjectRequest(user_id="player-3"))
    assert "models" in {records.kind for records in export.parts[0].records}
    erasure = await privacy.EraseSubject(privacy_pb2.EraseSubjectRequest(user_id="player-3"))
    assert dict(erasure.parts[0].removed)["models"] == 1
    async with foundation.database.read() as connection:
        left = sa.select(sa.func.count()).select_from(predictive_model_subjects)
        assert (await connection.execute(left)).scalar_one() == PLAYERS - 1
    listed = await admin.ListModels(prediction_pb2.ListModelsRequest(state=prediction_pb2.MODEL_STATE_STALE))
    assert [one.model_id for one in listed.models] == [model.model_id]
    assert (await therapist.PredictOutcome(ask, timeout=60)).model_stale

    second = await trained(admin)
    assert second.state == prediction_pb2.TRAINING_STATE_SUCCEEDED
    first_page = await admin.ListModels(prediction_pb2.ListModelsRequest(page_size=1))
    assert [one.version for one in first_page.models] == [2]
    rest = await admin.ListModels(prediction_pb2.ListModelsRequest(page_size=1, page_token=first_page.next_page_token))
    assert [(one.version, one.state) for one in rest.models] == [(1, prediction_pb2.MODEL_STATE_RETIRED)]
    async with foundation.database.read() as connection:
        retired = sa.select(predictive_models.c.content).where(predictive_models.c.version == 1)
        assert (await connection.execute(retired)).scalar_one() is None

    actions = {one.action for one in (await privacy.ListAuditEntries(_entries())).entries}
    assert {"training_begun", "model_stored", "outcome_predicted", "model_stale", "model_retired"} <= actions
    assert (await privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest())).intact


def _entries() -> privacy_pb2.ListAuditEntriesRequest:
    return privacy_pb2.ListAuditEntriesRequest(page_size=1000)


async def subject_ids(foundation: Foundation) -> list[int]:
    async with foundation.database.read() as connection:
        return list((await connection.execute(sa.select(subjects.c.subject_id))).scalars())


async def stored_model(foundation: Foundation, model_id: str, state: str, *learned_from: int) -> None:
    """A model as a training leaves it, but for its worth."""
    width = len(FEATURES)
    flat = Linear(np.zeros(width), np.zeros(width), np.ones(width), np.zeros(width), np.zeros(width), base=0.5)
    content = OutcomeModel(((flat,),), Calibration(), np.zeros(width)).stored()
    row = {
        "model_id": model_id,
        "model_name": "outcome",
        "version": int(model_id),
        "state": state,
        "algorithm": "logistic_regression",
        "spec": TrainingSpec(observation_days=DAYS).stored(),
        "metrics": [asdict(Metric("brier", "by_subject", 0.2, 0.1, 0.3))],
        "calibration": [],
        "importance": [],
        "reference": reference(np.zeros((100, len(NAMES) + 1))).stored(),
        "content": packed(content),
        "note": "",
        "created_at": 0,
    }
    async with foundation.database.begin() as connection:
        await connection.execute(sa.insert(predictive_models).values(row))
        for subject_id in learned_from:
            link = {"subject_id": subject_id, "model_id": model_id}
            await connection.execute(sa.insert(predictive_model_subjects).values(link))


async def states(admin: Any) -> list[int]:
    return [one.state for one in (await admin.ListModels(prediction_pb2.ListModelsRequest())).models]


async def test_withdrawal_makes_models_stale_and_empties_rejected_ones(
    game: Any, admin: Any, foundation: Foundation
) -> None:
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True, research=True))
    ann = await subject_ids(foundation)
    await stored_model(foundation, "1", "rejected", *ann)
    await stored_model(foundation, "2", "active", *ann)
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", analytics=True))
    assert await states(admin) == [prediction_pb2.MODEL_STATE_ACTIVE, prediction_pb2.MODEL_STATE_REJECTED]
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="ann", research=False))
    assert await states(admin) == [prediction_pb2.MODEL_STATE_STALE, prediction_pb2.MODEL_STATE_RETIRED]
    async with foundation.database.read() as connection:
        contents = sa.select(predictive_models.c.content).order_by(predictive_models.c.version)
        assert [found is None for found in (await connection.execute(contents)).scalars()] == [True, False]


async def test_a_training_without_enough_players_or_with_one_kind_of_outcome_says_so(game: Any, admin: Any) -> None:
    empty = await trained(admin)
    assert (empty.state, empty.reason) == (prediction_pb2.TRAINING_STATE_FAILED, "too_few_players")
    await populate(game, both_kinds=False)
    alike = await trained(admin)
    assert (alike.state, alike.reason) == (prediction_pb2.TRAINING_STATE_FAILED, "outcomes_of_one_kind")
    assert "positive_categories" in alike.message


async def test_only_those_who_consent_to_research_are_learned_from(game: Any, admin: Any) -> None:
    await populate(game, players=120)
    for number in range(40):
        await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id=f"player-{number}", research=False))
    assert (await trained(admin)).reason == "too_few_players"


@pytest.fixture
async def held_lease(foundation: Foundation) -> None:
    """Another replica holds the lease, so that a training waits."""
    async with foundation.database.begin() as connection:
        await claim(connection, leases, "training", "another", timedelta(minutes=5))


@pytest.mark.usefixtures("held_lease")
async def test_a_second_training_is_refused_until_the_first_is_cancelled(admin: Any) -> None:
    begun = await admin.TrainModel(prediction_pb2.TrainModelRequest(request_id="r1"))
    again = await admin.TrainModel(prediction_pb2.TrainModelRequest(request_id="r1"))
    assert again.training_id == begun.training_id
    assert await reason(admin.TrainModel(prediction_pb2.TrainModelRequest())) == "TRAINING_RUNNING"
    cancel = prediction_pb2.CancelTrainingRequest(training_id=begun.training_id)
    for _ in range(2):
        assert (await admin.CancelTraining(cancel)).state == prediction_pb2.TRAINING_STATE_CANCELLED
    await admin.TrainModel(prediction_pb2.TrainModelRequest())
    assert await reason(admin.GetTraining(prediction_pb2.GetTrainingRequest(training_id="none"))) == (
        "TRAINING_NOT_FOUND"
    )
    assert await reason(admin.GetModel(prediction_pb2.GetModelRequest(model_id="none"))) == "MODEL_NOT_FOUND"


@pytest.mark.usefixtures("held_lease")
async def test_a_training_whose_process_died_is_ended_as_interrupted(admin: Any, foundation: Foundation) -> None:
    begun = await admin.TrainModel(prediction_pb2.TrainModelRequest())
    async with foundation.database.begin() as connection:
        await connection.execute(sa.update(predictive_trainings).values(state="running", token=1))
        past = NOW - timedelta(minutes=1)
        await connection.execute(sa.update(leases).where(leases.c.name == "training").values(expires_at=past))
    async with asyncio.timeout(60):
        found = await ended(admin, begun.training_id)
    assert (found.state, found.reason) == (prediction_pb2.TRAINING_STATE_FAILED, "interrupted")
    assert "Train again" in found.message


async def test_a_holder_that_lost_the_lease_changes_nothing(foundation: Foundation, admin: Any) -> None:
    store = SqlTrainings(foundation.database, foundation.store)
    begun = await admin.TrainModel(prediction_pb2.TrainModelRequest())
    assert not await store.advance(begun.training_id, 999_999, 0.5, "late")
    await store.fail(begun.training_id, 999_999, "internal", "late")
    assert (await ended(admin, begun.training_id)).reason == "too_few_players"


async def test_a_prediction_needs_consent_a_model_and_enough_days(
    game: Any, therapist: Any, foundation: Foundation
) -> None:
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="silent", analytics=False))
    await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id="young", analytics=True))
    await ingest(game, [session("young", "s", NOW - timedelta(days=1))])

    async def refused(user: str) -> str:
        return await reason(therapist.PredictOutcome(prediction_pb2.PredictOutcomeRequest(user_id=user), timeout=60))

    assert await refused("silent") == "CONSENT_MISSING"
    assert await refused("young") == "NO_ACTIVE_MODEL"
    await stored_model(foundation, "1", "active")
    assert await refused("young") == "TOO_LITTLE_KNOWN"
    await ingest(game, [session("young", "first", NOW - timedelta(days=DAYS + 1))])
    said = await therapist.PredictOutcome(prediction_pb2.PredictOutcomeRequest(user_id="young"), timeout=60)
    assert said.probability == pytest.approx(1 / (1 + np.exp(-0.5)))
    decided = facts_pb2.TherapeuticOutcome(user_id="young", outcome_category=common_pb2.OUTCOME_CATEGORY_GOOD)
    decided.recorded_at.FromDatetime(NOW - timedelta(days=DAYS))
    await game.RecordOutcomes(ingestion_pb2.RecordOutcomesRequest(outcomes=[decided]))
    assert await refused("young") == "OUTCOME_KNOWN"


async def test_peers_are_those_whose_first_fact_lies_in_the_window(game: Any, foundation: Foundation) -> None:
    window = (micros(NOW - timedelta(days=40)), micros(NOW - timedelta(days=10)))
    for user, days in (("new", (30, 5)), ("old", (60, 30)), ("late", (5,)), ("silent", (30,))):
        agreed = user != "silent"
        await game.SetConsent(ingestion_pb2.SetConsentRequest(user_id=user, analytics=True, research=agreed))
        await ingest(game, [session(user, f"s{day}", NOW - timedelta(days=day)) for day in days])
    histories = SqlHistories(foundation.database)
    found = await histories.entered(*window, limit=10)
    (facts,) = await histories.of(found)
    assert facts.first() == micros(NOW - timedelta(days=30))
    assert len(facts.sessions) == 2
    assert await histories.entered(*window, limit=0) == []
