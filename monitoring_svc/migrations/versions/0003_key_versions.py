"""Rows tell under which keys they are, and a replica at a time moves them to newer ones.

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

SEALED = sa.text("sealed_subject IS NOT NULL")
PARCELS = sa.text("sealed_address IS NOT NULL OR attachments IS NOT NULL")


def upgrade() -> None:
    where = schema()
    for table, column in (
        ("realtime_alerts", sa.Column("key_versions", sa.Integer(), nullable=False, server_default="0")),
        ("signal_windows", sa.Column("key_version", sa.SmallInteger(), nullable=False, server_default="0")),
    ):
        op.add_column(table, column, schema=where)
    op.create_index(
        "realtime_alerts_keys",
        "realtime_alerts",
        ["key_versions", "alert_id"],
        schema=where,
        postgresql_where=SEALED,
        sqlite_where=SEALED,
    )
    op.create_index(
        "notification_deliveries_parcels",
        "notification_deliveries",
        ["delivery_id"],
        schema=where,
        postgresql_where=PARCELS,
        sqlite_where=PARCELS,
    )
    op.create_table(
        "monitoring_leases",
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("holder", sa.String(length=256), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        schema=where,
    )


def downgrade() -> None:
    where = schema()
    op.drop_table("monitoring_leases", schema=where)
    op.drop_index("notification_deliveries_parcels", "notification_deliveries", schema=where)
    op.drop_index("realtime_alerts_keys", "realtime_alerts", schema=where)
    op.drop_column("signal_windows", "key_version", schema=where)
    op.drop_column("realtime_alerts", "key_versions", schema=where)
