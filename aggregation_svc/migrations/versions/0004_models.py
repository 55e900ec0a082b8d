"""Outcome models, their trainings, and whom they learned from.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import BigKey, Json
from mesh.migrations import schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger()


def upgrade() -> None:
    where = schema()
    op.create_table(
        "predictive_trainings",
        sa.Column("training_id", sa.Text, primary_key=True),
        sa.Column("model_name", sa.Text, nullable=False),
        sa.Column("spec", Json, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("slot", sa.SmallInteger, unique=True),
        sa.Column("token", BIG),
        sa.Column("progress", sa.Double, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("model_id", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("finished_at", BIG),
        schema=where,
    )
    op.create_table(
        "predictive_models",
        sa.Column("position", BigKey, primary_key=True, autoincrement=True),
        sa.Column("model_id", sa.Text, nullable=False, unique=True),
        sa.Column("model_name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("spec", Json, nullable=False),
        sa.Column("metrics", Json, nullable=False),
        sa.Column("calibration", Json, nullable=False),
        sa.Column("importance", Json, nullable=False),
        sa.Column("reference", Json, nullable=False),
        sa.Column("drift", Json),
        sa.Column("content", sa.LargeBinary),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("stale_since", BIG),
        sa.Column("created_at", BIG, nullable=False),
        sa.UniqueConstraint("model_name", "version"),
        schema=where,
    )
    op.create_table(
        "predictive_model_subjects",
        sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
        sa.Column("model_id", sa.Text, primary_key=True),
        schema=where,
    )
    op.create_index("ix_predictive_model_subjects_model_id", "predictive_model_subjects", ["model_id"], schema=where)


def downgrade() -> None:
    for table in ("predictive_model_subjects", "predictive_models", "predictive_trainings"):
        op.drop_table(table, schema=schema())
