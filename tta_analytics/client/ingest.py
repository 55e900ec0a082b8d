"""Batches of facts, metrics or signals to a service: each counted once, refused ones taken out, the rest sent again."""

import re
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message
from tta.analytics.v1 import facts_pb2, ingestion_pb2, ingestion_pb2_grpc, monitoring_pb2, monitoring_pb2_grpc

from mesh.refusal import AlreadyExists, InvalidArgument, Refusal
from tta_analytics.client.pace import Pace

BATCH = 500
"""Records a message."""
_INDEX = re.compile(r"^\w+\[(\d+)\]\.?(.*)$")
_PLACE = re.compile(r"\b(\w+)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is sent: its message, its request, and the call that takes it."""

    record: type[Message]
    request: type[Message]
    field: str
    service: str
    stub: Callable[[Any], Any]
    call: str
    answer: type[Message]
    streamed: bool = False
    """Whether the call takes a stream of requests."""
    with_consent: bool = True


def _fact(record: type[Message], request: type[Message], field: str, call: str, *, streamed: bool = False) -> Kind:
    stub: Callable[[Any], Any] = ingestion_pb2_grpc.IngestionServiceStub
    return Kind(record, request, field, "aggregation", stub, call, ingestion_pb2.IngestSummary, streamed)


def _live(record: type[Message], request: type[Message], field: str, call: str, answer: type[Message]) -> Kind:
    stub: Callable[[Any], Any] = monitoring_pb2_grpc.MonitoringServiceStub
    return Kind(record, request, field, "monitoring", stub, call, answer, streamed=True, with_consent=False)


KINDS = {
    "sessions": _fact(
        facts_pb2.Session, ingestion_pb2.IngestSessionsRequest, "sessions", "IngestSessions", streamed=True
    ),
    "progress": _fact(facts_pb2.ProgressSnapshot, ingestion_pb2.IngestProgressRequest, "snapshots", "IngestProgress"),
    "outcomes": _fact(facts_pb2.TherapeuticOutcome, ingestion_pb2.RecordOutcomesRequest, "outcomes", "RecordOutcomes"),
    "metrics": _live(
        monitoring_pb2.MetricPoint,
        monitoring_pb2.IngestMetricsRequest,
        "metrics",
        "IngestMetrics",
        monitoring_pb2.IngestMetricsResponse,
    ),
    "signals": _live(
        monitoring_pb2.Signal,
        monitoring_pb2.IngestSignalsRequest,
        "signals",
        "IngestSignals",
        monitoring_pb2.IngestSignalsResponse,
    ),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that the service did not take."""

    index: int
    """Its place in what was sent, from 0."""
    field: str
    rule: str
    """The rule that it broke, for programs: `already_exists` for a known record of the same age with other content."""
    reason: str
    """What is wrong and what would be right; `sessions[3]` is another record by its place. Never holds the value."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the records."""

    counts: dict[str, int] = field(default_factory=dict)
    """The service's own counts by their names: `stored`, `unchanged`, `refused` (no consent), `accepted`, ..."""
    refused: tuple[Refused, ...] = ()


class Ingest:
    """Sends records of one kind, one batch after the other."""

    def __init__(self, kind: Kind, stub: Any, *, extra: Mapping[str, Any], pace: Pace) -> None:
        """Send through a stub; `extra` are fields of each request."""
        self._kind, self._call, self._extra, self._pace = kind, getattr(stub, kind.call), dict(extra), pace

    async def send(self, records: Sequence[Message]) -> Sent:
        """Send records until each is durable or refused.

        A batch that is sent again carries the same `request_id`, so that it counts once whatever was lost on the way.

        Raises:
            Refusal: What is no fault of a record: no permission, a quota, a service away for longer than the patience.
        """
        counts = {item.name: 0 for item in self._kind.answer.DESCRIPTOR.fields}
        refused: list[Refused] = []
        waiting = [list(range(start, min(start + BATCH, len(records)))) for start in range(0, len(records), BATCH)]
        while waiting:
            batch = waiting.pop(0)
            try:
                answer = await self._send([records[index] for index in batch])
            except (InvalidArgument, AlreadyExists) as refusal:
                found = _refused(batch, refusal)
                refused += found
                out = {one.index for one in found}
                if rest := [index for index in batch if index not in out]:
                    waiting.insert(0, rest)
            else:
                for name in counts:
                    counts[name] += getattr(answer, name)
        return Sent(counts, tuple(refused))

    async def _send(self, batch: Sequence[Message]) -> Any:
        request = self._kind.request(**{self._kind.field: batch, "request_id": uuid.uuid4().hex}, **self._extra)

        async def once() -> Any:
            return await self._call(_one(request) if self._kind.streamed else request)

        return await self._pace.call(once)


def _refused(batch: Sequence[int], refusal: Refusal) -> list[Refused]:
    matches = [(_INDEX.match(violation.field), violation) for violation in refusal.violations]
    found = [
        Refused(batch[int(match[1])], match[2], violation.rule, _placed(batch, violation.description))
        for match, violation in matches
        if match is not None and int(match[1]) < len(batch)
    ]
    if not found:
        raise refusal
    return found


def _placed(batch: Sequence[int], reason: str) -> str:
    """Name other records by their place in what was sent instead of in the batch."""

    def place(match: re.Match[str]) -> str:
        index = int(match[2])
        return f"{match[1]}[{batch[index]}]" if index < len(batch) else match[0]

    return _PLACE.sub(place, reason)


async def _one(request: Message) -> AsyncIterator[Message]:
    yield request
