"""Makes monitoring_svc/adapters/crisis_prototypes.npz from the project's own written examples.

Example: python scripts/crisis_prototypes.py
"""

import csv
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import SVC

from monitoring_svc.adapters.crisis_encoder import SentenceEncoder
from monitoring_svc.domain.crisis import Severity, analyse
from monitoring_svc.domain.crisis.semantics import CATEGORIES, WIDTH, phrases_of

ROOT = Path(__file__).parent.parent
SOURCES = [ROOT / "tests" / "data" / f"crisis_{name}.csv" for name in ("development", "second_development", "examples")]
TARGET = ROOT / "monitoring_svc" / "adapters" / "crisis_prototypes.npz"
REGULARISATION = 10.0
WORDS = 0.4
"""Weight of the words beside the vectors."""


def main() -> None:
    rows = []
    for source in SOURCES:
        with source.open(encoding="utf-8", newline="") as file:
            rows.extend(csv.DictReader(file))
    encoder = SentenceEncoder()
    encoded = np.array([encoder.encode(row["text"].split("\n")) for row in rows])
    stored = np.round(encoded * 127 / np.abs(encoded).max(axis=1, keepdims=True)).astype(np.int8)
    vectors = stored.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    severities = np.array([Severity[row["severity"].upper()] if row["severity"] else 0 for row in rows], dtype=np.int8)
    names = [category.value for category in CATEGORIES]
    categories = np.array([names.index(row["category"]) if row["severity"] else -1 for row in rows], dtype=np.int8)
    counter = TfidfVectorizer(analyzer=phrases_of, min_df=2, sublinear_tf=True)
    words = counter.fit_transform([analyse(row["text"].split("\n")).reading.texts for row in rows])
    kernel = np.exp(-WIDTH * np.maximum(0.0, 2.0 - 2.0 * vectors @ vectors.T)) + WORDS * (words @ words.T).toarray()
    machine = SVC(C=REGULARISATION, kernel="precomputed", class_weight="balanced").fit(kernel, severities > 0)
    influences = np.zeros(len(rows), dtype=np.float32)
    influences[machine.support_] = machine.dual_coef_[0]
    np.savez_compressed(
        TARGET,
        vectors=stored,
        severities=severities,
        categories=categories,
        influences=influences,
        phrases=counter.get_feature_names_out().astype(str),
        rarities=counter.idf_.astype(np.float32),
        weights=np.asarray(WORDS * (influences @ words)).ravel().astype(np.float32),
        bias=np.float32(machine.intercept_[0]),
    )
    print(f"{len(rows)} examples, {TARGET.stat().st_size / 1024:.0f} KiB: {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
