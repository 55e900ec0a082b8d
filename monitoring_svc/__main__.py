"""Serves monitoring: `python -m monitoring_svc [serve [--workers N] | migrate [REVISION] | crisis ...]`."""

import sys

from mesh import migrations
from mesh.server import run, serve
from mesh.settings import load
from mesh.worker_processes import Shared, refuse, serve_workers, workers_of
from monitoring_svc import crisis_cli
from monitoring_svc.bootstrap import bootstrap
from monitoring_svc.settings import MonitoringSettings


async def main(settings: MonitoringSettings, command: str, revision: str = "head") -> None:
    """Serve until told to stop, once the tables are there; or bring them to a revision, forwards or back."""
    url = settings.database("monitoring")
    if command == "migrate":
        await migrations.move(url, "monitoring_svc", revision)
        return
    await migrations.upgrade(url, "monitoring_svc")
    await serve((await bootstrap(settings)).service, settings)


async def serve_by(settings: MonitoringSettings, workers: int) -> int:
    """Serve by several processes behind one port, once the tables are there; return the exit code."""
    shared = Shared("monitoring_svc", "monitoring", {"monitoring_port": settings.monitoring_port}, needs_bus=True)
    refuse(shared, settings)
    await migrations.upgrade(settings.database("monitoring"), "monitoring_svc")
    return await serve_workers(shared, settings, workers)


if __name__ == "__main__":
    if sys.argv[1:2] == ["crisis"]:
        raise SystemExit(crisis_cli.main(sys.argv[2:]))
    if workers := workers_of(sys.argv[1:]):
        raise SystemExit(run(serve_by(load(MonitoringSettings), workers)))
    if sys.argv[1:2] not in ([], ["serve"], ["migrate"]) or len(sys.argv) > 3:
        raise SystemExit("usage: python -m monitoring_svc [serve [--workers N] | migrate [REVISION] | crisis ...]")
    run(main(load(MonitoringSettings), *(sys.argv[1:] or ["serve"])))
