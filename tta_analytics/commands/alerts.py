"""`alerts watch`: alerts as they happen, one line each."""

from datetime import UTC
from enum import StrEnum
from typing import Annotated

import typer
from tta.analytics.v1 import alert_pb2, common_pb2

from tta_analytics.client.subscription import Filter
from tta_analytics.commands.session import console, errors, open_client, run
from tta_analytics.settings import CommandSettings

app = typer.Typer(no_args_is_help=True, help="Alerts.")


class SeverityName(StrEnum):
    """How much an alert matters."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


SEVERITIES = {
    SeverityName.LOW: common_pb2.SEVERITY_LOW,
    SeverityName.MEDIUM: common_pb2.SEVERITY_MEDIUM,
    SeverityName.HIGH: common_pb2.SEVERITY_HIGH,
    SeverityName.CRITICAL: common_pb2.SEVERITY_CRITICAL,
}
COLOURS = {4: "bold red", 3: "red", 2: "yellow", 1: "dim"}


@app.callback()
def alerts() -> None:
    """Alerts."""


@app.command()
def watch(
    cursor: Annotated[str, typer.Option(help="Where to go on; 0 for all that is kept, nothing for new ones.")] = "",
    min_severity: Annotated[SeverityName, typer.Option(help="Leave out what matters less.")] = SeverityName.LOW,
) -> None:
    """Print alert events until Ctrl-C; a broken connection is taken up again where it was.

    Example: tta-analytics alerts watch --min-severity high
    Example: tta-analytics alerts watch --cursor 0
    """

    async def command(settings: CommandSettings) -> None:
        async with open_client(settings) as client:
            subscription = client.subscribe(
                Filter(min_severity=SEVERITIES[min_severity]),
                cursor=cursor,
                on_interruption=lambda reason: errors.print(f"Waiting: {reason}"),
            )
            async for event in subscription:
                _print(event, subscription.cursor)

    run(command)


def _print(event: alert_pb2.AlertEvent, cursor: str) -> None:
    severity = event.alert.severity
    name = common_pb2.Severity.Name(severity).removeprefix("SEVERITY_").lower()
    kind = alert_pb2.AlertEventKind.Name(event.kind).removeprefix("ALERT_EVENT_KIND_").lower()
    console.print(
        f"{event.occurred_at.ToDatetime(tzinfo=UTC):%H:%M:%S} {name:8} {kind:15} {event.alert.title}",
        style=COLOURS.get(severity, ""),
        highlight=False,
        markup=False,
    )
