"""The events of a player by an index: erasure and export look for them.

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
    op.create_index("alert_events_subject", "alert_events", ["subject", "position"], schema=schema())


def downgrade() -> None:
    op.drop_index("alert_events_subject", table_name="alert_events", schema=schema())
