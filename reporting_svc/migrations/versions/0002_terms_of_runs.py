"""Runs of schedules are found by when they ended: they have a term.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from mesh.migrations import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_schedule_runs_ended", "schedule_runs", ["finished_at"], schema=schema())


def downgrade() -> None:
    op.drop_index("ix_schedule_runs_ended", "schedule_runs", schema=schema())
