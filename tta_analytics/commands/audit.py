"""`audit`: whether the trail of who did what was changed, cut or put back."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from tta.analytics.v1 import privacy_pb2

from mesh.audit_chain import head_of
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.importing.rows import UnreadableFile
from tta_analytics.settings import CommandSettings

CHAIN = "privacy_audit_log"
"""Aggregation's chain, as its lines `audit_head` name it."""
app = typer.Typer(no_args_is_help=True, help="The audit trail.")


@app.callback()
def audit() -> None:
    """Check the trail of who did what."""


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(help="Compare with this head: the field head of a line audit_head, or what this printed.")
    ] = "",
    log: Annotated[
        Path | None,
        typer.Option(
            allow_dash=True,
            exists=True,
            dir_okay=False,
            help="Compare with the newest head in these log lines; - reads them here.",
        ),
    ] = None,
) -> None:
    """Check the audit chain of aggregation, and that it was not put back to an earlier state.

    A database that was put back whole is whole in itself: what the log stream kept shows it. Exits with 1 where the
    trail was changed, and prints the head to keep where it was not.

    Example: kubectl logs --selector app.kubernetes.io/name=aggregation --tail -1 | tta-analytics audit verify --log -
    """

    async def command(settings: CommandSettings) -> privacy_pb2.VerifyAuditLogResponse:
        known = head if log is None else _newest(log)
        async with open_client(settings) as client:
            return await client.privacy.VerifyAuditLog(privacy_pb2.VerifyAuditLogRequest(known_head=known), timeout=600)

    if head and log is not None:
        errors.print("Error: give --head or --log")
        raise typer.Exit(2)
    verdict = run(command)
    if not verdict.intact:
        errors.print(f"Error: at position {verdict.broken_position}: {verdict.problem}", style="bold red")
        raise typer.Exit(1)
    compared = ", and nothing was put back" if head or log else ""
    console.print(f"{verdict.entries:,} entries, none changed, missing or reordered{compared}", highlight=False)
    console.print(verdict.signed_head, highlight=False, soft_wrap=True)


def _newest(log: Path) -> str:
    if str(log) == "-":
        found = newest_head(sys.stdin)
    else:
        with log.open(encoding="utf-8", errors="replace") as lines:
            found = newest_head(lines)
    if not found:
        raise UnreadableFile(f"{log}: no line audit_head of {CHAIN}; one is written every ten minutes")
    return found


def newest_head(lines: Iterable[str]) -> str:
    """Return the head of the highest position in lines of the log stream; empty where there is none."""
    heads = []
    for line in lines:
        try:
            said = json.loads(line[max(line.find("{"), 0) :])
        except ValueError:
            continue
        if isinstance(said, dict) and (said.get("event"), said.get("chain")) == ("audit_head", CHAIN):
            heads.append(str(said.get("head", "")))
    return max(filter(None, heads), key=lambda one: head_of(one).position, default="")
