"""IngestionService: players' facts and consent in."""

from asyncio import Future
from collections import deque
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from tta.analytics.v1 import ingestion_pb2, ingestion_pb2_grpc

from aggregation_svc.domain.consent import Consent
from aggregation_svc.domain.ingest_summary import IngestSummary
from aggregation_svc.servicers import facts, session_messages
from aggregation_svc.servicers.callers import actor
from aggregation_svc.usecases.group_commit import GroupCommit, Stream
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_room import IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions, Message
from aggregation_svc.usecases.set_consent import Decision, SetConsent
from mesh.interceptors.around import validates
from mesh.refusal import Refusal
from mesh.telemetry import counter, gauge

FACTS = counter("facts", "Facts that arrived, by kind and by what became of them", ("kind", "outcome"))
WAITING = gauge("ingest_waiting_facts", "Facts of all senders that arrived and are not stored yet", ("kind",))

AHEAD = 8
"""Messages of one stream that are read before the first of them is stored: the sender is held back by no more."""


class IngestionServicer(ingestion_pb2_grpc.IngestionServiceServicer):
    """Parses, calls, renders."""

    def __init__(
        self,
        room: IngestRoom,
        sessions: IngestSessions,
        commit: GroupCommit,
        moments: IngestMoments,
        set_consent: SetConsent,
    ) -> None:
        """Take the room for what waits, and the use cases."""
        self._room, self._commit = room, commit
        self._sessions, self._moments, self._set_consent = sessions, moments, set_consent
        for kind in room.waiting:
            WAITING.labels(kind).set_function(partial(room.waiting.__getitem__, kind))

    @validates
    async def IngestSessions(  # noqa: N802, D102
        self, request_iterator: AsyncIterator[ingestion_pb2.IngestSessionsRequest], context: Any
    ) -> ingestion_pb2.IngestSummary:
        total, accepted = IngestSummary(), 0
        stream: Stream = Stream()
        pending: deque[Future[IngestSummary]] = deque()
        sender = actor()
        try:
            try:
                async for request in request_iterator:
                    self._room.require(len(request.sessions))
                    prepared = await self._sessions.prepare(session_messages.sessions(request))
                    basis = facts.consent_basis(request.consent_basis)
                    pending.append(self._commit.submit(Message(sender, prepared, basis, request.request_id), stream))
                    while len(pending) >= AHEAD or (pending and pending[0].done()):
                        total, accepted = total + await pending.popleft(), accepted + 1
            finally:
                # What was read before a refused message is still stored, and its sender learns how far that went.
                while pending:
                    total, accepted = total + await pending.popleft(), accepted + 1
        except Refusal as refusal:
            refusal.metadata["accepted_messages"] = str(accepted)
            raise
        finally:
            stream.broken = True
            for future in pending:
                if not future.cancel() and not future.cancelled():
                    future.exception()
        return summary("sessions", total)

    async def IngestProgress(  # noqa: N802, D102
        self, request: ingestion_pb2.IngestProgressRequest, context: Any
    ) -> ingestion_pb2.IngestSummary:
        with self._room.held("progress", len(request.snapshots)):
            snapshots = [facts.snapshot(snapshot) for snapshot in request.snapshots]
            basis = facts.consent_basis(request.consent_basis)
            return summary("progress", await self._moments.progress(actor(), snapshots, basis, request.request_id))

    async def RecordOutcomes(  # noqa: N802, D102
        self, request: ingestion_pb2.RecordOutcomesRequest, context: Any
    ) -> ingestion_pb2.IngestSummary:
        with self._room.held("outcomes", len(request.outcomes)):
            outcomes = [facts.outcome(outcome) for outcome in request.outcomes]
            basis = facts.consent_basis(request.consent_basis)
            return summary("outcomes", await self._moments.outcomes(actor(), outcomes, basis, request.request_id))

    async def SetConsent(  # noqa: N802, D102
        self, request: ingestion_pb2.SetConsentRequest, context: Any
    ) -> ingestion_pb2.Consent:
        analytics = request.analytics if request.HasField("analytics") else None
        research = request.research if request.HasField("research") else None
        decider = actor(on=request.user_id)
        return consent(await self._set_consent(decider, request.user_id, analytics, research, request.request_id))

    async def SetConsents(  # noqa: N802, D102
        self, request: ingestion_pb2.SetConsentsRequest, context: Any
    ) -> ingestion_pb2.SetConsentsResponse:
        decisions = [
            Decision(
                one.user_id,
                one.analytics if one.HasField("analytics") else None,
                one.research if one.HasField("research") else None,
            )
            for one in request.decisions
        ]
        tally = await self._set_consent.many(actor(), decisions, request.request_id)
        return ingestion_pb2.SetConsentsResponse(
            changed=tally.changed, unchanged=tally.unchanged, refused=tally.refused
        )


def summary(kind: str, value: IngestSummary) -> ingestion_pb2.IngestSummary:
    """Count and render what became of facts of one kind."""
    counts = {
        "stored": value.stored,
        "updated": value.updated,
        "unchanged": value.unchanged,
        "refused": value.refused,
        "superseded": value.superseded,
    }
    for outcome, count in counts.items():
        if count:
            FACTS.labels(kind, outcome).inc(count)
    return ingestion_pb2.IngestSummary(received=value.received, **counts)


def consent(value: Consent) -> ingestion_pb2.Consent:
    """Render what stands of consent."""
    changed_at = None if value.changed_at is None else timestamp(value.changed_at)
    return ingestion_pb2.Consent(analytics=value.analytics, research=value.research, changed_at=changed_at)


def timestamp(micros: int) -> Timestamp:
    """Render microseconds since 1970."""
    return Timestamp(seconds=micros // 1_000_000, nanos=micros % 1_000_000 * 1000)
