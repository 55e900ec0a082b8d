"""The tables of facts and of those they are about.

Times are microseconds since 1970 in UTC, as whole numbers, so that one bounding plan reads them on SQLite, PostgreSQL
and Spark alike. No column holds an id, a session's name or a text of a player: subjects are random numbers, a
session's name and content are kept as keyed 64-bit hashes. Why: docs/decisions.
"""

import sqlalchemy as sa

from mesh.audit import audit_table
from mesh.columns import BigKey, Json
from mesh.database import SCHEMA
from mesh.idempotency import idempotency_table
from mesh.leases import lease_table

metadata = sa.MetaData(schema=SCHEMA)

BIG = sa.BigInteger()


def _received_at() -> sa.Column[int]:
    """Return when a fact arrived: its term counts from then, so that old facts may be imported."""
    return sa.Column("received_at", BIG, nullable=False, server_default="0")


subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False, comment="Random, 63 bits."),
    sa.Column("analytics_consent", sa.Boolean, nullable=False),
    sa.Column("research_consent", sa.Boolean, nullable=False),
    sa.Column("consent_changed_at", BIG, nullable=False),
    sa.Column("created_at", BIG, nullable=False),
)
"""A player as this platform knows one. Whose `analytics_consent` is false is in no release."""

subject_keys = sa.Table(
    "subject_keys",
    metadata,
    sa.Column("pseudonym", sa.LargeBinary(32), primary_key=True, comment="HMAC-SHA-256 of the canonical user id."),
    sa.Column("key_version", sa.SmallInteger, nullable=False),
    sa.Column("subject_id", BIG, nullable=False, index=True),
)
"""Lookup keys that lead to a subject: one per version of `TTA_PSEUDONYM_KEY` that is in use."""

subject_seals = sa.Table(
    "subject_seals",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("key_version", sa.SmallInteger, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False, comment="AES-256-GCM of the canonical user id."),
)
"""The canonical id under authenticated encryption, bound to its subject: for reveal, export and key rotation."""

store_keys = sa.Table(
    "store_keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key_version", sa.SmallInteger, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""Random keys of this store, sealed under `TTA_SEAL_KEY`: they survive the rotation of the keys in the settings."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("session_id", BIG, primary_key=True, autoincrement=False, comment="Keyed hash of the sender's name."),
    sa.Column("started_at", BIG, nullable=False),
    sa.Column("duration_minutes", sa.Double),
    sa.Column("interaction_count", sa.Integer),
    sa.Column("therapeutic_interventions_count", sa.Integer),
    sa.Column("progress_markers_count", sa.Integer),
    sa.Column("engagement_score", sa.Double),
    sa.Column("sentiment_score", sa.Double),
    sa.Column("therapeutic_focus", sa.Text),
    sa.Column("session_frequency", sa.Text, comment="daily, weekly, occasional; null: not given."),
    sa.Column("engagement_level", sa.Text, comment="low, medium, high; null: not given."),
    sa.Column("updated_at", BIG),
    sa.Column("digest", BIG, nullable=False, comment="Keyed hash of the content."),
    _received_at(),
)
"""Play sessions."""

progress_snapshots = sa.Table(
    "progress_snapshots",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", BIG, primary_key=True, autoincrement=False),
    sa.Column("digest", BIG, primary_key=True, autoincrement=False),
    sa.Column("overall_progress", sa.Double),
    sa.Column("goal_completion_rate", sa.Double),
    sa.Column("engagement_level", sa.Text, comment="low, medium, high; null: not given."),
    sa.Column("total_sessions", sa.Integer),
    _received_at(),
)
"""Where a player stands at a moment. Two different snapshots of one moment are both kept."""

therapeutic_outcomes = sa.Table(
    "therapeutic_outcomes",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("recorded_at", BIG, primary_key=True, autoincrement=False),
    sa.Column("digest", BIG, primary_key=True, autoincrement=False),
    sa.Column("outcome_category", sa.Text, comment="Short lower-case name; null: not given."),
    sa.Column("therapeutic_goals_achieved", sa.Integer),
    sa.Column("instrument", sa.Text),
    sa.Column("score", sa.Double),
    _received_at(),
)
"""How a course of therapy, or a test, went. Several of one moment are all kept."""

subject_changes = sa.Table(
    "subject_changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("changes", BIG, nullable=False),
)
"""One row: how often what stands of subjects was changed. What a process remembers of them holds until the next."""

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("position", BigKey, primary_key=True, autoincrement=True, comment="PostgreSQL: with subject_id before."),
    sa.Column("subject_id", BIG, nullable=False, index=True),
    sa.Column("purpose", sa.Text, nullable=False, comment="analytics, research."),
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("basis", sa.Text, nullable=False, comment="player, service, asserted."),
    sa.Column("recorded_at", BIG, nullable=False),
    sa.Column("decided_at", BIG, comment="Null: a sender vouched, or recorded before revision 0007."),
)
"""Every decision about consent, in order; `subjects` holds what stands."""

consent_moments = sa.Table(
    "consent_moments",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("analytics_decided_at", BIG),
    sa.Column("research_decided_at", BIG),
)
"""When subjects last decided, also where they said again what stood: older decisions that arrive later do not count."""

tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("digest", sa.LargeBinary(32), primary_key=True, comment="HMAC-SHA-256 under a key of the store."),
    sa.Column("erased_at", BIG, nullable=False),
)
"""Erased players: importers and retries do not bring them back."""

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("erasure_id", sa.Text, primary_key=True),
    sa.Column("tombstone", sa.LargeBinary(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, comment="The canonical id for the other services; removed when they are done."),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("requested_at", BIG, nullable=False),
    sa.Column("finished_at", BIG),
    sa.Column("changes", BIG, comment="Which change of subjects it was; null: begun before revision 0006."),
)
"""Erasures, carried on until every service is done."""

erasure_parts = sa.Table(
    "erasure_parts",
    metadata,
    sa.Column("erasure_id", sa.Text, primary_key=True),
    sa.Column("service", sa.Text, primary_key=True),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("removed", Json, nullable=False),
    sa.Column("kept", Json, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("tried_at", BIG),
    sa.Column("next_try_at", BIG, nullable=False),
    # Few are open at a time, of all that ever were.
    sa.Index(
        "ix_erasure_parts_open",
        "next_try_at",
        postgresql_where=sa.text("done IS false"),
        sqlite_where=sa.text("done IS 0"),
    ),
)
"""One service's part of an erasure."""

privacy_audit_log = audit_table(metadata, "privacy_audit_log")
"""The audit chain of this service."""

answered_requests = idempotency_table(metadata, "aggregation_requests")
"""Answers of the last 24 hours, by request id."""

leases = lease_table(metadata, "aggregation_leases")
"""Work that runs once at a time."""

FACTS = ((sessions, "started_at"), (progress_snapshots, "recorded_at"), (therapeutic_outcomes, "recorded_at"))
"""The tables of facts, each with its column of time."""

for table, column in FACTS:
    # BRIN is all but free on insert, and facts arrive roughly in time's order. SQLite has B-trees only, which would
    # halve the pace of ingest; there a release reads the whole table.
    index = sa.Index(f"ix_{table.name}_{column}", table.c[column], postgresql_using="brin")
    index.ddl_if(dialect="postgresql")
