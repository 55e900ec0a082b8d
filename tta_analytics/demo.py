"""The demo: a simulated population, loaded through the same calls as real facts, then released by month."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import grpc
from google.protobuf.message import Message
from rich.console import Console
from rich.progress import Progress
from tta.analytics.v1 import aggregation_pb2, aggregation_pb2_grpc, common_pb2, ingestion_pb2, ingestion_pb2_grpc

from mesh.channels import channel
from tta_analytics.client.refusals import refusal_of
from tta_analytics.importing.send import BATCH, KINDS, Line, Sender
from tta_analytics.settings import CommandSettings
from tta_analytics.simulation import FOCUSES, Month, months_before, player_name, simulated_month

FOCUS_NAMES = ",".join(FOCUSES)
"""What `TTA_FOCUS_NAMES` must declare for the demo."""
MARKER = "demo-loaded"


async def load_demo(settings: CommandSettings, console: Console) -> None:
    """Load the last full months of a simulated population and release them; once per data folder."""
    marker = settings.data_dir / MARKER
    if marker.exists():
        console.print("Demo             simulated population, loaded before")
        return
    connection = channel(settings.target("aggregation"), settings, token=settings.bearer())
    try:
        months = list(months_before(datetime.now(UTC), settings.demo_months))
        for first_day in months:
            month = simulated_month(first_day, players=settings.demo_players)
            await _load(ingestion_pb2_grpc.IngestionServiceStub(connection), first_day, month, console)
        for first_day in months:
            await _release(aggregation_pb2_grpc.AggregationServiceStub(connection), first_day, console)
    except grpc.RpcError as error:
        raise refusal_of(error) from error
    finally:
        await connection.close()
    marker.touch()
    console.print("Demo             SIMULATED population, not real players; one release a month")


async def _load(stub: Any, first_day: datetime, month: Month, console: Console) -> None:
    with Progress(console=console, transient=True) as bar:
        for kind, columns in _kinds(month):
            task = bar.add_task(f"simulated {kind} of {first_day:%B}", total=len(columns["player"]))
            sender = Sender(stub, KINDS[kind], ingestion_pb2.CONSENT_BASIS_ASSERTED, str)
            facts = (Line(number, fact) for number, fact in enumerate(_facts(KINDS[kind].fact, columns)))
            while lines := list(islice(facts, BATCH)):
                await sender.send(lines)
                bar.advance(task, len(lines))


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


async def _release(stub: Any, first_day: datetime, console: Console) -> None:
    request = aggregation_pb2.CreateReleaseRequest(grain=common_pb2.GRAIN_MONTH)
    request.period_start.FromDatetime(first_day)
    with console.status(f"Releasing {first_day:%B %Y}"):
        await stub.CreateRelease(request, timeout=600)
