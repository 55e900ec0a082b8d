"""The aggregation process: `python -m aggregation_svc [serve [--workers N] | migrate [REVISION] | export facts]`."""

import sys

from aggregation_svc import bootstrap, export_cli
from aggregation_svc.settings import AggregationSettings
from mesh import migrations, server
from mesh.settings import load
from mesh.worker_processes import Shared, serve_workers, workers_of


async def serve() -> None:
    """Serve until told to stop."""
    settings = load(AggregationSettings)
    await server.serve(bootstrap.service(await bootstrap.found(settings)), settings)


async def serve_by(workers: int) -> int:
    """Serve by several processes behind one port; return the exit code."""
    settings = load(AggregationSettings)
    ports = {"aggregation_port": settings.aggregation_port}
    return await serve_workers(Shared(bootstrap.PACKAGE, bootstrap.NAME, ports, needs_bus=False), settings, workers)


async def migrate(revision: str = "head") -> None:
    """Bring the database to a revision, forwards or back: `head` is the newest, `base` removes every table."""
    await migrations.move(load(AggregationSettings).database(bootstrap.NAME), bootstrap.PACKAGE, revision)


def main(arguments: list[str]) -> None:
    """Run one command; exit code 2 with one line where it is not known."""
    match arguments:
        case [] | ["serve"]:
            server.run(serve())
        case ["serve", "--workers", _] if workers := workers_of(arguments):
            raise SystemExit(server.run(serve_by(workers)))
        case ["export", *rest]:
            raise SystemExit(server.run(export_cli.export(rest)))
        case ["migrate", *revision] if len(revision) < 2:
            server.run(migrate(*revision))
        case _:
            raise SystemExit(
                "usage: python -m aggregation_svc [serve [--workers N] | migrate [REVISION] | export facts]"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
