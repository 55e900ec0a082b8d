"""Reports, dashboards, schedules, and what keeps their writes honest.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import Json, UtcDateTime
from mesh.migrations import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "dashboard_versions",
    "dashboards",
    "report_files",
    "reporting_audit_log",
    "reporting_audit_log_head",
    "reporting_requests",
    "reports",
    "schedule_runs",
    "schedules",
)


def upgrade() -> None:
    where = schema()
    op.create_table(
        "dashboard_versions",
        sa.Column("dashboard_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.PrimaryKeyConstraint("dashboard_id", "version"),
        schema=where,
    )
    op.create_table(
        "dashboards",
        sa.Column("dashboard_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("visibility", sa.String(16), nullable=False),
        sa.Column("created_by", sa.String(256), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dashboard_id"),
        schema=where,
    )
    op.create_index("ix_analytics_dashboards_created_at", "dashboards", ["created_at"], schema=where)
    op.create_table(
        "report_files",
        sa.Column("key", sa.String(256), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        schema=where,
    )
    op.create_table(
        "reporting_audit_log",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(256), nullable=False),
        sa.Column("action", sa.String(128), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        schema=where,
    )
    op.create_index("ix_analytics_reporting_audit_log_at", "reporting_audit_log", ["at"], schema=where)
    op.create_index("ix_analytics_reporting_audit_log_subject_id", "reporting_audit_log", ["subject_id"], schema=where)
    op.create_table(
        "reporting_audit_log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("cut_position", sa.BigInteger(), nullable=False),
        sa.Column("cut_mac", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=where,
    )
    op.create_table(
        "reporting_requests",
        sa.Column("caller", sa.String(256), nullable=False),
        sa.Column("call", sa.String(256), nullable=False),
        sa.Column("request_id", sa.String(128), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("subject_id", sa.String(64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "call", "request_id"),
        schema=where,
    )
    op.create_index("ix_analytics_reporting_requests_created_at", "reporting_requests", ["created_at"], schema=where)
    op.create_index("ix_analytics_reporting_requests_subject_id", "reporting_requests", ["subject_id"], schema=where)
    op.create_table(
        "reports",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("report_type", sa.String(40), nullable=False),
        sa.Column("spec", Json, nullable=False),
        sa.Column("panels", Json, nullable=False),
        sa.Column("notices", Json, nullable=False),
        sa.Column("range_start", UtcDateTime(), nullable=False),
        sa.Column("range_end", UtcDateTime(), nullable=False),
        sa.Column("operational", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(256), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("stage", sa.String(200), nullable=False),
        sa.Column("failure_reason", sa.String(64), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("data_as_of", UtcDateTime(), nullable=True),
        sa.Column("renditions", Json, nullable=False),
        sa.Column("schedule_id", sa.String(64), nullable=True),
        sa.Column("run_id", sa.String(64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(128), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
        schema=where,
    )
    op.create_index("ix_analytics_reports_expires_at", "reports", ["expires_at"], schema=where)
    op.create_index("ix_reports_newest", "reports", ["created_at", "report_id"], schema=where)
    op.create_index("ix_reports_queue", "reports", ["state", "not_before"], schema=where)
    op.create_index("ix_reports_schedule", "reports", ["schedule_id", "created_at"], schema=where)
    op.create_table(
        "schedule_runs",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("schedule_id", sa.String(64), nullable=False),
        sa.Column("tick", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("report_id", sa.String(64), nullable=True),
        sa.Column("failure_reason", sa.String(64), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("handed_over", sa.Integer(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("manual", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(128), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("schedule_id", "tick", name="uq_schedule_runs_tick"),
        schema=where,
    )
    op.create_index("ix_analytics_schedule_runs_report_id", "schedule_runs", ["report_id"], schema=where)
    op.create_index("ix_schedule_runs_open", "schedule_runs", ["state", "not_before"], schema=where)
    op.create_table(
        "schedules",
        sa.Column("schedule_id", sa.String(64), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("dashboard_id", sa.String(64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_tick", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(256), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id"),
        schema=where,
    )
    op.create_index("ix_analytics_schedules_created_at", "schedules", ["created_at"], schema=where)
    op.create_index("ix_analytics_schedules_dashboard_id", "schedules", ["dashboard_id"], schema=where)
    op.create_index("ix_analytics_schedules_next_tick", "schedules", ["next_tick"], schema=where)


def downgrade() -> None:
    where = schema()
    for table in TABLES:
        op.drop_table(table, schema=where)
