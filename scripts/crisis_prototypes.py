"""Makes monitoring_svc/adapters/crisis_prototypes.npz from the project's own development set.

Example: python scripts/crisis_prototypes.py
"""

import csv
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from monitoring_svc.adapters.crisis_encoder import SentenceEncoder
from monitoring_svc.domain.crisis import Severity
from monitoring_svc.domain.crisis.semantics import CATEGORIES

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "tests" / "data" / "crisis_development.csv"
TARGET = ROOT / "monitoring_svc" / "adapters" / "crisis_prototypes.npz"
REGULARISATION = 10.0


def main() -> None:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    encoder = SentenceEncoder()
    vectors = np.array([encoder.encode(row["text"].split("\n")) for row in rows])
    severities = np.array([Severity[row["severity"].upper()] if row["severity"] else 0 for row in rows], dtype=np.int8)
    names = [category.value for category in CATEGORIES]
    categories = np.array([names.index(row["category"]) if row["severity"] else -1 for row in rows], dtype=np.int8)
    head = LogisticRegression(C=REGULARISATION, max_iter=5000, class_weight="balanced").fit(vectors, severities > 0)
    np.savez_compressed(
        TARGET,
        vectors=np.round(vectors * 127 / np.abs(vectors).max(axis=1, keepdims=True)).astype(np.int8),
        severities=severities,
        categories=categories,
        weights=head.coef_[0].astype(np.float32),
        bias=np.float32(head.intercept_[0]),
    )
    print(f"{len(rows)} examples, {TARGET.stat().st_size / 1024:.0f} KiB: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
