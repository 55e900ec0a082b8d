"""The only wiring of monitoring."""

import asyncio
import random
import secrets
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from mesh.audit import AuditLog
from mesh.audit_upkeep import AuditUpkeep
from mesh.bus import Bus, bus_for
from mesh.database import Database
from mesh.figures import reading
from mesh.idempotency import Idempotency
from mesh.identity import service_token
from mesh.pseudonyms import Pseudonymizer, Sealer, derive
from mesh.refusal import Refusal
from mesh.server import Service
from mesh.telemetry import REGISTRY
from monitoring_svc.adapters.audit import StoredAudit
from monitoring_svc.adapters.care_figures import CareFigures, count_acknowledged
from monitoring_svc.adapters.cel_conditions import CelCompiler
from monitoring_svc.adapters.channels.outbound import Outbound, check_target
from monitoring_svc.adapters.channels.registry import senders
from monitoring_svc.adapters.consents import AggregationConsents
from monitoring_svc.adapters.crisis_semantic_layer import WorkerSemanticLayer
from monitoring_svc.adapters.crisis_worker import CrisisWorker
from monitoring_svc.adapters.event_stream import TOPIC, EventStream
from monitoring_svc.adapters.failures import DeliveryFigures, LoggedFailures
from monitoring_svc.adapters.neighbours import Neighbours
from monitoring_svc.adapters.no_semantic_layer import NoSemanticLayer
from monitoring_svc.adapters.own_metrics import EVERY as MEASURE_EVERY
from monitoring_svc.adapters.own_metrics import OwnMetrics
from monitoring_svc.adapters.ownership import ShardOwnership
from monitoring_svc.adapters.parcels import SealedParcels
from monitoring_svc.adapters.rule_layer import RuleLayer
from monitoring_svc.adapters.store.answered import AnsweredRequests
from monitoring_svc.adapters.store.care import CareReader
from monitoring_svc.adapters.store.due import DueRows
from monitoring_svc.adapters.store.log import GroupCommitter
from monitoring_svc.adapters.store.log_postgres import PostgresLogSessions
from monitoring_svc.adapters.store.log_session import LogSessions
from monitoring_svc.adapters.store.log_sql import SqlLogSessions
from monitoring_svc.adapters.store.outbox import Outbox
from monitoring_svc.adapters.store.people import CONTACTS, POLICIES, ROUTES, OneShelf, PeopleStore
from monitoring_svc.adapters.store.reading import AlertReader
from monitoring_svc.adapters.store.retention import Retention
from monitoring_svc.adapters.store.rules import RuleStore
from monitoring_svc.adapters.store.series import SeriesStore
from monitoring_svc.adapters.store.subject import SubjectStore
from monitoring_svc.adapters.store.tables import audit_log, requests
from monitoring_svc.adapters.store.tickets import TicketStore
from monitoring_svc.adapters.store.windows import WindowStore
from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.domain.routing import Channel
from monitoring_svc.domain.rule import Rule
from monitoring_svc.ports import CrisisRecogniser, SemanticLayer, Sender
from monitoring_svc.servicers.alerts import AlertServicer
from monitoring_svc.servicers.legacy import LegacyServicer
from monitoring_svc.servicers.monitoring import MonitoringServicer
from monitoring_svc.servicers.notifications import NotificationServicer
from monitoring_svc.servicers.once import Once, keyed_by
from monitoring_svc.servicers.registration import Servicers
from monitoring_svc.servicers.rules import RuleServicer
from monitoring_svc.servicers.subject_rights import SubjectRightsServicer
from monitoring_svc.settings import MonitoringSettings, thresholds_of
from monitoring_svc.usecases.arrange_notifications import Arrange, Documents
from monitoring_svc.usecases.arrange_silences import Silences
from monitoring_svc.usecases.clockwork import Clockwork, every
from monitoring_svc.usecases.crisis_assessment import CrisisAssessor
from monitoring_svc.usecases.dispatch import Dispatcher
from monitoring_svc.usecases.judge_signals import Consents, JudgeSignals
from monitoring_svc.usecases.keep_rules import KeepRules
from monitoring_svc.usecases.metric_board import MetricBoard
from monitoring_svc.usecases.receive_system_alerts import ReceiveSystemAlerts
from monitoring_svc.usecases.record_metrics import RecordMetrics
from monitoring_svc.usecases.reveal import Reveal
from monitoring_svc.usecases.rule_book import RuleBook
from monitoring_svc.usecases.stream_tickets import StreamTickets
from monitoring_svc.usecases.subject_rights import SubjectRights
from monitoring_svc.usecases.windows import Windows

RULES_EVERY = 1.0
"""Seconds between looks for changed rules."""
CHECKPOINT_EVERY = 10.0
"""Seconds between checkpoints of series."""
RETENTION_EVERY = 600.0
"""Seconds between looks for what is over its term."""
FORGOTTEN = "subjects-forgotten"
"""Topic of pseudonyms whose player was erased."""
RENEW_EVERY = 8.0
"""Seconds between renewals of the shards that are ours."""


@dataclass(slots=True)
class Parts:
    """What a test may replace; what is None is made from the settings."""

    bus: Bus | None = None
    recogniser: CrisisRecogniser | None = None
    semantic: SemanticLayer | None = None
    senders: dict[Channel, Sender] = field(default_factory=dict)
    consents: Consents | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Monitoring:
    """The wired process."""

    service: Service
    log: GroupCommitter
    stream: EventStream
    judge: JudgeSignals
    dispatcher: Dispatcher
    clockwork: Clockwork
    rule_book: RuleBook
    metrics: RecordMetrics
    database: Database
    address: list[str]
    """The gRPC target that other replicas reach this one at; filled in once the port is known."""


def new_id() -> str:
    """Return an id that nobody else has."""
    return uuid.uuid4().hex


async def bootstrap(settings: MonitoringSettings, parts: Parts | None = None) -> Monitoring:
    """Wire everything. The tables must be there."""
    parts = parts or Parts()
    database = Database(settings.database("monitoring"), pool_size=settings.database_pool_size)
    bus = parts.bus or bus_for(settings)
    failures = LoggedFailures()
    pseudonymizer = Pseudonymizer(*settings.keys("pseudonym_key"))
    sealer = Sealer(*settings.keys("seal_key"))
    reader = AlertReader(database)
    stream = EventStream(reader, bus, kept=settings.stream_kept)
    outbox = Outbox(database)
    parcels = SealedParcels(sealer, outbox)
    outbound = Outbound(allow_private=settings.outbound_private)
    dispatcher = Dispatcher(
        outbox,
        senders(settings, outbound, parts.clock) | parts.senders,
        parcels,
        failures,
        DeliveryFigures(),
        random.Random(),  # noqa: S311 jitter is no secret
    )
    wakes: set[asyncio.Task[None]] = set()

    def committed(events: Sequence[AlertEvent], queued: bool) -> None:
        stream.committed(events)
        count_acknowledged(events)
        if queued:
            dispatcher.wake()
        if events:
            task = asyncio.ensure_future(bus.publish(TOPIC, str(events[-1].position).encode()))
            wakes.add(task)
            task.add_done_callback(wakes.discard)

    sessions: LogSessions = SqlLogSessions(database)
    if database.dialect == "postgresql":
        sessions = PostgresLogSessions(settings.database("monitoring"), database)
    log = GroupCommitter(sessions, seal=sealer.seal, new_id=new_id, committed=committed)
    compiler = CelCompiler()
    rule_store = RuleStore(database)
    book = RuleBook(rule_store, compiler, failures)
    await book.refresh()
    worker = CrisisWorker(thresholds_of(settings)) if settings.crisis_semantic == "on" else None
    crisis = CrisisAssessor(
        parts.recogniser or RuleLayer(),
        parts.semantic or (WorkerSemanticLayer(worker) if worker else NoSemanticLayer()),
        failures,
        settings.crisis_deadline.total_seconds(),
    )
    keep_rules = KeepRules(rule_store, book, compiler, crisis, log, failures)

    def over_budget(rule: Rule) -> None:
        task = asyncio.ensure_future(keep_rules.disable_over_budget(rule))
        wakes.add(task)
        task.add_done_callback(wakes.discard)

    windows = Windows(WindowStore(database))
    await windows.load()
    consents = AggregationConsents(
        settings,
        partial(service_token, settings, "monitoring", role="admin", permissions=("access_audit_logs",)),
        required=settings.signal_consent == "required",
    )
    judge = JudgeSignals(log, book, crisis, pseudonymizer.pseudonym, over_budget, windows, parts.consents or consents)
    stream.listen(judge.open.follow)
    await stream.start()
    for subject, rule_id in await reader.waiting_to_clear():
        judge.open.holding.setdefault(subject, set()).add(rule_id)

    series = SeriesStore(database)
    neighbours = Neighbours(settings, partial(service_token, settings, "monitoring"))
    address = [settings.advertise or ""]
    ownership = ShardOwnership(database, new_id(), lambda: address[0], neighbours)
    metrics = RecordMetrics(series, ownership, log, failures, settings.metric_series)
    own = OwnMetrics(REGISTRY, settings.scrape_targets, ".", parts.clock, failures)

    people = PeopleStore(database)
    contacts = OneShelf(people, CONTACTS)
    documents = Documents(outbox, contacts, parcels, dispatcher, parts.clock, new_id)
    chain = AuditLog(audit_log, settings.secret("audit_key"))
    request_key = derive(settings.secret("audit_key"), "requests")
    audit = StoredAudit(database, chain, Idempotency(requests, key=request_key, kept=None))
    upkeep = AuditUpkeep(database, chain)
    keyed = keyed_by(request_key)
    once = Once(AnsweredRequests(database, Idempotency(requests, key=request_key), sealer), keyed)
    clockwork = Clockwork(DueRows(database), log, failures)
    board = MetricBoard(metrics, series)

    async def forgotten(subjects: Sequence[bytes]) -> None:
        drop(subjects)
        await bus.publish(FORGOTTEN, b",".join(subject.hex().encode() for subject in subjects))

    def drop(subjects: Sequence[bytes]) -> None:
        stream.forget()
        consents.forget()
        servicers.alerts.forget()
        for subject in subjects:
            judge.forget(subject)

    async def hear_of_forgotten() -> None:
        async with bus.subscribe(FORGOTTEN) as told:
            async for payload in told:
                drop([bytes.fromhex(one.decode()) for one in payload.split(b",") if one])

    rights = SubjectRights(
        SubjectStore(database), log, audit, lambda user: list(pseudonymizer.all(user).values()), forgotten
    )
    servicers = Servicers(
        MonitoringServicer(
            judge,
            stream,
            metrics,
            board,
            series,
            CareReader(database),
            ReceiveSystemAlerts(log),
            parts.clock,
            settings.metric_staleness,
            keyed,
            once,
        ),
        AlertServicer(
            reader,
            log,
            stream,
            Silences(people, parts.clock, new_id),
            Reveal(reader, log, sealer, audit),
            StreamTickets(TicketStore(database), parts.clock, partial(secrets.token_urlsafe, 32)),
            parts.clock,
            keyed,
        ),
        RuleServicer(keep_rules, parts.clock),
        NotificationServicer(
            Arrange(contacts, check_target),
            Arrange(OneShelf(people, ROUTES), check_target),
            Arrange(OneShelf(people, POLICIES), check_target),
            documents,
            new_id,
        ),
        SubjectRightsServicer(rights),
        LegacyServicer(judge, metrics, board, reader, log, parts.clock, settings.metric_staleness),
    )
    servicers.answer_once(once)

    async def close() -> None:
        if worker:
            worker.close()
        try:
            await metrics.checkpoint()
            await windows.checkpoint()
            await ownership.release()
        except Refusal as error:
            failures.failed("last_checkpoint", error)
        await neighbours.aclose()
        await consents.aclose()
        await log.aclose()
        await outbound.aclose()
        await bus.aclose()
        await database.close()

    def bound(port: int) -> None:
        host = (settings.advertise or "127.0.0.1").rpartition(":")[0] or "127.0.0.1"
        if settings.port_shared or not settings.advertise:
            address[0] = f"{host}:{port}"

    async def drain() -> None:
        stream.end()
        servicers.monitoring.end()

    async def refresh_rules() -> None:
        await every(RULES_EVERY, "rules", book.refresh, failures)

    async def checkpoint() -> None:
        await every(CHECKPOINT_EVERY, "checkpoint", metrics.checkpoint, failures)

    async def checkpoint_windows() -> None:
        await every(CHECKPOINT_EVERY, "window_checkpoint", windows.checkpoint, failures)

    retention = Retention(database, chain, alerts_for=settings.alert_retention, metrics_for=settings.metric_retention)

    async def enforce() -> None:
        await retention.enforce()

    async def enforce_often() -> None:
        await every(RETENTION_EVERY, "retention", enforce, failures)

    async def renew() -> None:
        await every(RENEW_EVERY, "renewal", ownership.renew, failures)

    async def measure() -> None:
        await metrics.measured(await own.points(), "monitoring")

    async def measure_often() -> None:
        await every(MEASURE_EVERY, "own_metrics", measure, failures)

    background: tuple[Callable[[], Awaitable[None]], ...] = (
        stream.follow,
        dispatcher.run,
        clockwork.run_escalations,
        clockwork.run_resolutions,
        refresh_rules,
        checkpoint,
        renew,
        measure_often,
        upkeep.log_heads,
        hear_of_forgotten,
        checkpoint_windows,
        enforce_often,
        reading(CareFigures(database)),
    )
    service = Service(
        name="monitoring",
        port=settings.monitoring_port,
        register=servicers.register,
        service_names=servicers.names,
        ready=database.ping,
        background=background,
        drain=drain,
        on_refusals=upkeep.append_refusals,
        close=close,
        bound=bound,
    )
    return Monitoring(service, log, stream, judge, dispatcher, clockwork, book, metrics, database, address)
