"""The only wiring of reporting."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import grpc
from tta.analytics.v1 import (
    aggregation_pb2_grpc,
    analysis_pb2_grpc,
    dashboard_pb2_grpc,
    legacy_reporting_pb2_grpc,
    monitoring_pb2_grpc,
    notification_pb2_grpc,
    report_pb2_grpc,
    schedule_pb2_grpc,
    subject_rights_pb2_grpc,
)

from mesh import migrations
from mesh.audit import AuditLog
from mesh.audit_upkeep import AuditUpkeep
from mesh.bus import Bus, bus_for
from mesh.channels import channel
from mesh.database import Database
from mesh.figures import reading
from mesh.idempotency import Idempotency
from mesh.identity import service_token
from mesh.server import Service
from mesh.settings import SettingError
from mesh.workers import NumericPool
from reporting_svc.adapters.bucket import open_bucket
from reporting_svc.adapters.calendar import CronCalendar
from reporting_svc.adapters.files import DatabaseFiles, FolderFiles
from reporting_svc.adapters.post import GrpcPost
from reporting_svc.adapters.problems import LoggedProblems
from reporting_svc.adapters.queue_figures import QueueFigures
from reporting_svc.adapters.render import theme as themes
from reporting_svc.adapters.render.plotly_figure import figure
from reporting_svc.adapters.sources import GrpcSources
from reporting_svc.adapters.store.acts import Acts
from reporting_svc.adapters.store.dashboards import SqlDashboards
from reporting_svc.adapters.store.reports import SqlReports
from reporting_svc.adapters.store.schedules import SqlSchedules
from reporting_svc.adapters.store.tables import reporting_audit_log, reporting_requests
from reporting_svc.adapters.wakes import BusWakes
from reporting_svc.adapters.workshop import PooledWorkshop
from reporting_svc.ports import Files, Post, Sources
from reporting_svc.servicers.analysis import AnalysisServicer
from reporting_svc.servicers.dashboards import DashboardServicer
from reporting_svc.servicers.legacy import ReportingLegacyServicer
from reporting_svc.servicers.reports import ReportServicer
from reporting_svc.servicers.schedules import ScheduleServicer
from reporting_svc.servicers.subject_rights import SubjectRightsServicer
from reporting_svc.settings import ReportingSettings
from reporting_svc.usecases.analyse import Analyse
from reporting_svc.usecases.arrange_dashboards import ArrangeDashboards
from reporting_svc.usecases.ask_reports import AskReports
from reporting_svc.usecases.keep_files import Expiry
from reporting_svc.usecases.keep_runs import RunExpiry
from reporting_svc.usecases.make_reports import MakeReports
from reporting_svc.usecases.run_schedules import RunSchedules

NAME = "reporting"
PACKAGE = "reporting_svc"
READS = ("view_anonymized_data", "view_operations")
SENDS = ("manage_reports",)


def utc_now() -> datetime:
    """Return this process's clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that nobody else has."""
    return uuid.uuid4().hex


@dataclass(slots=True)
class Parts:
    """What a test may replace; what is None is made from the settings."""

    sources: Sources | None = None
    post: Post | None = None
    files: Files | None = None
    bus: Bus | None = None
    workshop: PooledWorkshop | None = None
    """Not closed with the process."""
    clock: Callable[[], datetime] = utc_now


@dataclass(frozen=True, slots=True)
class Reporting:
    """The wired process."""

    service: Service
    database: Database
    making: tuple[MakeReports, ...]
    running: RunSchedules
    expiry: Expiry
    run_expiry: RunExpiry


async def bootstrap(settings: ReportingSettings, parts: Parts | None = None) -> Reporting:
    """Wire everything.

    Raises:
        SettingError: a key is not set, the theme is wrong, or the database is not at this version.
    """
    parts = parts or Parts()
    url = settings.database(NAME)
    theme = themes.load(settings.report_theme)
    if await migrations.current(url, PACKAGE) != migrations.head(PACKAGE):
        raise SettingError("TTA_DATABASE_URL", "the database is not at this version; run `tta-analytics migrate`")
    database = Database(url, pool_size=settings.database_pool_size)
    idempotency = Idempotency(reporting_requests)
    audit = AuditLog(reporting_audit_log, settings.secret("audit_key"))
    acts, upkeep = Acts(idempotency, audit), AuditUpkeep(database, audit)
    bus = parts.bus or bus_for(settings)
    wakes = BusWakes(bus)
    problems = LoggedProblems()
    channels = [
        channel(settings.target(process), settings, token=_token(settings, scope), process=process)
        for process, scope in (("aggregation", READS), ("monitoring", (*READS, *SENDS)))
    ]
    sources = parts.sources or GrpcSources(
        aggregation_pb2_grpc.AggregationServiceStub(channels[0]),
        monitoring_pb2_grpc.MonitoringServiceStub(channels[1]),
        parts.clock,
    )
    post = parts.post or GrpcPost(notification_pb2_grpc.NotificationServiceStub(channels[1]))
    files = parts.files or _files(settings, database)
    workshop = parts.workshop or _workshop(settings, theme)
    reports, dashboards = SqlReports(database, acts), SqlDashboards(database, acts)
    schedules = SqlSchedules(database, acts)
    asking = AskReports(
        *(reports, dashboards, files, workshop, wakes, parts.clock, new_id),
        kept=settings.report_kept,
        most_waiting=settings.report_queue,
    )
    arranging = ArrangeDashboards(dashboards, sources, workshop, parts.clock, new_id)
    holder = new_id()
    running = RunSchedules(
        *(schedules, asking, CronCalendar(), post, wakes, problems, parts.clock, new_id, holder, settings.report_lease)
    )
    making = tuple(
        MakeReports(
            *(reports, dashboards, sources, files, workshop, wakes, problems, f"{holder}-{worker}"),
            lease=settings.report_lease,
            most_attempts=settings.report_attempts,
            ending=wakes.ending,
        )
        for worker in range(settings.report_workers)
    )
    expiry, run_expiry = Expiry(reports, files), RunExpiry(schedules, settings.schedule_runs_kept)
    servicers = _Servicers(
        ReportServicer(asking, partial(figure, theme=theme), idempotency),
        ScheduleServicer(running, idempotency),
        DashboardServicer(arranging, partial(figure, theme=theme), idempotency),
        AnalysisServicer(Analyse(sources, workshop, parts.clock)),
        ReportingLegacyServicer(asking),
        SubjectRightsServicer(),
    )

    async def drain() -> None:
        wakes.ending.set()

    async def close() -> None:
        if parts.workshop is None:
            await asyncio.to_thread(workshop.close)
        for one in channels:
            await one.close()
        await bus.aclose()
        await database.close()

    service = Service(
        name=NAME,
        port=settings.reporting_port,
        register=servicers.register,
        service_names=servicers.names,
        ready=database.ping,
        background=(
            *(one.work for one in making),
            workshop.warm,
            running.tick,
            running.deliver,
            expiry.run,
            run_expiry.run,
            upkeep.log_heads,
            reading(QueueFigures(database)),
        ),
        on_refusals=upkeep.append_refusals,
        drain=drain,
        close=close,
    )
    return Reporting(service, database, making, running, expiry, run_expiry)


def _workshop(settings: ReportingSettings, theme: themes.Theme) -> PooledWorkshop:
    pools = NumericPool(settings.report_workers, patient=True), NumericPool(settings.numeric_workers)
    return PooledWorkshop(*pools, settings.report_workers, theme)


def _files(settings: ReportingSettings, database: Database) -> Files:
    where = settings.report_files
    if where == "bucket":
        return _bucket(settings)
    if where == "database" or (where == "auto" and database.dialect == "postgresql"):
        return DatabaseFiles(database)
    return FolderFiles(settings.data_dir / "reports")


def _bucket(settings: ReportingSettings) -> Files:
    if not settings.report_bucket:
        raise SettingError("TTA_REPORT_BUCKET", "is not set; name the bucket, or choose another TTA_REPORT_FILES")
    secret = settings.report_bucket_secret
    if (secret is None) != (settings.report_bucket_key_id is None):
        raise SettingError("TTA_REPORT_BUCKET_SECRET", "goes with TTA_REPORT_BUCKET_KEY_ID; set both or neither")
    try:
        return open_bucket(
            settings.report_bucket,
            endpoint=settings.report_bucket_endpoint,
            region=settings.report_bucket_region,
            key_id=settings.report_bucket_key_id,
            secret=secret.get_secret_value() if secret else None,
        )
    except ImportError as error:
        raise SettingError("TTA_REPORT_FILES", "`bucket` needs `pip install tta-analytics[s3]`") from error
    except ValueError as error:
        raise SettingError("TTA_REPORT_BUCKET_ENDPOINT", str(error)) from error


def _token(settings: ReportingSettings, permissions: tuple[str, ...]) -> Callable[[], str]:
    return partial(service_token, settings, NAME, role="admin", permissions=permissions)


@dataclass(frozen=True, slots=True)
class _Servicers:
    reports: ReportServicer
    schedules: ScheduleServicer
    dashboards: DashboardServicer
    analysis: AnalysisServicer
    legacy: ReportingLegacyServicer
    rights: SubjectRightsServicer

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the gRPC services."""
        services = ("Report", "Schedule", "Dashboard", "Analysis", "ReportingLegacy", "SubjectRights")
        return tuple(f"tta.analytics.v1.{name}Service" for name in services)

    def register(self, server: grpc.aio.Server) -> None:
        """Add every servicer to the server."""
        report_pb2_grpc.add_ReportServiceServicer_to_server(self.reports, server)
        schedule_pb2_grpc.add_ScheduleServiceServicer_to_server(self.schedules, server)
        dashboard_pb2_grpc.add_DashboardServiceServicer_to_server(self.dashboards, server)
        analysis_pb2_grpc.add_AnalysisServiceServicer_to_server(self.analysis, server)
        legacy_reporting_pb2_grpc.add_ReportingLegacyServiceServicer_to_server(self.legacy, server)
        subject_rights_pb2_grpc.add_SubjectRightsServiceServicer_to_server(self.rights, server)
