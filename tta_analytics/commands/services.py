"""`serve`, `migrate`, `crisis`, `export`: run a service's own code as `python -m <service> ...`."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from mesh.setting_types import Duration
from tta_analytics.commands.session import errors

MODULES = {
    "aggregation": "aggregation_svc",
    "monitoring": "monitoring_svc",
    "reporting": "reporting_svc",
    "gateway": "gateway",
}
ServiceName = StrEnum("ServiceName", list(MODULES))  # type: ignore[misc]
WITH_DATABASE = ("aggregation", "monitoring", "reporting")

Rest = Annotated[list[str] | None, typer.Argument(help="Passed on as it is.")]


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", MODULES[name], *arguments]


def serve(
    name: Annotated[ServiceName, typer.Argument(help="Which process to run.")],
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes behind one port; more than one needs PostgreSQL.")
    ] = 1,
) -> None:
    """Run one service until SIGTERM.

    Example: TTA_DATABASE_URL=postgresql://... tta-analytics serve aggregation
    Example: TTA_DATABASE_URL=postgresql://... tta-analytics serve aggregation --workers 4
    """
    command = _module(name.value, "serve", *(["--workers", str(workers)] if workers > 1 else []))
    os.execv(command[0], command)


def migrate(
    name: Annotated[ServiceName | None, typer.Argument(help="One service; all when left out.")] = None,
    to: Annotated[str, typer.Option(help="Revision to go to, forwards or back.")] = "head",
    wait: Annotated[str | None, typer.Option(help="Change nothing; wait so long until it is there: `10min`.")] = None,
) -> None:
    """Bring the database schema of one or all services to a revision.

    Example: tta-analytics migrate
    Example: tta-analytics migrate monitoring --to 0001
    Example: tta-analytics migrate aggregation --wait 10min
    """
    services = [name.value] if name else list(WITH_DATABASE)
    if wait is not None:
        from tta_analytics.schemas import wait_for_schemas  # Alembic takes a second to import

        packages = {service: MODULES[service] for service in services}
        if behind := asyncio.run(wait_for_schemas(packages, _duration(wait))):
            errors.print(f"Error: {behind}; run the migrate job")
            raise typer.Exit(1)
        return
    for service in services:
        code = subprocess.run(_module(service, "migrate", to), check=False).returncode
        if code != 0:
            raise typer.Exit(code)


def _duration(text: str) -> timedelta:
    try:
        found: timedelta = TypeAdapter(Duration).validate_python(text)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is no duration; write a number and s, min or h, as in 10min") from None
    return found


def crisis(arguments: Rest = None) -> None:
    """Evaluate the crisis recogniser on your own labelled messages, or explain one decision.

    Example: tta-analytics crisis evaluate messages.csv --json
    Example: tta-analytics crisis explain "I can't do this any more"
    """
    command = _module("monitoring", "crisis", *(arguments or []))
    os.execv(command[0], command)


def export(arguments: Rest = None) -> None:
    """Write facts as Parquet files, a month a folder, and refresh those that changed; or verify them.

    Example: tta-analytics export facts --folder /srv/exports
    Example: tta-analytics export facts --month 2026-09
    Example: tta-analytics export facts --folder /srv/exports --verify
    """
    command = _module("aggregation", "export", *(arguments or []))
    os.execv(command[0], command)
