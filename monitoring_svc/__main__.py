"""The monitoring process: `python -m monitoring_svc [serve [--workers N] | migrate [REVISION] | crisis ...]`."""

import sys

from mesh import migrations, server
from mesh.command import Process
from monitoring_svc import crisis_cli
from monitoring_svc.bootstrap import bootstrap
from monitoring_svc.settings import MonitoringSettings


async def serve(settings: MonitoringSettings) -> None:
    """Serve until told to stop, once the tables are there."""
    await migrations.upgrade(settings.database("monitoring"), "monitoring_svc")
    await server.serve((await bootstrap(settings)).service, settings)


PROCESS = Process(
    package="monitoring_svc",
    name="monitoring",
    settings=MonitoringSettings,
    serve=serve,
    ports=lambda settings: {"monitoring_port": settings.monitoring_port},
    needs_bus=True,
    others={"crisis": crisis_cli.main},
)

if __name__ == "__main__":
    PROCESS.main(sys.argv[1:])
