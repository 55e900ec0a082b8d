"""How PostgreSQL keeps tables that grow: when they are vacuumed, and keys that begin with the subject.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Mapping

from alembic import op

from mesh.migrations import schema

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FACTS = {
    # Facts are all but insert-only. The default waits for a fifth of the table: months of facts at a billion rows,
    # whose pages a release then visits one by one, and of which BRIN has no summary. A hundredth, at most every
    # 100,000 rows, keeps each vacuum as short as what came in since.
    "autovacuum_vacuum_insert_scale_factor": "0.01",
    "autovacuum_vacuum_insert_threshold": "100000",
    # Erasure, corrections and retention leave dead rows: the same hundredth.
    "autovacuum_vacuum_scale_factor": "0.01",
    "autovacuum_vacuum_threshold": "10000",
    # The planner must know the newest month, which is what releases ask for.
    "autovacuum_analyze_scale_factor": "0.01",
    "autovacuum_analyze_threshold": "50000",
}
_HOT = {
    # One or a few rows that are written many times a second: room for new versions in the same page, and a vacuum by
    # number, for a share of so few rows means nothing.
    "fillfactor": "50",
    "autovacuum_vacuum_scale_factor": "0",
    "autovacuum_vacuum_threshold": "200",
    "autovacuum_analyze_scale_factor": "0",
    "autovacuum_analyze_threshold": "10000",
}
_SHORT_LIVED = {
    # Answers are kept for 24 hours: as many rows die as come.
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_vacuum_threshold": "1000",
}
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "sessions": _FACTS,
    "progress_snapshots": _FACTS,
    "therapeutic_outcomes": _FACTS,
    "subject_changes": _HOT,
    "aggregation_leases": _HOT,
    "privacy_audit_log_head": _HOT,
    "aggregation_requests": _SHORT_LIVED,
}
"""Storage parameters by table."""
_SUMMED_UP = ("ix_sessions_started_at", "ix_progress_snapshots_recorded_at", "ix_therapeutic_outcomes_recorded_at")
"""BRIN indexes: a run of pages is summed up when the next begins, not only at the next vacuum."""


def upgrade() -> None:
    where = schema()
    if where is None:
        return
    for table, parameters in PARAMETERS.items():
        settings = ", ".join(f"{name} = {value}" for name, value in parameters.items())
        op.execute(f"ALTER TABLE {where}.{table} SET ({settings})")
    for index in _SUMMED_UP:
        op.execute(f"ALTER INDEX {where}.{index} SET (autosummarize = on)")
    # The key begins with the subject, so that a distributed PostgreSQL may shard by it; it is the index by subject too.
    op.execute(f"ALTER TABLE {where}.consents DROP CONSTRAINT consents_pkey, ADD PRIMARY KEY (subject_id, position)")
    op.drop_index("ix_consents_subject_id", "consents", schema=where)


def downgrade() -> None:
    where = schema()
    if where is None:
        return
    op.create_index("ix_consents_subject_id", "consents", ["subject_id"], schema=where)
    op.execute(f"ALTER TABLE {where}.consents DROP CONSTRAINT consents_pkey, ADD PRIMARY KEY (position)")
    for index in _SUMMED_UP:
        op.execute(f"ALTER INDEX {where}.{index} RESET (autosummarize)")
    for table, parameters in PARAMETERS.items():
        op.execute(f"ALTER TABLE {where}.{table} RESET ({', '.join(parameters)})")
