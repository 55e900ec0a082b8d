"""Releases, their cells, the ledger and the cap.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import BigKey, Json
from mesh.migrations import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()


def upgrade() -> None:
    where = schema()
    op.create_table(
        "releases",
        sa.Column("release_id", sa.Text, primary_key=True),
        sa.Column("question", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("grain", sa.Text),
        sa.Column("period_start", BIG),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("plan_version", sa.Text, nullable=False),
        sa.Column("epsilon_micros", BIG, nullable=False),
        sa.Column("delta", sa.Double, nullable=False),
        sa.Column("notes", Json, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        schema=where,
    )
    op.create_index("ix_releases_kind_period", "releases", ["kind", "grain", "period_start"], schema=where)
    op.create_table(
        "cohort_analysis",
        sa.Column("release_id", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("therapeutic_focus", sa.Text),
        sa.Column("session_frequency", sa.Text),
        sa.Column("engagement_level", sa.Text),
        sa.Column("figures", Json, nullable=False),
        schema=where,
    )
    op.create_table(
        "privacy_ledger",
        sa.Column("entry_id", BigKey, primary_key=True, autoincrement=True),
        sa.Column("release_id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("grain", sa.Text),
        sa.Column("period_start", BIG),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("epsilon_micros", BIG, nullable=False),
        sa.Column("delta", sa.Double, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("charged_at", BIG, nullable=False),
        schema=where,
    )
    op.create_index("ix_privacy_ledger_charged_at", "privacy_ledger", ["charged_at"], schema=where)
    op.create_table(
        "privacy_caps",
        sa.Column("position", BigKey, primary_key=True, autoincrement=True),
        sa.Column("cap_micros", BIG, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("raised_at", BIG, nullable=False),
        schema=where,
    )


def downgrade() -> None:
    for table in ("privacy_caps", "privacy_ledger", "cohort_analysis", "releases"):
        op.drop_table(table, schema=schema())
