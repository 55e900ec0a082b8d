"""Outcome models of single subjects."""

from tta.analytics.v1 import prediction_pb2, prediction_pb2_grpc

from aggregation_svc.adapters.histories import SqlHistories
from aggregation_svc.adapters.housekeeping import regularly
from aggregation_svc.adapters.model_store import SqlModels
from aggregation_svc.adapters.training_store import SqlTrainings
from aggregation_svc.bootstrap.foundation import Foundation, new_id
from aggregation_svc.bootstrap.part import Part
from aggregation_svc.servicers.prediction import PredictionServicer
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.models import ListModels
from aggregation_svc.usecases.predict_outcome import PredictOutcome
from aggregation_svc.usecases.run_trainings import RunTrainings
from aggregation_svc.usecases.train_model import TrainModel
from aggregation_svc.usecases.watch_models import WatchModels
from mesh.pseudonyms import canonical_user_id
from mesh.workers import NumericPool


def predicting(on: Foundation, pool: NumericPool) -> Part:
    """Wire outcome models; what trains has a worker of its own, so that neither releases nor predictions wait."""
    training_pool = NumericPool(min(1, on.settings.numeric_workers))
    trainings, models = SqlTrainings(on.database, on.store), SqlModels(on.database, on.store)
    histories = SqlHistories(on.database)
    run = RunTrainings(trainings, KnownPlayers(histories, training_pool), training_pool, new_id)
    train = TrainModel(trainings, on.identity.hashes, on.clock, new_id, run.wake)
    predict = PredictOutcome(on.store, models, histories, pool, canonical_user_id, on.clock)
    watch = WatchModels(
        models, trainings, histories, training_pool, on.clock, new_id, on.settings.model_stale_term, run.wake
    )

    async def close() -> None:
        # A step of a training may take a minute; what it was for is marked as interrupted by now.
        training_pool.close(wait=False)

    return Part(
        prediction_pb2.DESCRIPTOR.services_by_name["PredictionService"],
        prediction_pb2_grpc.add_PredictionServiceServicer_to_server,
        PredictionServicer(train, ListModels(models), predict),
        background=(run, regularly(on.database, "models", on.settings.model_watch_every, watch)),
        closing=(close,),
    )
