"""The reporting process: `python -m reporting_svc [serve [--workers N] | migrate [REVISION]]`."""

import sys

from mesh import migrations, server
from mesh.settings import load
from mesh.worker_processes import Shared, serve_workers, workers_of
from reporting_svc import bootstrap
from reporting_svc.settings import ReportingSettings


async def serve() -> None:
    """Serve until told to stop."""
    settings = load(ReportingSettings)
    await server.serve((await bootstrap.bootstrap(settings)).service, settings)


async def serve_by(workers: int) -> int:
    """Serve by several processes behind one port; return the exit code."""
    settings = load(ReportingSettings)
    ports = {"reporting_port": settings.reporting_port}
    return await serve_workers(Shared(bootstrap.PACKAGE, bootstrap.NAME, ports, needs_bus=True), settings, workers)


async def migrate(revision: str = "head") -> None:
    """Bring the database to a revision, forwards or back: `head` is the newest, `base` removes every table."""
    await migrations.move(load(ReportingSettings).database(bootstrap.NAME), bootstrap.PACKAGE, revision)


def main(arguments: list[str]) -> None:
    """Run one command; exit code 2 with one line where it is not known."""
    match arguments:
        case [] | ["serve"]:
            server.run(serve())
        case ["serve", "--workers", _] if workers := workers_of(arguments):
            raise SystemExit(server.run(serve_by(workers)))
        case ["migrate", *revision] if len(revision) < 2:
            server.run(migrate(*revision))
        case _:
            sys.stderr.write("usage: python -m reporting_svc [serve [--workers N] | migrate [REVISION]]\n")
            raise SystemExit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
