"""When players decided, as their senders said: in the history, and the last moment per purpose.

A decision that was held up on its way overturns no newer one.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from mesh.migrations import schema

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("decided_at", sa.BigInteger), schema=schema())
    op.create_table(
        "consent_moments",
        sa.Column("subject_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("analytics_decided_at", sa.BigInteger),
        sa.Column("research_decided_at", sa.BigInteger),
        schema=schema(),
    )


def downgrade() -> None:
    op.drop_table("consent_moments", schema=schema())
    op.drop_column("consents", "decided_at", schema=schema())
