"""Work that comes round, under the leases of aggregation."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aggregation_svc.adapters.tables import leases
from mesh import housekeeping
from mesh.database import Database


def regularly(
    database: Database, name: str, every: timedelta, work: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[None]]:
    """Return what runs `work` at once and then every so often, under the lease `name`."""
    return housekeeping.regularly(database, leases, name, every, work)
