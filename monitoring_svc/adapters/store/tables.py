"""The tables of monitoring. Two keep the names and columns of the system before; all are made by migrations only."""

import sqlalchemy as sa

from mesh.audit import audit_table
from mesh.columns import BigKey, Json, UtcDateTime
from mesh.database import SCHEMA
from mesh.idempotency import idempotency_table
from mesh.leases import lease_table

metadata = sa.MetaData(schema=SCHEMA)

alerts = sa.Table(
    "realtime_alerts",
    metadata,
    sa.Column("alert_id", sa.String(64), primary_key=True),
    sa.Column("alert_type", sa.String(40), nullable=False),
    sa.Column("severity", sa.SmallInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("rule_id", sa.String(64), nullable=False),
    sa.Column("fingerprint", sa.String(32), nullable=False),
    sa.Column("intervention", sa.String(200), nullable=False),
    sa.Column("subject", sa.LargeBinary),
    sa.Column("sealed_subject", sa.LargeBinary),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("labels", Json, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("user_cohort", sa.String(200), nullable=False, server_default=""),
    sa.Column("triggered_at", UtcDateTime, nullable=False),
    sa.Column("last_fired_at", UtcDateTime, nullable=False),
    sa.Column("last_event_at", UtcDateTime, nullable=False),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("acknowledged_by", sa.String(256), nullable=False),
    sa.Column("is_resolved", sa.Boolean, nullable=False),
    sa.Column("resolved_at", UtcDateTime),
    sa.Column("resolved_by", sa.String(256), nullable=False),
    sa.Column("escalation_step", sa.Integer, nullable=False),
    sa.Column("silenced", sa.Boolean, nullable=False),
    sa.Column("cooldown_seconds", sa.Integer, nullable=False),
    sa.Column("auto_resolve_seconds", sa.Integer, nullable=False),
    sa.Column("cleared_at", UtcDateTime),
    sa.Column("quiet_until", UtcDateTime),
    sa.Column("erase_when_resolved", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("key_versions", sa.Integer, nullable=False, server_default="0", comment="As `SubjectKeys.versions`."),
    sa.Index(
        "realtime_alerts_open",
        "fingerprint",
        unique=True,
        postgresql_where=sa.text("NOT is_resolved"),
        sqlite_where=sa.text("NOT is_resolved"),
    ),
    sa.Index("realtime_alerts_fingerprint", "fingerprint"),
    sa.Index("realtime_alerts_triggered", "triggered_at", "alert_id"),
    sa.Index("realtime_alerts_subject", "subject"),
    sa.Index(
        "realtime_alerts_keys",
        "key_versions",
        "alert_id",
        postgresql_where=sa.text("sealed_subject IS NOT NULL"),
        sqlite_where=sa.text("sealed_subject IS NOT NULL"),
    ),
)

alert_events = sa.Table(
    "alert_events",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("alert_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.String(256), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("subject", sa.LargeBinary),
    sa.Column("snapshot", Json, nullable=False),
    sa.Index("alert_events_alert", "alert_id", "position"),
    sa.Index("alert_events_occurred", "occurred_at"),
    sa.Index("alert_events_subject", "subject", "position"),
)

alert_log = sa.Table(
    "alert_log",
    metadata,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("head", sa.BigInteger, nullable=False),
    sa.Column("oldest", sa.BigInteger, nullable=False),
    sa.Column("arrangements_version", sa.BigInteger, nullable=False),
    sa.Column("rules_version", sa.BigInteger, nullable=False),
)
"""One row: the last position, the oldest valid cursor, and the versions of what replicas keep in memory."""

timers = sa.Table(
    "escalation_timers",
    metadata,
    sa.Column("alert_id", sa.String(64), primary_key=True),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Index("escalation_timers_due", "due_at"),
)

deliveries = sa.Table(
    "notification_deliveries",
    metadata,
    sa.Column("delivery_id", sa.String(64), primary_key=True),
    sa.Column("alert_id", sa.String(64)),
    sa.Column("contact_id", sa.String(64)),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("sealed_address", sa.LargeBinary),
    sa.Column("group_key", sa.String(200)),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("content", Json, nullable=False),
    sa.Column("attachments", sa.LargeBinary),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("last_error", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("delivered_at", UtcDateTime),
    sa.Index(
        "notification_deliveries_due",
        "urgent",
        "due_at",
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    ),
    sa.Index("notification_deliveries_alert", "alert_id"),
    sa.Index("notification_deliveries_created", "created_at", "delivery_id"),
    sa.Index(
        "notification_deliveries_parcels",
        "delivery_id",
        postgresql_where=sa.text("sealed_address IS NOT NULL OR attachments IS NOT NULL"),
        sqlite_where=sa.text("sealed_address IS NOT NULL OR attachments IS NOT NULL"),
    ),
)
"""The outbox: `due_at` of a claimed row is the end of its lease."""

rules = sa.Table(
    "monitoring_rules",
    metadata,
    sa.Column("rule_id", sa.String(64), primary_key=True),
    sa.Column("definition", Json, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("updated_by", sa.String(256), nullable=False),
)

silences = sa.Table(
    "alert_silences",
    metadata,
    sa.Column("silence_id", sa.String(64), primary_key=True),
    sa.Column("matchers", Json, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)


def _arrangement(name: str, key: str) -> sa.Table:
    return sa.Table(
        name,
        metadata,
        sa.Column(key, sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("secret", sa.LargeBinary),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )


contacts = _arrangement("notification_contacts", "contact_id")
routes = _arrangement("notification_routes", "route_id")
policies = _arrangement("escalation_policies", "policy_id")

stream_tickets = sa.Table(
    "stream_tickets",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("caller", Json, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)

signal_windows = sa.Table(
    "signal_windows",
    metadata,
    sa.Column("subject", sa.LargeBinary, primary_key=True),
    sa.Column("state", Json, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("key_version", sa.SmallInteger, nullable=False, server_default="0", comment="Of the pseudonym."),
)
"""Checkpoints of the rolling statistics that rules ask for."""

series = sa.Table(
    "metric_series",
    metadata,
    sa.Column("series_id", sa.String(32), primary_key=True),
    sa.Column("shard", sa.Integer, nullable=False),
    sa.Column("metric_name", sa.String(200), nullable=False),
    sa.Column("labels", Json, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("caller", sa.String(256), nullable=False),
    sa.Column("state", Json, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Index("metric_series_name", "metric_name"),
    sa.Index("metric_series_shard", "shard"),
)
"""The last checkpoint of each series: value, thresholds, status, detector."""

series_owners = sa.Table(
    "metric_series_owners",
    metadata,
    sa.Column("shard", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("address", sa.String(300), nullable=False),
    sa.Column("until", UtcDateTime, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),
)
"""Who owns the series of a shard; each series belongs to one shard."""

aggregate_metrics = sa.Table(
    "aggregate_metrics",
    metadata,
    sa.Column("id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("series_id", sa.String(32), nullable=False),
    sa.Column("metric_name", sa.String(200), nullable=False),
    sa.Column("labels", Json, nullable=False),
    sa.Column("grain", sa.String(8), nullable=False),
    sa.Column("window_start", UtcDateTime, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("mean", sa.Float, nullable=False),
    sa.Column("squares", sa.Float, nullable=False),
    sa.Column("minimum", sa.Float, nullable=False),
    sa.Column("maximum", sa.Float, nullable=False),
    sa.Column("last", sa.Float, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Index("aggregate_metrics_window", "series_id", "grain", "window_start", unique=True),
    sa.Index("aggregate_metrics_name", "metric_name", "grain", "window_start"),
)
"""Roll-ups by hour, day, week and month; `squares` is the sum of squared deviations from the mean."""

leases = lease_table(metadata, "monitoring_leases")
"""Work that one replica does at a time."""

requests = idempotency_table(metadata, "monitoring_requests")

erasures = sa.Table(
    "monitoring_erasures",
    metadata,
    sa.Column("subject", sa.LargeBinary, primary_key=True),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)
"""Players who were erased in the last days: whose rolling statistics no replica may keep."""

audit_log = audit_table(metadata, "monitoring_audit_log")
"""Who was told of which player, and why: hash-chained."""
