"""The reporting process: `python -m reporting_svc [serve [--workers N] | migrate [REVISION]]`."""

import sys

from mesh import server
from mesh.command import Process
from reporting_svc import bootstrap
from reporting_svc.settings import ReportingSettings


async def serve(settings: ReportingSettings) -> None:
    """Serve until told to stop."""
    await server.serve((await bootstrap.bootstrap(settings)).service, settings)


PROCESS = Process(
    package=bootstrap.PACKAGE,
    name=bootstrap.NAME,
    settings=ReportingSettings,
    serve=serve,
    ports=lambda settings: {"reporting_port": settings.reporting_port},
    needs_bus=True,
)

if __name__ == "__main__":
    PROCESS.main(sys.argv[1:])
