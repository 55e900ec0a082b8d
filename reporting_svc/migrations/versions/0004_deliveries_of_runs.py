"""A run keeps the recipients that it ticked with: edits of its schedule change none of its deliveries.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import Json
from mesh.migrations import schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedule_runs", sa.Column("deliveries", Json, nullable=True), schema=schema())


def downgrade() -> None:
    op.drop_column("schedule_runs", "deliveries", schema=schema())
