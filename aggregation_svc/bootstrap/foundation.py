"""What every part of the process stands on: the database, its keys, the audit trail."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregation_svc.adapters.fact_exports import FactExports
from aggregation_svc.adapters.fact_store import SqlStore
from aggregation_svc.adapters.identity import Identity
from aggregation_svc.adapters.store_keys import require_keys, store_key
from aggregation_svc.adapters.tables import answered_requests, privacy_audit_log
from aggregation_svc.domain.keyed_hash import KeyedHash
from aggregation_svc.ports import Clock
from aggregation_svc.settings import AggregationSettings
from mesh import migrations
from mesh.audit import AuditLog
from mesh.database import Database
from mesh.idempotency import Idempotency
from mesh.pseudonyms import Pseudonymizer, Sealer, derive
from mesh.refusal import FailedPrecondition
from mesh.settings import SettingError

NAME = "aggregation"
PACKAGE = "aggregation_svc"


def utc_now() -> datetime:
    """Return this process's clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that nobody else has."""
    return uuid.uuid4().hex


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

    def exports(self) -> FactExports:
        """Return the exported facts; raises SettingError where there can be none."""
        return FactExports(self.database, self.audit, self.settings.required_exports(), NAME)


async def found(settings: AggregationSettings, clock: Clock = utc_now) -> Foundation:
    """Open the database and unseal its keys.

    Raises:
        SettingError: a key is not set or not that of this store, or the schema is not that of this version.
    """
    sealer = Sealer(*settings.keys("seal_key"))
    pseudonyms = Pseudonymizer(*settings.keys("pseudonym_key"))
    url = settings.database(NAME)
    if await migrations.current(url, PACKAGE) != migrations.head(PACKAGE):
        raise SettingError("TTA_DATABASE_URL", "the database is not at this version; run `tta-analytics migrate`")
    database = Database(url, pool_size=settings.database_pool_size)
    try:
        identity = Identity(pseudonyms, sealer, KeyedHash(await store_key(database, sealer, "facts")))
        await require_keys(database, identity)
    except FailedPrecondition as refusal:
        await database.close()
        raise SettingError("TTA_SEAL_KEY", "lacks the key that this store was sealed with; add it") from refusal
    except BaseException:
        await database.close()
        raise
    audit = AuditLog(privacy_audit_log, settings.secret("audit_key"))
    idempotency = Idempotency(answered_requests, key=derive(settings.secret("audit_key"), "answered requests"))
    store = SqlStore(database, identity, audit, idempotency)
    return Foundation(settings, database, identity, audit, idempotency, store, clock)
