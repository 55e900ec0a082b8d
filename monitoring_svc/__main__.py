"""Serves monitoring: `python -m monitoring_svc [serve|migrate|crisis ...]`."""

import sys

from mesh import migrations
from mesh.server import run, serve
from mesh.settings import load
from monitoring_svc import crisis_cli
from monitoring_svc.bootstrap import bootstrap
from monitoring_svc.settings import MonitoringSettings


async def main(settings: MonitoringSettings, command: str) -> None:
    """Bring the tables forward, then serve until told to stop."""
    await migrations.upgrade(settings.database("monitoring"), "monitoring_svc")
    if command == "serve":
        await serve((await bootstrap(settings)).service, settings)


if __name__ == "__main__":
    if sys.argv[1:2] == ["crisis"]:
        raise SystemExit(crisis_cli.main(sys.argv[2:]))
    run(main(load(MonitoringSettings), (*sys.argv[1:], "serve")[0]))
