"""The only wiring of the aggregation process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import grpc
from tta.analytics.v1 import (
    aggregation_pb2,
    aggregation_pb2_grpc,
    ingestion_pb2,
    ingestion_pb2_grpc,
    legacy_aggregation_pb2,
    legacy_aggregation_pb2_grpc,
    privacy_pb2,
    privacy_pb2_grpc,
)

from aggregation_svc.adapters.bounding import SqlPeriodFacts
from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.ledger import Ledger
from aggregation_svc.adapters.mechanism import PooledMechanism
from aggregation_svc.adapters.release_store import SqlReleases
from aggregation_svc.adapters.store_keys import store_key
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.domain.privacy.accountant import MICRO
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import MONTHLY_PLAN, ReleasePlan
from aggregation_svc.ports import Clock
from aggregation_svc.servicers.aggregation import AggregationServicer
from aggregation_svc.servicers.budget import BudgetServicer
from aggregation_svc.servicers.ingestion import IngestionServicer
from aggregation_svc.servicers.legacy import LegacyServicer
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.admitted import ConsentBasis
from aggregation_svc.usecases.aggregate_behavior import AggregateBehavior, Recorder
from aggregation_svc.usecases.analyze_cohorts import AnalyzeCohorts
from aggregation_svc.usecases.create_release import CreateRelease, ReleaseTerms
from aggregation_svc.usecases.get_budget import GetBudget, ListCharges, RaiseCap
from aggregation_svc.usecases.get_release import GetRelease
from aggregation_svc.usecases.group_commit import GroupCommit
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_sessions import IngestSessions
from aggregation_svc.usecases.list_releases import ListReleases
from aggregation_svc.usecases.query_cohorts import QueryCohorts
from aggregation_svc.usecases.set_consent import SetConsent
from mesh import migrations
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.pseudonyms import Pseudonymizer, Sealer, canonical_user_id
from mesh.server import Service
from mesh.settings import SettingError
from mesh.workers import NumericPool

NAME = "aggregation"
PACKAGE = "aggregation_svc"


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
    hashes = KeyedHash(await store_key(database, sealer, "facts"))
    identity = Identity(pseudonyms, sealer, hashes)
    audit = AuditLog(privacy_audit_log, settings.secret("audit_key"))
    idempotency = Idempotency(answered_requests)
    store = SqlStore(database, identity, audit, idempotency)
    return Foundation(settings, database, identity, audit, idempotency, store, clock)


@dataclass(frozen=True, slots=True)
class Part:
    """gRPC services of this process: their names, and what adds them to the server."""

    names: tuple[str, ...]
    register: Callable[[grpc.aio.Server], None]


def ingestion(on: Foundation) -> Part:
    """Wire facts and consent in."""
    hashes, canonical, anyone = on.identity.hashes, canonical_user_id, on.settings.legacy_consent == "asserted"
    sessions = IngestSessions(
        on.store, hashes, canonical, on.clock, grace=on.settings.period_grace, anyone_may_assert=anyone
    )
    servicer = IngestionServicer(
        sessions,
        GroupCommit(sessions),
        IngestMoments(on.store, hashes, canonical, on.clock, anyone_may_assert=anyone),
        SetConsent(on.store, hashes, canonical, on.clock),
    )
    name = ingestion_pb2.DESCRIPTOR.services_by_name["IngestionService"].full_name
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


def releasing(on: Foundation, plan: ReleasePlan, noise: Noise | None, pool: NumericPool) -> tuple[Part, ...]:
    """Wire private statistics out, and the account that pays for them."""
    settings = on.settings
    ledger = Ledger(on.database, round(settings.epsilon_budget * MICRO))
    releases = SqlReleases(on.database, ledger, on.audit)
    terms = ReleaseTerms(plan, settings.focus_names, settings.min_cohort, settings.period_grace)
    mechanism = PooledMechanism(pool, noise)
    query = QueryCohorts(releases)
    aggregate = AggregateBehavior(releases, mechanism, recorder(on), terms)
    servicer = AggregationServicer(  # type: ignore[abstract]  # calls without an answer yet are UNIMPLEMENTED
        CreateRelease(releases, SqlPeriodFacts(on.database), mechanism, terms),
        GetRelease(releases),
        ListReleases(releases),
        query,
        AnalyzeCohorts(releases),
        aggregate,
    )
    legacy = LegacyServicer(aggregate, query)
    budget = BudgetServicer(GetBudget(releases, plan), RaiseCap(releases), ListCharges(releases))  # type: ignore[abstract]
    return (
        Part(
            (aggregation_pb2.DESCRIPTOR.services_by_name["AggregationService"].full_name,),
            lambda server: aggregation_pb2_grpc.add_AggregationServiceServicer_to_server(servicer, server),
        ),
        Part(
            (legacy_aggregation_pb2.DESCRIPTOR.services_by_name["AggregationLegacyService"].full_name,),
            lambda server: legacy_aggregation_pb2_grpc.add_AggregationLegacyServiceServicer_to_server(legacy, server),
        ),
        Part(
            (privacy_pb2.DESCRIPTOR.services_by_name["PrivacyService"].full_name,),
            lambda server: privacy_pb2_grpc.add_PrivacyServiceServicer_to_server(budget, server),
        ),
    )


def service(on: Foundation, *, plan: ReleasePlan = MONTHLY_PLAN, noise: Noise | None = None) -> Service:
    """Return what the process serves.

    Args:
        on: what every part stands on.
        plan: of releases; another one is for tests alone, no setting and no caller can pass it.
        noise: the mechanism; not given: OpenDP's.
    """
    pool = NumericPool(on.settings.numeric_workers)
    parts = (ingestion(on), *releasing(on, plan, noise, pool))

    async def close() -> None:
        pool.close()
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
        close=close,
    )
