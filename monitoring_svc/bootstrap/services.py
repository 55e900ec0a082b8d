"""The wiring of the gRPC services over what they answer from."""

import secrets
from functools import partial

from mesh.audit import AuditLog
from mesh.idempotency import Idempotency
from mesh.pseudonyms import derive
from monitoring_svc.adapters.audit import StoredAudit
from monitoring_svc.adapters.channels.outbound import check_target
from monitoring_svc.adapters.store.answered import AnsweredRequests
from monitoring_svc.adapters.store.care import CareReader
from monitoring_svc.adapters.store.people import CONTACTS, POLICIES, ROUTES, OneShelf, PeopleStore
from monitoring_svc.adapters.store.subject import SubjectStore
from monitoring_svc.adapters.store.tables import requests
from monitoring_svc.adapters.store.tickets import TicketStore
from monitoring_svc.adapters.store.windows import WindowStore
from monitoring_svc.bootstrap.alerts import Alerting
from monitoring_svc.bootstrap.forgotten import Forgotten
from monitoring_svc.bootstrap.metrics import Measuring
from monitoring_svc.bootstrap.parts import Parts, new_id
from monitoring_svc.bootstrap.signals import Judging
from monitoring_svc.servicers.alerts import AlertServicer
from monitoring_svc.servicers.legacy import LegacyServicer
from monitoring_svc.servicers.monitoring import MonitoringServicer
from monitoring_svc.servicers.notifications import NotificationServicer
from monitoring_svc.servicers.once import Once, keyed_by
from monitoring_svc.servicers.registration import Servicers
from monitoring_svc.servicers.rules import RuleServicer
from monitoring_svc.servicers.shared_responses import SharedResponses
from monitoring_svc.servicers.subject_rights import SubjectRightsServicer
from monitoring_svc.settings import MonitoringSettings
from monitoring_svc.usecases.arrange_notifications import Arrange, Documents
from monitoring_svc.usecases.arrange_silences import Silences
from monitoring_svc.usecases.receive_system_alerts import ReceiveSystemAlerts
from monitoring_svc.usecases.reveal import Reveal
from monitoring_svc.usecases.stream_tickets import StreamTickets
from monitoring_svc.usecases.subject_rights import SubjectRights


def services(
    settings: MonitoringSettings,
    parts: Parts,
    alerts: Alerting,
    signals: Judging,
    measured: Measuring,
    chain: AuditLog,
) -> tuple[Servicers, Forgotten]:
    """Return every servicer, and what drops erased players from memory."""
    database, clock, sealer = alerts.database, parts.clock, alerts.keys.sealer
    key = derive(settings.secret("audit_key"), "requests")
    keyed = keyed_by(key)
    once = Once(AnsweredRequests(database, Idempotency(requests, key=key), sealer), keyed)
    audit = StoredAudit(database, chain, Idempotency(requests, key=key, kept=None))
    people = PeopleStore(database)
    contacts = OneShelf(people, CONTACTS)
    responses = SharedResponses()
    forgotten = Forgotten(alerts, signals, responses)
    servicers = Servicers(
        MonitoringServicer(
            signals.judge,
            alerts.stream,
            measured.metrics,
            measured.board,
            measured.series,
            CareReader(database),
            ReceiveSystemAlerts(alerts.log),
            clock,
            settings.metric_staleness,
            keyed,
            once,
        ),
        AlertServicer(
            alerts.reader,
            alerts.log,
            alerts.stream,
            Silences(people, clock, new_id),
            Reveal(alerts.reader, alerts.log, sealer, audit),
            StreamTickets(TicketStore(database), clock, partial(secrets.token_urlsafe, 32)),
            clock,
            keyed,
            responses,
        ),
        RuleServicer(signals.keep_rules, clock),
        NotificationServicer(
            Arrange(contacts, check_target),
            Arrange(OneShelf(people, ROUTES), check_target),
            Arrange(OneShelf(people, POLICIES), check_target),
            Documents(alerts.outbox, contacts, alerts.parcels, alerts.dispatcher, clock, new_id),
            new_id,
        ),
        SubjectRightsServicer(
            SubjectRights(
                SubjectStore(database),
                WindowStore(database),
                alerts.log,
                audit,
                alerts.keys.all,
                forgotten.tell,
            )
        ),
        LegacyServicer(
            signals.judge, measured.metrics, measured.board, alerts.reader, alerts.log, clock, settings.metric_staleness
        ),
    )
    servicers.answer_once(once)
    return servicers, forgotten
