"""Folders of reports that are gone are remembered until their files are.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import UtcDateTime
from mesh.migrations import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discarded_folders",
        sa.Column("folder", sa.String(64), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("folder"),
        schema=schema(),
    )
    op.create_index("ix_analytics_discarded_folders_not_before", "discarded_folders", ["not_before"], schema=schema())


def downgrade() -> None:
    op.drop_table("discarded_folders", schema=schema())
