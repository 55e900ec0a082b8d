"""The demo: a simulated population, loaded through the same calls as real facts, then released by month."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from google.protobuf.message import Message
from rich.console import Console
from rich.progress import Progress
from tta.analytics.v1 import aggregation_pb2, common_pb2, ingestion_pb2

from tta_analytics.client.connection import AsyncClient
from tta_analytics.client.ingest import BATCH, KINDS
from tta_analytics.settings import CommandSettings
from tta_analytics.simulation import FOCUSES, Month, months_before, player_name, simulated_month

FOCUS_NAMES = ",".join(FOCUSES)
"""What `TTA_FOCUS_NAMES` must declare for the demo."""
MARKER = "demo-loaded"
MONTHS_UNTIL_RETENTION = 2
"""A month's retention can be released when the weeks in which players come back have passed: eight by default."""


async def load_demo(settings: CommandSettings, console: Console) -> None:
    """Load the last full months of a simulated population and release them; once per data folder."""
    marker = settings.data_dir / MARKER
    if marker.exists():
        console.print("Demo             simulated population, loaded before")
        return
    async with AsyncClient(settings, token=lambda: settings.bearer() or "") as client:
        months = list(months_before(datetime.now(UTC), settings.demo_months))
        for first_day in months:
            month = simulated_month(first_day, players=settings.demo_players)
            await _load(client, first_day, month, console)
        for first_day in months:
            await _release(client, first_day, console)
        for first_day in months[:-MONTHS_UNTIL_RETENTION]:
            await _release(client, first_day, console, aggregation_pb2.RELEASE_KIND_RETENTION)
    marker.touch()
    console.print("Demo             SIMULATED population, not real players; one release a month")


async def _load(client: AsyncClient, first_day: datetime, month: Month, console: Console) -> None:
    with Progress(console=console, transient=True) as bar:
        for kind, columns in _kinds(month):
            task = bar.add_task(f"simulated {kind} of {first_day:%B}", total=len(columns["player"]))
            ingest = client.ingest(kind, consent=ingestion_pb2.CONSENT_BASIS_ASSERTED)
            facts = _facts(KINDS[kind].record, columns)
            while batch := list(islice(facts, BATCH)):
                await ingest.send(batch)
                bar.advance(task, len(batch))
    if not console.is_terminal:
        console.print(f"Demo             {first_day:%B %Y} is loaded")


def _kinds(month: Month) -> list[tuple[str, Mapping[str, Any]]]:
    return [("sessions", month.sessions), ("progress", month.progress), ("outcomes", month.outcomes)]


def _facts(fact: type[Message], columns: Mapping[str, Any]) -> Iterator[Message]:
    names = [name for name in columns if name != "player"]
    values = [columns[name].tolist() for name in names]
    for player, *row in zip(columns["player"].tolist(), *values, strict=True):
        fields = dict(zip(names, row, strict=True))
        if "outcome_category" in fields:
            fields["outcome_category"] = f"OUTCOME_CATEGORY_{fields['outcome_category'].upper()}"
        yield fact(user_id=player_name(player), **fields)


async def _release(
    client: AsyncClient,
    first_day: datetime,
    console: Console,
    kind: aggregation_pb2.ReleaseKind.ValueType = aggregation_pb2.RELEASE_KIND_COHORTS,
) -> None:
    request = aggregation_pb2.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH, kind=kind)
    request.period_start.FromDatetime(first_day)
    with console.status(f"Releasing {first_day:%B %Y}"):
        await client.aggregation.CreateRelease(request, timeout=600)
