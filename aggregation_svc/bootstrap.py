"""The only wiring of the aggregation process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import grpc
from tta.analytics.v1 import ingestion_pb2, ingestion_pb2_grpc

from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.store_keys import store_key
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.ports import Clock
from aggregation_svc.servicers.ingestion import IngestionServicer
from aggregation_svc.settings import AggregationSettings
from aggregation_svc.usecases.group_commit import GroupCommit
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_sessions import IngestSessions
from aggregation_svc.usecases.set_consent import SetConsent
from mesh import migrations
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.pseudonyms import Pseudonymizer, Sealer, canonical_user_id
from mesh.server import Service
from mesh.settings import SettingError

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


def service(on: Foundation) -> Service:
    """Return what the process serves."""
    parts = (ingestion(on),)

    def register(server: grpc.aio.Server) -> None:
        for part in parts:
            part.register(server)

    return Service(
        name=NAME,
        port=on.settings.aggregation_port,
        register=register,
        service_names=tuple(name for part in parts for name in part.names),
        ready=on.database.ping,
        close=on.database.close,
    )
