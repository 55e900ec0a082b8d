"""The tables of reporting."""

import sqlalchemy as sa

from mesh.audit import audit_table
from mesh.columns import Json, UtcDateTime
from mesh.database import SCHEMA
from mesh.idempotency import idempotency_table

metadata = sa.MetaData()

ID = sa.String(64)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("report_id", ID, primary_key=True),
    sa.Column("report_type", sa.String(40), nullable=False),
    sa.Column("spec", Json, nullable=False),
    sa.Column("panels", Json, nullable=False),
    sa.Column("notices", Json, nullable=False),
    sa.Column("range_start", UtcDateTime, nullable=False),
    sa.Column("range_end", UtcDateTime, nullable=False),
    sa.Column("operational", sa.Boolean, nullable=False),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("progress", sa.Float, nullable=False),
    sa.Column("stage", sa.String(200), nullable=False),
    sa.Column("failure_reason", sa.String(64)),
    sa.Column("failure_message", sa.Text),
    sa.Column("started_at", UtcDateTime),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("data_as_of", UtcDateTime),
    sa.Column("renditions", Json, nullable=False),
    sa.Column("schedule_id", ID),
    sa.Column("run_id", ID),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("holder", sa.String(128)),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Index("ix_reports_queue", "state", "not_before"),
    sa.Index("ix_reports_newest", "created_at", "report_id"),
    sa.Index("ix_reports_schedule", "schedule_id", "created_at"),
    schema=SCHEMA,
)

dashboards = sa.Table(
    "dashboards",
    metadata,
    sa.Column("dashboard_id", ID, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("visibility", sa.String(16), nullable=False),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    schema=SCHEMA,
)

dashboard_versions = sa.Table(
    "dashboard_versions",
    metadata,
    sa.Column("dashboard_id", ID, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", Json, nullable=False),
    schema=SCHEMA,
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("schedule_id", ID, primary_key=True),
    sa.Column("content", Json, nullable=False),
    sa.Column("dashboard_id", ID, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("next_tick", UtcDateTime, index=True),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
    schema=SCHEMA,
)

schedule_runs = sa.Table(
    "schedule_runs",
    metadata,
    sa.Column("run_id", ID, primary_key=True),
    sa.Column("schedule_id", ID, nullable=False),
    sa.Column("tick", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("report_id", ID, index=True),
    sa.Column("failure_reason", sa.String(64)),
    sa.Column("failure_message", sa.Text),
    sa.Column("handed_over", sa.Integer, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("manual", sa.Boolean, nullable=False),
    sa.Column("deliveries", Json),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("holder", sa.String(128)),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.UniqueConstraint("schedule_id", "tick", name="uq_schedule_runs_tick"),
    sa.Index("ix_schedule_runs_open", "state", "not_before"),
    sa.Index("ix_schedule_runs_ended", "finished_at"),
    schema=SCHEMA,
)

report_files = sa.Table(
    "report_files",
    metadata,
    sa.Column("key", sa.String(256), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    schema=SCHEMA,
)

discarded_folders = sa.Table(
    "discarded_folders",
    metadata,
    sa.Column("folder", ID, primary_key=True),
    sa.Column("not_before", UtcDateTime, nullable=False, index=True),
    schema=SCHEMA,
)

reporting_requests = idempotency_table(metadata, "reporting_requests")
reporting_audit_log = audit_table(metadata, "reporting_audit_log")
