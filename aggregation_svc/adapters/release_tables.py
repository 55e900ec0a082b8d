"""The tables of releases: questions and answers, the ledger that paid for them, the cap."""

import sqlalchemy as sa

from aggregation_svc.adapters.tables import BIG, metadata
from mesh.columns import BigKey, Json

releases = sa.Table(
    "releases",
    metadata,
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column(
        "question", sa.Text, nullable=False, unique=True, comment="Kind, grain, period start, revision; or hash."
    ),
    sa.Column("kind", sa.Text, nullable=False, comment="cohorts, retention, inline."),
    sa.Column("grain", sa.Text, comment="Null for an inline batch."),
    sa.Column("period_start", BIG, comment="Null for an inline batch."),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("plan_version", sa.Text, nullable=False),
    sa.Column("epsilon_micros", BIG, nullable=False),
    sa.Column("delta", sa.Double, nullable=False),
    sa.Column("notes", Json, nullable=False),
    sa.Column("content", Json, nullable=False, comment="What is not by cell."),
    sa.Column("created_at", BIG, nullable=False),
)
"""One answer per question, for ever."""

sa.Index("ix_releases_kind_period", releases.c.kind, releases.c.grain, releases.c.period_start)

cohort_analysis = sa.Table(
    "cohort_analysis",
    metadata,
    sa.Column("release_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("therapeutic_focus", sa.Text),
    sa.Column("session_frequency", sa.Text),
    sa.Column("engagement_level", sa.Text),
    sa.Column("figures", Json, nullable=False, comment="Noisy integers as drawn, consistent estimates, intervals."),
)
"""The cells of releases, in order. All of it is noisy; none of it is personal data."""

privacy_ledger = sa.Table(
    "privacy_ledger",
    metadata,
    sa.Column("entry_id", BigKey, primary_key=True, autoincrement=True),
    sa.Column("release_id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("grain", sa.Text),
    sa.Column("period_start", BIG),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("epsilon_micros", BIG, nullable=False),
    sa.Column("delta", sa.Double, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("charged_at", BIG, nullable=False, index=True),
)
"""The account: integers only, never changed, never refunded."""

privacy_caps = sa.Table(
    "privacy_caps",
    metadata,
    sa.Column("position", BigKey, primary_key=True, autoincrement=True),
    sa.Column("cap_micros", BIG, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("raised_at", BIG, nullable=False),
)
"""Raised caps; the highest of them and of TTA_EPSILON_BUDGET holds."""
