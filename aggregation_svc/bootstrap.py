"""The only wiring of the aggregation process."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from google.protobuf.descriptor import FileDescriptor
from tta.analytics.v1 import (
    aggregation_pb2,
    aggregation_pb2_grpc,
    ingestion_pb2,
    ingestion_pb2_grpc,
    legacy_aggregation_pb2,
    legacy_aggregation_pb2_grpc,
    prediction_pb2,
    prediction_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
    subject_rights_pb2,
    subject_rights_pb2_grpc,
)

from aggregation_svc.adapters.account_figures import AccountFigures
from aggregation_svc.adapters.bounding import SqlPeriodFacts
from aggregation_svc.adapters.diary import SqlDiary
from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.histories import SqlHistories
from aggregation_svc.adapters.housekeeping import regularly
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.key_rotation import KeyRotation
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.model_store import SqlModels
from aggregation_svc.adapters.other_services import RemoteService
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.retention import Retention
from aggregation_svc.adapters.reveal_notice import notice
from aggregation_svc.adapters.rights_store import SqlRightsStore
from aggregation_svc.adapters.store_keys import store_key
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.adapters.training_store import SqlTrainings
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import MONTHLY_PLAN, ReleasePlan
from aggregation_svc.ports import Clock
from aggregation_svc.release_ports import PeriodFacts
from aggregation_svc.servicers.ingestion import IngestionServicer
from aggregation_svc.servicers.legacy import LegacyServicer
from aggregation_svc.servicers.players import PlayersServicer
from aggregation_svc.servicers.prediction import PredictionServicer
from aggregation_svc.servicers.privacy import PrivacyServicer
from aggregation_svc.servicers.rights import RightsCalls
from aggregation_svc.servicers.subject_rights import SubjectRightsServicer
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.aggregate_behavior import AggregateBehavior, Recorder
from aggregation_svc.usecases.analyze_cohorts import AnalyzeCohorts
from aggregation_svc.usecases.compare_cohorts import CompareCohorts
from aggregation_svc.usecases.consent_history import ListConsentHistory
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from aggregation_svc.usecases.create_retention import CreateRetention
from aggregation_svc.usecases.erase_subject import EraseSubject, ForgetHere
from aggregation_svc.usecases.export_subject import ExportSubject
from aggregation_svc.usecases.get_budget import GetBudget, ListCharges, RaiseCap
from aggregation_svc.usecases.get_progress_viz import GetProgressViz
from aggregation_svc.usecases.get_release import GetRelease
from aggregation_svc.usecases.get_retention import GetRetention
from aggregation_svc.usecases.group_commit import GroupCommit
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_sessions import IngestSessions
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.list_patterns import ListPatterns
from aggregation_svc.usecases.list_releases import ListReleases
from aggregation_svc.usecases.models import ListModels
from aggregation_svc.usecases.predict_outcome import PredictOutcome
from aggregation_svc.usecases.query_cohorts import QueryCohorts
from aggregation_svc.usecases.reveal_subject import RevealSubject
from aggregation_svc.usecases.run_trainings import RunTrainings
from aggregation_svc.usecases.set_consent import GetConsent, SetConsent
from aggregation_svc.usecases.train_model import TrainModel
from aggregation_svc.usecases.watch_models import WatchModels
from mesh import migrations
from mesh.audit import AuditLog, Record, Verification
from mesh.audit_upkeep import AuditUpkeep
from mesh.database import Database
from mesh.figures import reading
from mesh.idempotency import Idempotency
from mesh.pseudonyms import Pseudonymizer, Sealer, canonical_user_id, derive
from mesh.server import Service
from mesh.settings import SettingError
from mesh.workers import NumericPool

NAME = "aggregation"
PACKAGE = "aggregation_svc"

ERASURES_EVERY = timedelta(seconds=10)
KEYS_EVERY = timedelta(hours=1)
HEADS_EVERY = timedelta(minutes=10)


def utc_now() -> datetime:
    """Return this process's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every part of the process stands on."""

    settings: AggregationSettings
    database: Database
    identity: Identity
    audit: AuditLog
    idempotency: Idempotency
    store: SqlStore
    clock: Clock


async def found(settings: AggregationSettings, clock: Clock = utc_now) -> Foundation:
    """Open the database and unseal its keys.

    Raises:
        SettingError: a key is not set, or the database's schema is not that of this version.
    """
    sealer = Sealer(*settings.keys("seal_key"))
    pseudonyms = Pseudonymizer(*settings.keys("pseudonym_key"))
    url = settings.database(NAME)
    if await migrations.current(url, PACKAGE) != migrations.head(PACKAGE):
        raise SettingError("TTA_DATABASE_URL", "the database is not at this version; run `tta-analytics migrate`")
    database = Database(url, pool_size=settings.database_pool_size)
    try:
        hashes = KeyedHash(await store_key(database, sealer, "facts"))
    except BaseException:
        await database.close()
        raise
    identity = Identity(pseudonyms, sealer, hashes)
    audit = AuditLog(privacy_audit_log, settings.secret("audit_key"))
    idempotency = Idempotency(answered_requests, key=derive(settings.secret("audit_key"), "answered requests"))
    store = SqlStore(database, identity, audit, idempotency)
    return Foundation(settings, database, identity, audit, idempotency, store, clock)


@dataclass(frozen=True, slots=True)
class Part:
    """gRPC services of this process: their names, and what adds them to the server."""

    names: tuple[str, ...]
    register: Callable[[grpc.aio.Server], None]
    background: tuple[Callable[[], Awaitable[None]], ...] = ()
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()


def ingestion(on: Foundation) -> Part:
    """Wire facts and consent in."""
    hashes, canonical, anyone = on.identity.hashes, canonical_user_id, on.settings.legacy_consent == "asserted"
    sessions = IngestSessions(
        on.store, hashes, canonical, on.clock, grace=on.settings.period_grace, anyone_may_assert=anyone
    )
    servicer = IngestionServicer(
        sessions,
        GroupCommit(sessions, on.settings.ingest_queue),
        IngestMoments(on.store, hashes, canonical, on.clock, anyone_may_assert=anyone),
        SetConsent(on.store, hashes, canonical, on.clock),
    )
    name = _full_name(ingestion_pb2.DESCRIPTOR, "IngestionService")
    return Part((name,), lambda server: ingestion_pb2_grpc.add_IngestionServiceServicer_to_server(servicer, server))


def recorder(on: Foundation) -> Recorder:
    """Wire the way in that inline batches share with every ingest."""
    hashes, anyone = on.identity.hashes, on.settings.legacy_consent == "asserted"
    return Recorder(
        on.store,
        IngestSessions(
            on.store, hashes, canonical_user_id, on.clock, grace=on.settings.period_grace, anyone_may_assert=anyone
        ),
        IngestMoments(on.store, hashes, canonical_user_id, on.clock, anyone_may_assert=anyone),
        hashes,
        canonical_user_id,
        on.clock,
        ConsentBasis.ASSERTED if anyone else ConsentBasis.REQUIRED,
    )


def period_facts(on: Foundation) -> tuple[PeriodFacts, tuple[Callable[[], Awaitable[None]], ...]]:
    """Return where releases read bounded facts, and what closes it.

    Raises:
        SettingError: Spark is asked for and it, or Java, is missing.
    """
    in_database = SqlPeriodFacts(on.database)
    if on.settings.release_engine == "database":
        return in_database, ()
    from aggregation_svc.adapters.spark_facts import SparkPeriodFacts, require_spark

    require_spark()
    exports = FactExports(on.database, on.audit, on.settings.exports(), NAME)
    spark = SparkPeriodFacts(exports, on.settings.spark_master, in_database)
    return spark, (spark.close,)


Account = tuple[GetBudget, RaiseCap, ListCharges]
"""What the account of privacy loss is asked by."""


def releasing(
    on: Foundation, plan: ReleasePlan, noise: Noise | None, pool: NumericPool
) -> tuple[tuple[Part, ...], Account]:
    """Wire private statistics out, and the account that pays for them."""
    settings = on.settings
    ledger = Ledger(on.database, round(settings.epsilon_budget * MICRO))
    releases = SqlReleases(on.database, ledger, on.audit, on.idempotency)
    terms = ReleaseTerms(plan, settings.focus_names, settings.min_cohort, settings.period_grace)
    mechanism = PooledMechanism(pool, noise)
    query, listed_patterns = QueryCohorts(releases), ListPatterns(releases)
    aggregate = AggregateBehavior(releases, mechanism, recorder(on), terms)
    facts, closing = period_facts(on)
    servicer = PlayersServicer(
        GetProgressViz(SqlDiary(on.store), canonical_user_id, on.clock),
        CreateRelease(releases, facts, mechanism, terms),
        GetRelease(releases),
        ListReleases(releases),
        query,
        AnalyzeCohorts(releases),
        aggregate,
        CompareCohorts(releases),
        (CreateRetention(releases, facts, mechanism, terms, settings.retention_weeks), GetRetention(releases)),
        listed_patterns,
    )
    part = Part(
        (_full_name(aggregation_pb2.DESCRIPTOR, "AggregationService"),),
        lambda server: aggregation_pb2_grpc.add_AggregationServiceServicer_to_server(servicer, server),
        background=(reading(AccountFigures(on.database, ledger)),),
        closing=closing,
    )
    legacy = LegacyServicer(aggregate, query, listed_patterns)
    seed = Part(
        (_full_name(legacy_aggregation_pb2.DESCRIPTOR, "AggregationLegacyService"),),
        lambda server: legacy_aggregation_pb2_grpc.add_AggregationLegacyServiceServicer_to_server(legacy, server),
    )
    return (part, seed), (GetBudget(releases, plan), RaiseCap(releases, on.identity.hashes), ListCharges(releases))


def rights(on: Foundation, account: Account) -> tuple[Part, ...]:
    """Wire the rights of players, the audit trail, and the account that shares their gRPC service."""
    hashes, canonical = on.identity.hashes, canonical_user_id
    store = SqlRightsStore(on.store)
    others = [RemoteService(name, on.settings) for name in on.settings.rights_services]
    erase = EraseSubject(store, others, canonical, on.clock, _new_id)
    export = ExportSubject(store, others, hashes, canonical, on.clock)

    async def list_audit(**filters: Any) -> Sequence[Record]:
        async with on.database.read() as connection:
            return await on.audit.list(connection, **filters)

    async def verify_audit() -> Verification:
        async with on.database.read() as connection:
            return await on.audit.verify(connection)

    calls = RightsCalls(
        GetConsent(on.store, canonical),
        ListConsentHistory(store, canonical),
        RevealSubject(store, hashes, notice),
        export,
        erase,
        list_audit,
        verify_audit,
    )
    servicer = PrivacyServicer(calls, *account)
    own = SubjectRightsServicer(ForgetHere(store, canonical), export)
    return (
        Part(
            (_full_name(privacy_pb2.DESCRIPTOR, "PrivacyService"),),
            lambda server: privacy_pb2_grpc.add_PrivacyServiceServicer_to_server(servicer, server),
            background=(regularly(on.database, "erasures", ERASURES_EVERY, erase.carry_on_all),),
            closing=tuple(other.close for other in others),
        ),
        Part(
            (_full_name(subject_rights_pb2.DESCRIPTOR, "SubjectRightsService"),),
            lambda server: subject_rights_pb2_grpc.add_SubjectRightsServiceServicer_to_server(own, server),
        ),
    )


def predicting(on: Foundation, pool: NumericPool) -> Part:
    """Wire outcome models; what trains has a worker of its own, so that neither releases nor predictions wait."""
    training_pool = NumericPool(min(1, on.settings.numeric_workers))
    trainings, models = SqlTrainings(on.database, on.store), SqlModels(on.database, on.store)
    histories = SqlHistories(on.database)
    run = RunTrainings(trainings, KnownPlayers(histories, training_pool), training_pool, _new_id)
    train = TrainModel(trainings, on.identity.hashes, on.clock, _new_id, run.wake)
    predict = PredictOutcome(on.store, models, histories, pool, canonical_user_id, on.clock)
    watch = WatchModels(
        models, trainings, histories, training_pool, on.clock, _new_id, on.settings.model_stale_term, run.wake
    )
    servicer = PredictionServicer(train, ListModels(models), predict)

    async def close() -> None:
        # A step of a training may take a minute; what it was for is marked as interrupted by now.
        training_pool.close(wait=False)

    return Part(
        (_full_name(prediction_pb2.DESCRIPTOR, "PredictionService"),),
        lambda server: prediction_pb2_grpc.add_PredictionServiceServicer_to_server(servicer, server),
        background=(run, regularly(on.database, "models", on.settings.model_watch_every, watch)),
        closing=(close,),
    )


def _new_id() -> str:
    return uuid.uuid4().hex


def housekeeping(on: Foundation) -> tuple[Callable[[], Awaitable[None]], ...]:
    """Return the work that comes round: rotation of keys, retention, signed heads of the audit chain."""
    settings, database = on.settings, on.database
    rotate = KeyRotation(database, on.identity, on.audit)
    retention = Retention(
        database,
        on.audit,
        on.idempotency,
        facts_term=settings.facts_term,
        consent_history_term=settings.consent_history_term,
        audit_term=settings.audit_term,
    )

    async def log_head() -> None:
        async with database.read() as connection:
            await on.audit.log_head(connection)

    return (
        regularly(database, "key_rotation", KEYS_EVERY, rotate),
        regularly(database, "retention", settings.retention_every, lambda: retention(on.clock())),
        regularly(database, "audit_head", HEADS_EVERY, log_head),
    )


def service(on: Foundation, *, plan: ReleasePlan = MONTHLY_PLAN, noise: Noise | None = None) -> Service:
    """Return what the process serves.

    Args:
        on: what every part stands on.
        plan: of releases; another one is for tests alone, no setting and no caller can pass it.
        noise: the mechanism; not given: OpenDP's.
    """
    pool = NumericPool(on.settings.numeric_workers)
    releases, account = releasing(on, plan, noise, pool)
    parts = (ingestion(on), *releases, *rights(on, account), predicting(on, pool))

    async def close() -> None:
        pool.close()
        for part in parts:
            for closing in part.closing:
                await closing()
        await on.database.close()

    def register(server: grpc.aio.Server) -> None:
        for part in parts:
            part.register(server)

    return Service(
        name=NAME,
        port=on.settings.aggregation_port,
        register=register,
        service_names=tuple(name for part in parts for name in part.names),
        ready=on.database.ping,
        background=(*(work for part in parts for work in part.background), *housekeeping(on)),
        on_refusals=AuditUpkeep(on.database, on.audit).append_refusals,
        close=close,
    )


def _full_name(file: FileDescriptor, service_name: str) -> str:
    name: str = file.services_by_name[service_name].full_name
    return name
