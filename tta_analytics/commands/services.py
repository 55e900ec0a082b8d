"""`serve`, `migrate`, `crisis`: run a service's own code as `python -m <service> ...`."""

import os
import subprocess
import sys
from enum import StrEnum
from typing import Annotated

import typer

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


def serve(name: Annotated[ServiceName, typer.Argument(help="Which process to run.")]) -> None:
    """Run one service in this process until SIGTERM.

    Example: TTA_DATABASE_URL=postgresql://... tta-analytics serve aggregation
    """
    command = _module(name.value)
    os.execv(command[0], command)


def migrate(
    name: Annotated[ServiceName | None, typer.Argument(help="One service; all when left out.")] = None,
    to: Annotated[str, typer.Option(help="Revision to go to, forwards or back.")] = "head",
) -> None:
    """Bring the database schema of one or all services to a revision.

    Example: tta-analytics migrate
    Example: tta-analytics migrate monitoring --to 0001
    """
    for service in [name.value] if name else WITH_DATABASE:
        code = subprocess.run(_module(service, "migrate", to), check=False).returncode
        if code != 0:
            raise typer.Exit(code)


def crisis(arguments: Rest = None) -> None:
    """Evaluate the crisis recogniser on your own labelled messages, or explain one decision.

    Example: tta-analytics crisis evaluate messages.csv --json
    Example: tta-analytics crisis explain "I can't do this any more"
    """
    command = _module("monitoring", "crisis", *(arguments or []))
    os.execv(command[0], command)
