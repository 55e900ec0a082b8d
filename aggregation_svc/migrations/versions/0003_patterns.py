"""The segments of releases.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from mesh.columns import Json
from mesh.migrations import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "user_behavior_patterns",
        sa.Column("release_id", sa.Text, primary_key=True),
        sa.Column("pattern_type", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("stability", sa.Double, nullable=False),
        sa.Column("players", Json, nullable=False),
        sa.Column("share", Json, nullable=False),
        sa.Column("centre", Json, nullable=False),
        schema=schema(),
    )


def downgrade() -> None:
    op.drop_table("user_behavior_patterns", schema=schema())
