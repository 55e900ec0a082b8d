"""The aggregation process: `python -m aggregation_svc [serve [--workers N] | migrate [REVISION] | export facts]`."""

import sys

from aggregation_svc import bootstrap, export_cli
from aggregation_svc.settings import AggregationSettings
from mesh import server
from mesh.command import Process
from mesh.process import run


async def serve(settings: AggregationSettings) -> None:
    """Serve until told to stop."""
    await server.serve(bootstrap.service(await bootstrap.found(settings)), settings)


PROCESS = Process(
    package=bootstrap.PACKAGE,
    name=bootstrap.NAME,
    settings=AggregationSettings,
    serve=serve,
    ports=lambda settings: {"aggregation_port": settings.aggregation_port},
    needs_bus=False,
    others={"export": lambda rest: run(export_cli.export(rest))},
)

if __name__ == "__main__":
    PROCESS.main(sys.argv[1:])
