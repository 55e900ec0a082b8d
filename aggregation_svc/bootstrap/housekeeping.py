"""The work that comes round: rotation of keys, retention, exports, signed heads of the audit chain."""

from datetime import timedelta

from aggregation_svc.adapters.housekeeping import regularly
from aggregation_svc.adapters.key_rotation import KeyRotation
from aggregation_svc.adapters.retention import Retention
from aggregation_svc.bootstrap.foundation import Foundation
from aggregation_svc.bootstrap.part import Work

KEYS_EVERY = timedelta(minutes=10)
"""Between looks for lookup keys and seals under a key older than the active one."""
HEADS_EVERY = timedelta(minutes=10)
"""Between signed heads of the audit chain in the log."""


def housekeeping(on: Foundation) -> tuple[Work, ...]:
    """Return the work that comes round, each under a lease of its own."""
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

    work = (
        regularly(database, "key_rotation", KEYS_EVERY, rotate),
        regularly(database, "retention", settings.retention_every, retention),
        regularly(database, "audit_head", HEADS_EVERY, log_head),
    )
    if settings.exports() is None:
        return work
    refresh = on.exports().refresh_exported
    return (*work, regularly(database, "export_refresh", settings.export_refresh_every, refresh))
