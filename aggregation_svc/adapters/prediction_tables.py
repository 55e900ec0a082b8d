"""The tables of outcome models: trainings, models, and whom each learned from."""

import sqlalchemy as sa

from aggregation_svc.adapters.tables import BIG, metadata
from mesh.columns import BigKey, Json

predictive_trainings = sa.Table(
    "predictive_trainings",
    metadata,
    sa.Column("training_id", sa.Text, primary_key=True),
    sa.Column("model_name", sa.Text, nullable=False),
    sa.Column("spec", Json, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("slot", sa.SmallInteger, unique=True, comment="1 while open, null after: one is open at a time."),
    sa.Column("token", BIG, comment="Fencing token of the lease under which it runs."),
    sa.Column("progress", sa.Double, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("model_id", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("created_at", BIG, nullable=False),
    sa.Column("finished_at", BIG),
)
"""Runs of training."""

predictive_models = sa.Table(
    "predictive_models",
    metadata,
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
    sa.Column("reference", Json, nullable=False, comment="Histograms that drift is measured against."),
    sa.Column("drift", Json),
    sa.Column("content", sa.LargeBinary, comment="Compressed JSON of plain numbers; null once it answers no more."),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("stale_since", BIG),
    sa.Column("created_at", BIG, nullable=False),
    sa.UniqueConstraint("model_name", "version"),
)
"""Trained models with their measured quality."""

predictive_model_subjects = sa.Table(
    "predictive_model_subjects",
    metadata,
    sa.Column("subject_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("model_id", sa.Text, primary_key=True),
)
"""Whom a model that still answers, or may be looked into, learned from: their erasure makes it stale."""

sa.Index("ix_predictive_model_subjects_model_id", predictive_model_subjects.c.model_id)
