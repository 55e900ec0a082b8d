"""`verify`: does a running deployment do what it should?"""

import asyncio
import secrets
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.table import Table

from tta_analytics.commands.session import console, errors
from tta_analytics.settings import command_settings
from tta_analytics.verify.checks import Outcome, Result
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.junit import junit
from tta_analytics.verify.suite import Suite

_COLOURS = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.SKIPPED: "yellow"}


def verify(
    url: Annotated[str, typer.Option(help="Address of the gateway.")] = "http://localhost:8098",
    token: Annotated[str | None, typer.Option(help="Bearer token; without it TTA_TOKEN, or one made here.")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML to this file.")] = None,
    prometheus: Annotated[str | None, typer.Option(help="Address of Prometheus, to check that too.")] = None,
    grafana: Annotated[str | None, typer.Option(help="Address of Grafana, to check that too.")] = None,
    slow: Annotated[float, typer.Option(help="Seconds that 95 of 100 answers may take.")] = 2.0,
    patience: Annotated[float, typer.Option(min=1, help="How many times as long to wait, on a slow machine.")] = 1.0,
) -> None:
    """Check a running deployment: health, calls, streams, alerts, reports, speed. Exit code 1 where a check fails.

    Safe on production data: it writes about a player and a metric of its own, tells nobody, spends no privacy budget,
    and erases what it wrote, also where it is stopped (Ctrl-C, SIGTERM). What the token may not do is skipped.

    Example: tta-analytics verify
    Example: tta-analytics verify --url https://analytics.example.org --token "$TOKEN" --junit verify.xml
    """
    bearer = token or command_settings().bearer()
    try:
        results = asyncio.run(_verify(Deployment(url, bearer, patience=patience), prometheus, grafana, slow))
    except asyncio.CancelledError:
        raise typer.Exit(128 + signal.SIGTERM) from None
    _show(results)
    if junit_file is not None:
        junit_file.write_bytes(junit(results, url))
    if any(result.outcome is Outcome.FAILED for result in results):
        raise typer.Exit(1)


async def _verify(at: Deployment, prometheus: str | None, grafana: str | None, slow: float) -> list[Result]:
    suite = Suite(at, run_id=secrets.token_hex(6), slow_seconds=slow, prometheus=prometheus, grafana=grafana)
    _end_in_order()
    after = signal.SIG_DFL
    try:
        return await suite.checked(lambda one: console.print(f"  {one.outcome.value:8}{one.name}"), errors.print)
    except asyncio.CancelledError:
        after = signal.SIG_IGN  # all is taken back; what is left is to end with the right code
        raise
    finally:
        await at.aclose()
        signal.signal(signal.SIGTERM, after)


def _end_in_order() -> None:
    """Have SIGTERM cancel the running task, as Ctrl-C does; another one lets it take back what it wrote.

    Not by the loop's own handlers: they end with the loop, and a signal that came then would end the process at once.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if not task.cancelling():
            task.cancel()

    def told(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop)

    signal.signal(signal.SIGTERM, told)


def _show(results: list[Result]) -> None:
    table = Table("area", "check", "outcome", "seconds", "detail")
    for one in results:
        colour = _COLOURS[one.outcome]
        table.add_row(one.area, one.name, f"[{colour}]{one.outcome.value}[/]", f"{one.seconds:.2f}", one.detail)
    console.print(table)
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    console.print(", ".join(f"{number} {outcome.value}" for outcome, number in counts.items()))
