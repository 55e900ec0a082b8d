"""Batches of facts to the aggregation service; a refused line is taken out and the rest of its batch sent again."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.message import Message
from tta.analytics.v1 import facts_pb2, ingestion_pb2, ingestion_pb2_grpc

from mesh.refusal import AlreadyExists, InvalidArgument, Refusal
from tta_analytics.client.refusals import refusal_of
from tta_analytics.importing.rows import Reject

BATCH = 500
"""Facts a message."""
INDEX = re.compile(r"^\w+\[(\d+)\]\.?(.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A fact and the line that it came from."""

    number: int
    fact: Message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: its message, its request and the call that takes it."""

    fact: type[Message]
    request: type[Message]
    field: str
    call: str


KINDS = {
    "sessions": Kind(facts_pb2.Session, ingestion_pb2.IngestSessionsRequest, "sessions", "IngestSessions"),
    "progress": Kind(facts_pb2.ProgressSnapshot, ingestion_pb2.IngestProgressRequest, "snapshots", "IngestProgress"),
    "outcomes": Kind(facts_pb2.TherapeuticOutcome, ingestion_pb2.RecordOutcomesRequest, "outcomes", "RecordOutcomes"),
}


class Sender:
    """Sends lines of one kind and tells what became of them."""

    def __init__(
        self,
        stub: "ingestion_pb2_grpc.IngestionServiceAsyncStub",
        kind: Kind,
        consent: "ingestion_pb2.ConsentBasis.ValueType",
        column: Callable[[str], str],
    ) -> None:
        """Send facts of `kind` with `consent` as basis; `column` names the file's column of a field."""
        self._call: Any = getattr(stub, kind.call)
        self._kind = kind
        self._consent = consent
        self._column = column

    async def send(self, lines: Sequence[Line]) -> tuple[ingestion_pb2.IngestSummary, list[Reject]]:
        """Send lines until each is durable or rejected; answer their sums and the rejects.

        Raises:
            Refusal: What is no fault of a line: no permission, the service away, its limits.
        """
        summary, rejects = ingestion_pb2.IngestSummary(), []
        waiting = [list(lines[start : start + BATCH]) for start in range(0, len(lines), BATCH)]
        while waiting:
            batch = waiting.pop(0)
            try:
                _add(summary, await self._send(batch))
            except (InvalidArgument, AlreadyExists) as refusal:
                refused = self._rejects(batch, refusal)
                rejects += refused
                numbers = {reject.line for reject in refused}
                if rest := [line for line in batch if line.number not in numbers]:
                    waiting.insert(0, rest)
        return summary, rejects

    async def _send(self, batch: Sequence[Line]) -> ingestion_pb2.IngestSummary:
        request = self._kind.request(**{self._kind.field: [line.fact for line in batch]}, consent_basis=self._consent)
        argument = _one(request) if self._kind.call == "IngestSessions" else request
        try:
            answer: ingestion_pb2.IngestSummary = await self._call(argument)
        except grpc.RpcError as error:
            raise refusal_of(error) from error
        return answer

    def _rejects(self, batch: Sequence[Line], refusal: Refusal) -> list[Reject]:
        found = []
        for violation in refusal.violations:
            if match := INDEX.match(violation.field):
                number = batch[int(match[1])].number
                found.append(Reject(number, self._column(match[2]), violation.description))
        if not found:
            raise refusal
        return found


async def _one(request: Message) -> AsyncIterator[Message]:
    yield request


def _add(total: ingestion_pb2.IngestSummary, part: ingestion_pb2.IngestSummary) -> None:
    for field in part.DESCRIPTOR.fields:
        setattr(total, field.name, getattr(total, field.name) + getattr(part, field.name))
