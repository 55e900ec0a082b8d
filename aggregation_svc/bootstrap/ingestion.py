"""Facts and consent in."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from tta.analytics.v1 import ingestion_pb2, ingestion_pb2_grpc

from aggregation_svc.bootstrap.foundation import Foundation
from aggregation_svc.bootstrap.part import Part
from aggregation_svc.servicers.ingestion import IngestionServicer
from aggregation_svc.usecases.group_commit import GroupCommit
from aggregation_svc.usecases.ingest_progress import IngestMoments
from aggregation_svc.usecases.ingest_room import BATCHES, IngestRoom
from aggregation_svc.usecases.ingest_sessions import IngestSessions
from aggregation_svc.usecases.set_consent import SetConsent
from mesh.pseudonyms import canonical_user_id
from mesh.telemetry import gauge

WAITING = gauge("ingest_waiting_facts", "Facts of all senders that arrived and are not stored yet", ("kind",))


@dataclass(frozen=True, slots=True)
class WayIn:
    """The one way in for facts: inline batches share it with every ingest."""

    room: IngestRoom
    batches: IngestRoom
    """As much again for inline batches."""
    sessions: IngestSessions
    moments: IngestMoments
    anyone_may_assert: bool
    """Whether every caller may vouch for consent (`TTA_LEGACY_CONSENT`)."""

    @classmethod
    def of(cls, on: Foundation) -> Self:
        """Wire it."""
        hashes, anyone = on.identity.hashes, on.settings.legacy_consent == "asserted"
        room, batches = IngestRoom(on.settings.ingest_queue), IngestRoom(on.settings.ingest_queue, kinds=BATCHES)
        for waiting in (room.waiting, batches.waiting):
            for kind in waiting:
                WAITING.labels(kind).set_function(partial(waiting.__getitem__, kind))
        return cls(
            room,
            batches,
            IngestSessions(
                on.store, hashes, canonical_user_id, on.clock, grace=on.settings.period_grace, anyone_may_assert=anyone
            ),
            IngestMoments(on.store, hashes, canonical_user_id, on.clock, anyone_may_assert=anyone),
            anyone,
        )


def ingestion(on: Foundation, way_in: WayIn) -> Part:
    """Wire facts and consent in."""
    servicer = IngestionServicer(
        way_in.room,
        way_in.sessions,
        GroupCommit(way_in.sessions, way_in.room),
        way_in.moments,
        SetConsent(on.store, on.identity.hashes, canonical_user_id, on.clock),
    )
    return Part(
        ingestion_pb2.DESCRIPTOR.services_by_name["IngestionService"],
        ingestion_pb2_grpc.add_IngestionServiceServicer_to_server,
        servicer,
    )
