"""Models as rows and back. A model's numbers are compressed JSON: reading them runs no code."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aggregation_svc.domain.moments import moment
from aggregation_svc.domain.prediction.calibration import Bin
from aggregation_svc.domain.prediction.drift import Drift
from aggregation_svc.domain.prediction.quality import Metric
from aggregation_svc.domain.prediction.trainings import (
    Model,
    ModelState,
    Training,
    TrainingState,
    spec_of,
)


def packed(content: Mapping[str, Any]) -> bytes:
    """Return JSON values as bytes; numbers keep every bit."""
    return zlib.compress(json.dumps(content, allow_nan=False, separators=(",", ":")).encode(), 6)


def training_of(row: Any) -> Training:
    """Return the training of a row."""
    return Training(
        row.training_id,
        spec_of(row.spec),
        TrainingState(row.state),
        row.actor,
        moment(row.created_at),
        row.progress,
        row.message,
        row.reason,
        row.model_id or "",
        None if row.finished_at is None else moment(row.finished_at),
    )


def model_of(row: Any) -> Model:
    """Return the model of a row, without its numbers."""
    drift = row.drift
    return Model(
        row.model_id,
        spec_of(row.spec),
        row.version,
        ModelState(row.state),
        row.algorithm,
        tuple(Metric(**one) for one in row.metrics),
        tuple(Bin(**one) for one in row.calibration),
        tuple((name, value) for name, value in row.importance),
        row.note,
        moment(row.created_at),
        row.position,
        None if row.stale_since is None else moment(row.stale_since),
        None if drift is None else Drift(**{**drift, "features": tuple(tuple(one) for one in drift["features"])}),
        row.reference,
    )


def drift_row(drift: Drift) -> dict[str, Any]:
    """Return what a watch found as JSON values."""
    return asdict(drift)
