"""`import prometheus`: chosen series of TTA's Prometheus into monitoring, once or for as long as it runs."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from mesh.refusal import Unavailable
from mesh.setting_types import parse_duration
from tta_analytics.commands.import_sources import print_tallies
from tta_analytics.commands.session import errors, open_client, run
from tta_analytics.importing.rows import UnreadableFile
from tta_analytics.settings import CommandSettings
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.prometheus.api import Prometheus
from tta_analytics.sources.prometheus.importing import MetricsImport
from tta_analytics.sources.prometheus.series import QUERIES, Query, parse_query
from tta_analytics.sources.tally import Tally

Series = Annotated[
    list[str] | None,
    typer.Option(
        help="NAME=EXPRESSION in PromQL, once per metric. Left out: requests, errors, p95 and CPU by service."
    ),
]
Step = Annotated[str, typer.Option(help="Time between two values.")]
Window = Annotated[str, typer.Option(help="How far back the first run reads.")]
Follow = Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C, a run each step; wait out what is away.")]


def prometheus(
    series: Series = None,
    step: Step = "60s",
    window: Window = "1h",
    follow: Follow = False,
) -> None:
    """Import series of TTA's Prometheus as metrics for detectors and system reports, from where the last run ended.

    Where: TTA_PROMETHEUS_URL. Series with labels that name a person are left out.

    Example: TTA_PROMETHEUS_URL=http://localhost:9091 tta-analytics import prometheus --follow
    Example: tta-analytics import prometheus --series 'tta_queue_length=sum by (service) (tta_queue_length)'
    """
    queries = _queries(series or [])
    every, back = _duration("--step", step), _duration("--window", window)

    async def command(settings: CommandSettings) -> dict[str, Tally]:
        if settings.prometheus_url is None:
            raise UnreadableFile("TTA_PROMETHEUS_URL: is not set; write https://host:9091")
        marks = Marks(settings.data_dir / "imports", settings.prometheus_url, settings.target("monitoring"))
        token = settings.prometheus_token.get_secret_value() if settings.prometheus_token else None
        server = Prometheus(settings.prometheus_url, token=token, timeout=settings.call_timeout.total_seconds())
        async with server, open_client(settings) as client:
            work = MetricsImport(server, marks, client.ingest("metrics"), step=every, first_window=back)
            while True:
                try:
                    tallies = {query.name: await work.run(query, datetime.now(UTC)) for query in queries}
                except Unavailable as refusal:
                    if not follow:
                        raise
                    errors.print(f"Waiting: {refusal}", markup=False)
                else:
                    if not follow:
                        return tallies
                await asyncio.sleep(every.total_seconds())

    started = datetime.now(UTC)
    print_tallies(run(command), dry_run=False, seconds=(datetime.now(UTC) - started).total_seconds())


def _queries(series: list[str]) -> tuple[Query, ...]:
    try:
        return tuple(parse_query(text) for text in series) or QUERIES
    except ValueError as error:
        errors.print(f"Error: --series: {error}", style="bold red", markup=False)
        raise typer.Exit(2) from error


def _duration(option: str, text: str) -> timedelta:
    try:
        parsed = parse_duration(text)
        if isinstance(parsed, timedelta) and parsed >= timedelta(seconds=1):
            return parsed
        reason = "must be at least 1s"
    except ValueError as error:
        reason = str(error)
    errors.print(f"Error: {option}: {reason}", style="bold red", markup=False)
    raise typer.Exit(2)
