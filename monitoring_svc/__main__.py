"""Serves monitoring: `python -m monitoring_svc [serve | migrate [REVISION] | crisis ...]`."""

import sys

from mesh import migrations
from mesh.server import run, serve
from mesh.settings import load
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


if __name__ == "__main__":
    if sys.argv[1:2] == ["crisis"]:
        raise SystemExit(crisis_cli.main(sys.argv[2:]))
    if sys.argv[1:2] not in ([], ["serve"], ["migrate"]) or len(sys.argv) > 3:
        raise SystemExit("usage: python -m monitoring_svc [serve | migrate [REVISION] | crisis ...]")
    run(main(load(MonitoringSettings), *(sys.argv[1:] or ["serve"])))
