"""The only wiring of the aggregation process, a module for what belongs together."""

import grpc

from aggregation_svc.bootstrap.foundation import NAME, PACKAGE, Foundation, found
from aggregation_svc.bootstrap.housekeeping import housekeeping
from aggregation_svc.bootstrap.ingestion import WayIn, ingestion
from aggregation_svc.bootstrap.prediction import predicting
from aggregation_svc.bootstrap.releases import releasing
from aggregation_svc.bootstrap.rights import rights
from aggregation_svc.domain.privacy.noise import Noise
from aggregation_svc.domain.release_plan import MONTHLY_PLAN, ReleasePlan
from mesh.audit_upkeep import AuditUpkeep
from mesh.server import Service
from mesh.workers import NumericPool

__all__ = ["NAME", "PACKAGE", "Foundation", "found", "service"]


def service(on: Foundation, *, plan: ReleasePlan = MONTHLY_PLAN, noise: Noise | None = None) -> Service:
    """Return what the process serves.

    Args:
        on: what every part stands on.
        plan: of releases; another one is for tests alone, no setting and no caller can pass it.
        noise: the mechanism; not given: OpenDP's.
    """
    pool = NumericPool(on.settings.numeric_workers)
    way_in = WayIn.of(on)
    releases, account = releasing(on, way_in, plan, noise, pool)
    parts = (ingestion(on, way_in), *releases, *rights(on, account), predicting(on, pool))

    async def drain() -> None:
        for part in parts:
            if part.drain is not None:
                await part.drain()

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
        service_names=tuple(part.name for part in parts),
        ready=on.database.ping,
        background=(*(work for part in parts for work in part.background), *housekeeping(on)),
        on_refusals=AuditUpkeep(on.database, on.audit).append_refusals,
        drain=drain,
        close=close,
    )
