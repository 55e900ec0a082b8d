"""Subjects, their consent and their facts.

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


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, BIG, primary_key=True, autoincrement=False)


def _received_at() -> sa.Column[int]:
    return sa.Column("received_at", BIG, nullable=False, server_default="0")


def upgrade() -> None:
    where = schema()
    _subjects(where)
    _facts(where)
    _erasures(where)
    _records(where)


def _subjects(where: str | None) -> None:
    op.create_table(
        "subjects",
        _key("subject_id"),
        sa.Column("analytics_consent", sa.Boolean, nullable=False),
        sa.Column("research_consent", sa.Boolean, nullable=False),
        sa.Column("consent_changed_at", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        schema=where,
    )
    op.create_table(
        "subject_keys",
        sa.Column("pseudonym", sa.LargeBinary(32), primary_key=True),
        sa.Column("key_version", sa.SmallInteger, nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        schema=where,
    )
    op.create_index("ix_subject_keys_subject_id", "subject_keys", ["subject_id"], schema=where)
    op.create_table(
        "subject_seals",
        _key("subject_id"),
        sa.Column("key_version", sa.SmallInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        schema=where,
    )
    op.create_index("ix_subject_seals_key_version", "subject_seals", ["key_version"], schema=where)
    op.create_table(
        "store_keys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key_version", sa.SmallInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        schema=where,
    )
    changes = op.create_table(
        "subject_changes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("changes", BIG, nullable=False),
        schema=where,
    )
    op.bulk_insert(changes, [{"id": 1, "changes": 0}])
    op.create_table(
        "consents",
        sa.Column("position", BigKey, primary_key=True, autoincrement=True),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        schema=where,
    )
    op.create_index("ix_consents_subject_id", "consents", ["subject_id"], schema=where)


def _facts(where: str | None) -> None:
    op.create_table(
        "sessions",
        _key("subject_id"),
        _key("session_id"),
        sa.Column("started_at", BIG, nullable=False),
        sa.Column("duration_minutes", sa.Double),
        sa.Column("interaction_count", sa.Integer),
        sa.Column("therapeutic_interventions_count", sa.Integer),
        sa.Column("progress_markers_count", sa.Integer),
        sa.Column("engagement_score", sa.Double),
        sa.Column("sentiment_score", sa.Double),
        sa.Column("therapeutic_focus", sa.Text),
        sa.Column("session_frequency", sa.Text),
        sa.Column("engagement_level", sa.Text),
        sa.Column("updated_at", BIG),
        sa.Column("digest", BIG, nullable=False),
        _received_at(),
        schema=where,
    )
    op.create_table(
        "progress_snapshots",
        _key("subject_id"),
        _key("recorded_at"),
        _key("digest"),
        sa.Column("overall_progress", sa.Double),
        sa.Column("goal_completion_rate", sa.Double),
        sa.Column("engagement_level", sa.Text),
        sa.Column("total_sessions", sa.Integer),
        _received_at(),
        schema=where,
    )
    op.create_table(
        "therapeutic_outcomes",
        _key("subject_id"),
        _key("recorded_at"),
        _key("digest"),
        sa.Column("outcome_category", sa.Text),
        sa.Column("therapeutic_goals_achieved", sa.Integer),
        sa.Column("instrument", sa.Text),
        sa.Column("score", sa.Double),
        _received_at(),
        schema=where,
    )
    for table, column in TIMES if where else ():
        op.create_index(f"ix_{table}_{column}", table, [column], schema=where, postgresql_using="brin")


TIMES = (
    ("sessions", "started_at"),
    ("progress_snapshots", "recorded_at"),
    ("therapeutic_outcomes", "recorded_at"),
)


def _erasures(where: str | None) -> None:
    op.create_table(
        "tombstones",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("erased_at", BIG, nullable=False),
        schema=where,
    )
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.Text, primary_key=True),
        sa.Column("tombstone", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("requested_at", BIG, nullable=False),
        sa.Column("finished_at", BIG),
        schema=where,
    )
    op.create_index("ix_erasures_tombstone", "erasures", ["tombstone"], schema=where)
    op.create_table(
        "erasure_parts",
        sa.Column("erasure_id", sa.Text, primary_key=True),
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("removed", Json, nullable=False),
        sa.Column("kept", Json, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("tried_at", BIG),
        sa.Column("next_try_at", BIG, nullable=False),
        schema=where,
    )


def _records(where: str | None) -> None:
    op.create_table(
        "privacy_audit_log",
        sa.Column("position", BIG, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(256), nullable=False),
        sa.Column("action", sa.String(128), nullable=False),
        sa.Column("subject_id", sa.String(64)),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        schema=where,
    )
    op.create_index("ix_privacy_audit_log_at", "privacy_audit_log", ["at"], schema=where)
    op.create_index("ix_privacy_audit_log_subject_id", "privacy_audit_log", ["subject_id"], schema=where)
    op.create_table(
        "privacy_audit_log_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", BIG, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.Column("cut_position", BIG, nullable=False),
        sa.Column("cut_mac", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        schema=where,
    )
    op.create_table(
        "aggregation_requests",
        sa.Column("caller", sa.String(256), primary_key=True),
        sa.Column("call", sa.String(256), primary_key=True),
        sa.Column("request_id", sa.String(128), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("subject_id", sa.String(64)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        schema=where,
    )
    for column in ("subject_id", "created_at"):
        op.create_index(f"ix_aggregation_requests_{column}", "aggregation_requests", [column], schema=where)
    op.create_table(
        "aggregation_leases",
        sa.Column("name", sa.String(256), primary_key=True),
        sa.Column("holder", sa.String(256), nullable=False),
        sa.Column("token", BIG, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        schema=where,
    )


def downgrade() -> None:
    for table in (
        *("aggregation_leases", "aggregation_requests", "privacy_audit_log_head", "privacy_audit_log"),
        *("erasure_parts", "erasures", "tombstones", "therapeutic_outcomes", "progress_snapshots", "sessions"),
        *("consents", "subject_changes", "store_keys", "subject_seals", "subject_keys", "subjects"),
    ):
        op.drop_table(table, schema=schema())
