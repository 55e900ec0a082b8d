"""Which change of subjects an erasure was, and an index of the parts that are open.

Exports that were compared after an erasure's change hold nothing of the player.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from mesh.migrations import schema

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erasures", sa.Column("changes", sa.BigInteger), schema=schema())
    op.create_index(
        "ix_erasure_parts_open",
        "erasure_parts",
        ["next_try_at"],
        schema=schema(),
        postgresql_where=sa.text("done IS false"),
        sqlite_where=sa.text("done IS 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_erasure_parts_open", "erasure_parts", schema=schema())
    op.drop_column("erasures", "changes", schema=schema())
