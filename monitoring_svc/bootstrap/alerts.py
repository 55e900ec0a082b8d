"""The wiring of alerts: the log, the streams that follow it, and the outbox that it fills."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from mesh.bus import Bus, bus_for
from mesh.database import Database
from mesh.pseudonyms import Pseudonymizer, Sealer
from monitoring_svc.adapters.care_figures import count_acknowledged
from monitoring_svc.adapters.channels.outbound import Outbound
from monitoring_svc.adapters.channels.registry import senders
from monitoring_svc.adapters.event_stream import TOPIC, EventStream
from monitoring_svc.adapters.failures import DeliveryFigures, LoggedFailures
from monitoring_svc.adapters.parcels import SealedParcels
from monitoring_svc.adapters.store.log import GroupCommitter
from monitoring_svc.adapters.store.log_postgres import PostgresLogSessions
from monitoring_svc.adapters.store.log_session import LogSessions
from monitoring_svc.adapters.store.log_sql import SqlLogSessions
from monitoring_svc.adapters.store.outbox import Outbox
from monitoring_svc.adapters.store.reading import AlertReader
from monitoring_svc.adapters.subject_keys import SubjectKeys
from monitoring_svc.bootstrap.errands import Errands
from monitoring_svc.bootstrap.parts import Parts, new_id
from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.settings import MonitoringSettings
from monitoring_svc.usecases.dispatch import Dispatcher

IDLE_SECONDS = 5
"""So long a replica that is stopped within a transaction may hold rows that the others need: the log's, for one."""


@dataclass(frozen=True, slots=True)
class Alerting:
    """What alerts live in, and what the rest of the service needs beside."""

    database: Database
    bus: Bus
    keys: SubjectKeys
    failures: LoggedFailures
    errands: Errands
    reader: AlertReader
    stream: EventStream
    outbox: Outbox
    parcels: SealedParcels
    outbound: Outbound
    dispatcher: Dispatcher
    log: GroupCommitter


def alerting(settings: MonitoringSettings, parts: Parts) -> Alerting:
    """Wire the log to the streams and to the outbox."""
    database = Database(
        settings.database("monitoring"), pool_size=settings.database_pool_size, idle_seconds=IDLE_SECONDS
    )
    bus = parts.bus or bus_for(settings)
    failures, errands = LoggedFailures(), Errands()
    keys = SubjectKeys(Pseudonymizer(*settings.keys("pseudonym_key")), Sealer(*settings.keys("seal_key")))
    reader = AlertReader(database)
    stream = EventStream(reader, bus, kept=settings.stream_kept)
    outbox = Outbox(database)
    parcels = SealedParcels(keys.sealer, outbox)
    outbound = Outbound(allow_private=settings.outbound_private)
    dispatcher = Dispatcher(
        outbox,
        senders(settings, outbound, parts.clock) | parts.senders,
        parcels,
        failures,
        DeliveryFigures(),
        random.Random(),  # noqa: S311 jitter is no secret
    )

    def committed(events: Sequence[AlertEvent], queued: bool) -> None:
        stream.committed(events)
        count_acknowledged(events)
        if queued:
            dispatcher.wake()
        if events:
            errands.run(bus.publish(TOPIC, str(events[-1].position).encode()))

    def connected() -> None:
        stream.doubt()
        log.doubt()

    sessions: LogSessions = SqlLogSessions(database)
    if database.dialect == "postgresql":
        sessions = PostgresLogSessions(settings.database("monitoring"), connected=connected)
    log = GroupCommitter(sessions, seal=keys.columns, new_id=new_id, committed=committed)
    return Alerting(
        database,
        bus,
        keys,
        failures,
        errands,
        reader,
        stream,
        outbox,
        parcels,
        outbound,
        dispatcher,
        log,
    )
