"""IngestionService: players' facts and consent in."""

from asyncio import Future
from collections import deque
from collections.abc import AsyncIterator
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
from mesh.telemetry import counter

FACTS = counter("facts", "Facts that arrived, by kind and by what became of them", ("kind", "outcome"))

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

    @validates
    async def IngestSessions(  # noqa: N802, D102
        self, request_iterator: AsyncIterator[ingestion_pb2.IngestSessionsRequest], context: Any
    ) -> ingestion_pb2.IngestSummary:
        total, accepted = IngestSummary(), 0
        stream: Stream = Stream()
        pending: deque[Future[IngestSummary]] = deque()
        sender = actor()

        async def settled() -> None:
            nonlocal total, accepted
            try:
                total, accepted = total + await pending.popleft(), accepted + 1
            except BaseException:
                # The sender hears of this message, not of those behind it, which are refused because of it.
                _give_up(pending)
                raise

        try:
            try:
                async for request in request_iterator:
                    basis = facts.consent_basis(request.consent_basis)
                    self._room.enter("sessions", count := len(request.sessions))
                    try:
                        prepared = await self._sessions.prepare(session_messages.sessions(request))
                    except BaseException:
                        self._room.leave("sessions", count)
                        raise
                    pending.append(self._commit.submit(Message(sender, prepared, basis, request.request_id), stream))
                    while len(pending) >= AHEAD or (pending and pending[0].done()):
                        await settled()
            finally:
                # What was read before a refused message is still stored, and its sender learns how far that went.
                while pending:
                    await settled()
        except Refusal as refusal:
            refusal.metadata["accepted_messages"] = str(accepted)
            raise
        finally:
            stream.broken = True
            _give_up(pending)
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
        told = facts.micros(request.decided_at) if request.HasField("decided_at") else None
        decision = Decision(request.user_id, analytics, research, told)
        return consent(await self._set_consent.one(decider, decision, request.request_id))

    async def SetConsents(  # noqa: N802, D102
        self, request: ingestion_pb2.SetConsentsRequest, context: Any
    ) -> ingestion_pb2.SetConsentsResponse:
        decisions = [
            Decision(
                one.user_id,
                one.analytics if one.HasField("analytics") else None,
                one.research if one.HasField("research") else None,
                facts.micros(one.decided_at) if one.HasField("decided_at") else None,
            )
            for one in request.decisions
        ]
        tally = await self._set_consent.many(actor(), decisions, request.request_id)
        return ingestion_pb2.SetConsentsResponse(
            changed=tally.changed, unchanged=tally.unchanged, refused=tally.refused, superseded=tally.superseded
        )


def _give_up(pending: deque[Future[IngestSummary]]) -> None:
    """Wait no longer for messages, whatever becomes of them."""
    while pending:
        future = pending.popleft()
        if not future.cancel() and not future.cancelled():
            future.exception()


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
