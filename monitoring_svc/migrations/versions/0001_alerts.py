"""Alerts, their log, rules, notifications and metrics.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import BigKey, Json, UtcDateTime
from mesh.migrations import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger()

TABLES = (
    "aggregate_metrics",
    "alert_events",
    "alert_log",
    "alert_silences",
    "escalation_policies",
    "escalation_timers",
    "metric_series",
    "metric_series_owners",
    "monitoring_audit_log",
    "monitoring_audit_log_head",
    "monitoring_erasures",
    "monitoring_requests",
    "monitoring_rules",
    "notification_contacts",
    "notification_deliveries",
    "notification_routes",
    "realtime_alerts",
    "signal_windows",
    "stream_tickets",
)


def upgrade() -> None:
    where = schema()
    op.create_table(
        "aggregate_metrics",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("metric_name", sa.String(length=200), nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("grain", sa.String(length=8), nullable=False),
        sa.Column("window_start", UtcDateTime(), nullable=False),
        sa.Column("count", BIG, nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("squares", sa.Float(), nullable=False),
        sa.Column("minimum", sa.Float(), nullable=False),
        sa.Column("maximum", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=where,
    )
    op.create_index(
        "aggregate_metrics_name",
        "aggregate_metrics",
        ["metric_name", "grain", "window_start"],
        unique=False,
        schema=where,
    )
    op.create_index(
        "aggregate_metrics_window",
        "aggregate_metrics",
        ["series_id", "grain", "window_start"],
        unique=True,
        schema=where,
    )
    op.create_table(
        "alert_events",
        sa.Column("position", BIG, autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("snapshot", Json, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        schema=where,
    )
    op.create_index("alert_events_alert", "alert_events", ["alert_id", "position"], unique=False, schema=where)
    op.create_index("alert_events_occurred", "alert_events", ["occurred_at"], unique=False, schema=where)
    op.create_table(
        "alert_log",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", BIG, nullable=False),
        sa.Column("oldest", BIG, nullable=False),
        sa.Column("arrangements_version", BIG, nullable=False),
        sa.Column("rules_version", BIG, nullable=False),
        sa.PrimaryKeyConstraint("one"),
        schema=where,
    )
    op.create_table(
        "alert_silences",
        sa.Column("silence_id", sa.String(length=64), nullable=False),
        sa.Column("matchers", Json, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=256), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("silence_id"),
        schema=where,
    )
    op.create_table(
        "escalation_policies",
        sa.Column("policy_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id"),
        schema=where,
    )
    op.create_table(
        "escalation_timers",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id"),
        schema=where,
    )
    op.create_index("escalation_timers_due", "escalation_timers", ["due_at"], unique=False, schema=where)
    op.create_table(
        "metric_series",
        sa.Column("series_id", sa.String(length=32), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("metric_name", sa.String(length=200), nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("caller", sa.String(length=256), nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("fence", BIG, nullable=False),
        sa.PrimaryKeyConstraint("series_id"),
        schema=where,
    )
    op.create_index("metric_series_name", "metric_series", ["metric_name"], unique=False, schema=where)
    op.create_index("metric_series_shard", "metric_series", ["shard"], unique=False, schema=where)
    op.create_table(
        "metric_series_owners",
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("fence", BIG, nullable=False),
        sa.PrimaryKeyConstraint("shard"),
        schema=where,
    )
    op.create_table(
        "monitoring_audit_log",
        sa.Column("position", BIG, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=256), nullable=False),
        sa.Column("action", sa.String(length=128), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        schema=where,
    )
    op.create_index("ix_analytics_monitoring_audit_log_at", "monitoring_audit_log", ["at"], unique=False, schema=where)
    op.create_index(
        "ix_analytics_monitoring_audit_log_subject_id",
        "monitoring_audit_log",
        ["subject_id"],
        unique=False,
        schema=where,
    )
    op.create_table(
        "monitoring_audit_log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("cut_position", BIG, nullable=False),
        sa.Column("cut_mac", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        schema=where,
    )
    op.create_table(
        "monitoring_erasures",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
        schema=where,
    )
    op.create_table(
        "monitoring_requests",
        sa.Column("caller", sa.String(length=256), nullable=False),
        sa.Column("call", sa.String(length=256), nullable=False),
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("subject_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "call", "request_id"),
        schema=where,
    )
    op.create_index(
        "ix_analytics_monitoring_requests_created_at", "monitoring_requests", ["created_at"], unique=False, schema=where
    )
    op.create_index(
        "ix_analytics_monitoring_requests_subject_id", "monitoring_requests", ["subject_id"], unique=False, schema=where
    )
    op.create_table(
        "monitoring_rules",
        sa.Column("rule_id", sa.String(length=64), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("rule_id"),
        schema=where,
    )
    op.create_table(
        "notification_contacts",
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
        schema=where,
    )
    op.create_table(
        "notification_deliveries",
        sa.Column("delivery_id", sa.String(length=64), nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=True),
        sa.Column("contact_id", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("group_key", sa.String(length=200), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("attachments", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", BIG, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("delivery_id"),
        schema=where,
    )
    op.create_index(
        "notification_deliveries_alert", "notification_deliveries", ["alert_id"], unique=False, schema=where
    )
    op.create_index(
        "notification_deliveries_created",
        "notification_deliveries",
        ["created_at", "delivery_id"],
        unique=False,
        schema=where,
    )
    op.create_index(
        "notification_deliveries_due",
        "notification_deliveries",
        ["urgent", "due_at"],
        unique=False,
        schema=where,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "notification_routes",
        sa.Column("route_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("route_id"),
        schema=where,
    )
    op.create_table(
        "realtime_alerts",
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("alert_type", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("intervention", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_subject", sa.LargeBinary(), nullable=True),
        sa.Column("count", BIG, nullable=False),
        sa.Column("labels", Json, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("user_cohort", sa.String(length=200), server_default="", nullable=False),
        sa.Column("triggered_at", UtcDateTime(), nullable=False),
        sa.Column("last_fired_at", UtcDateTime(), nullable=False),
        sa.Column("last_event_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=256), nullable=False),
        sa.Column("is_resolved", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=256), nullable=False),
        sa.Column("escalation_step", sa.Integer(), nullable=False),
        sa.Column("silenced", sa.Boolean(), nullable=False),
        sa.Column("cooldown_seconds", sa.Integer(), nullable=False),
        sa.Column("auto_resolve_seconds", sa.Integer(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("quiet_until", UtcDateTime(), nullable=True),
        sa.Column("erase_when_resolved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("alert_id"),
        schema=where,
    )
    op.create_index("realtime_alerts_fingerprint", "realtime_alerts", ["fingerprint"], unique=False, schema=where)
    op.create_index(
        "realtime_alerts_open",
        "realtime_alerts",
        ["fingerprint"],
        unique=True,
        schema=where,
        postgresql_where=sa.text("NOT is_resolved"),
        sqlite_where=sa.text("NOT is_resolved"),
    )
    op.create_index("realtime_alerts_subject", "realtime_alerts", ["subject"], unique=False, schema=where)
    op.create_index(
        "realtime_alerts_triggered", "realtime_alerts", ["triggered_at", "alert_id"], unique=False, schema=where
    )
    op.create_table(
        "signal_windows",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
        schema=where,
    )
    op.create_table(
        "stream_tickets",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("caller", Json, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        schema=where,
    )
    # ### end Alembic commands ###
    log = sa.table("alert_log", *(sa.column(name) for name in LOG), schema=where)
    op.bulk_insert(log, [dict.fromkeys(LOG, 0) | {"one": 1}])


LOG = ("one", "head", "oldest", "arrangements_version", "rules_version")


def downgrade() -> None:
    where = schema()
    for name in reversed(TABLES):
        op.drop_table(name, schema=where)
