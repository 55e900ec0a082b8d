"""PredictionService: trainings, models, and the outlook of one player."""

from collections.abc import AsyncIterator
from typing import Any

from tta.analytics.v1 import common_pb2, prediction_pb2_grpc
from tta.analytics.v1 import prediction_pb2 as pb

from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.history import SUCCESSES
from aggregation_svc.domain.prediction.quality import Metric
from aggregation_svc.domain.prediction.trainings import (
    DEFAULT_DAYS,
    DEFAULT_NAME,
    Model,
    ModelState,
    Training,
    TrainingSpec,
)
from aggregation_svc.servicers.callers import actor
from aggregation_svc.servicers.facts import micros
from aggregation_svc.servicers.ingestion import timestamp as moment_of
from aggregation_svc.servicers.rendering import category
from aggregation_svc.usecases.models import ListModels
from aggregation_svc.usecases.predict_outcome import Prediction, PredictOutcome, stale
from aggregation_svc.usecases.train_model import TrainModel
from mesh.paging import decode_token, encode_token, filter_hash, page_size
from mesh.protos import enum_name, enum_value, timestamp


class PredictionServicer(prediction_pb2_grpc.PredictionServiceServicer):
    """Parses, calls, renders."""

    def __init__(self, trainings: TrainModel, models: ListModels, predict: PredictOutcome) -> None:
        """Take the use cases."""
        self._trainings, self._models, self._predict = trainings, models, predict

    async def TrainModel(self, request: pb.TrainModelRequest, context: Any) -> pb.Training:  # noqa: N802, D102
        return training(await self._trainings.begin(actor(), spec(request), request.request_id))

    async def GetTraining(self, request: pb.GetTrainingRequest, context: Any) -> pb.Training:  # noqa: N802, D102
        return training(await self._trainings.get(request.training_id))

    async def CancelTraining(self, request: pb.CancelTrainingRequest, context: Any) -> pb.Training:  # noqa: N802, D102
        return training(await self._trainings.cancel(actor(), request.training_id))

    async def WatchTraining(  # noqa: N802, D102
        self, request: pb.WatchTrainingRequest, context: Any
    ) -> AsyncIterator[pb.Training]:
        async for one in self._trainings.watch(request.training_id):
            yield training(one)

    async def ListModels(self, request: pb.ListModelsRequest, context: Any) -> pb.ListModelsResponse:  # noqa: N802, D102
        name = request.model_name or None
        state = ModelState(enum_name(pb.ModelState, request.state)) if request.state else None
        question = filter_hash("ListModels", model_name=name, state=state)
        position, size = decode_token(request.page_token, question), page_size(request.page_size)
        before = None if position is None else int(position["before"])
        found = await self._models(name, state, before, size + 1)
        more = len(found) > size
        return pb.ListModelsResponse(
            models=[model(one) for one in found[:size]],
            next_page_token=encode_token({"before": found[size - 1].position}, question) if more else "",
        )

    async def GetModel(self, request: pb.GetModelRequest, context: Any) -> pb.Model:  # noqa: N802, D102
        return model(await self._models.get(request.model_id))

    async def PredictOutcome(self, request: pb.PredictOutcomeRequest, context: Any) -> pb.Prediction:  # noqa: N802, D102
        return prediction(await self._predict(actor(), request.user_id, request.model_name or DEFAULT_NAME))


def spec(request: pb.TrainModelRequest) -> TrainingSpec:
    """Parse what to learn."""
    given = {enum_name(common_pb2.OutcomeCategory, one) for one in request.positive_categories}
    return TrainingSpec(
        request.model_name or DEFAULT_NAME,
        tuple(sorted(given or SUCCESSES)),
        request.observation_days or DEFAULT_DAYS,
        micros(request.outcomes_until) if request.HasField("outcomes_until") else None,
        micros(request.entered_since) if request.HasField("entered_since") else None,
    )


def training(value: Training) -> pb.Training:
    """Render a training."""
    return pb.Training(
        training_id=value.training_id,
        state=pb.TrainingState.ValueType(enum_value(pb.TrainingState, value.state.value)),
        progress=value.progress,
        message=value.message,
        model_id=value.model_id,
        created_at=timestamp(value.created_at),
        finished_at=None if value.finished_at is None else timestamp(value.finished_at),
        reason=value.reason,
        model_name=value.spec.model_name,
    )


def model(value: Model) -> pb.Model:
    """Render a model with its quality."""
    drift = value.drift
    return pb.Model(
        model_id=value.model_id,
        model_name=value.spec.model_name,
        version=value.version,
        state=pb.ModelState.ValueType(enum_value(pb.ModelState, value.state.value)),
        algorithm=value.algorithm,
        observation_days=value.spec.observation_days,
        positive_categories=[category(one) for one in value.spec.positive],
        metrics=[_metric(one) for one in value.metrics],
        calibration=[
            pb.CalibrationBin(predicted=one.predicted, observed=one.observed, weight=one.weight)
            for one in value.calibration
        ],
        features=[pb.FeatureImportance(name=name, importance=weight) for name, weight in value.importance],
        drift=0.0 if drift is None else drift.score_stability,
        watch=None if drift is None else _drift(drift),
        note=value.note,
        created_at=timestamp(value.created_at),
    )


def prediction(value: Prediction) -> pb.Prediction:
    """Render a prediction."""
    said = value.outlook
    return pb.Prediction(
        probability=said.probability,
        lower=said.lower,
        upper=said.upper,
        reasons=[
            pb.PredictionReason(
                feature=one.feature, value=one.value, contribution=one.contribution, description=one.description
            )
            for one in said.reasons
        ],
        model_id=value.model.model_id,
        model_version=value.model.version,
        model_stale=stale(value),
        known_until=timestamp(value.known_until),
    )


def _metric(value: Metric) -> pb.ModelMetric:
    return pb.ModelMetric(
        name=value.name,
        evaluation=value.evaluation,
        value=value.value,
        lower=value.lower,
        upper=value.upper,
        majority=value.majority,
        baseline=value.baseline,
    )


def _drift(value: Drift) -> pb.ModelDrift:
    return pb.ModelDrift(
        score_stability=value.score_stability,
        features=[pb.FeatureDrift(name=name, stability=moved) for name, moved in value.features],
        recent_brier=value.recent_brier,
        trained_brier=value.trained_brier,
        verdict=value.verdict,
        checked_at=moment_of(value.checked_at),
    )
