"""Makes monitoring_svc/adapters/crisis_prototypes.npz from the project's own written examples.

What ordinary talk is like is learnt from comments that were written for it. GoEmotions is measured, never learnt from.

Example: python scripts/crisis_prototypes.py
"""

import csv
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import SVC

from monitoring_svc.adapters.crisis_encoder import SentenceEncoder
from monitoring_svc.domain.crisis import Severity, analyse
from monitoring_svc.domain.crisis.semantics import CATEGORIES, SHARES, WIDTH, phrases_of

ROOT = Path(__file__).parent.parent
NAMES = (
    "development",
    "second_development",
    "third_development",
    "examples",
    "third_examples",
    "fourth_examples",
    "fifth_examples",
    "sixth_examples",
    "seventh_examples",
    "ordinary",
)
SOURCES = [ROOT / "tests" / "data" / f"crisis_{name}.csv" for name in NAMES]
TARGET = ROOT / "monitoring_svc" / "adapters" / "crisis_prototypes.npz"
REGULARISATION = 5.0
LEVELS = 15
"""Each number of a vector is kept as one of 31 levels: half of the file that bytes made, and the same decisions."""
WORDS = 0.3
"""Weight of the words beside the vectors."""
KINDS = {"panic_or_medical_emergency": "medical_emergency"}
"""Names of kinds in the sets of other authors."""


def main() -> None:
    rows = [row for source in SOURCES for row in _rows(source)]
    encoder = SentenceEncoder()
    encoded = np.array([encoder.encode(row["text"].split("\n")) for row in rows])
    centre = encoded.mean(axis=0)
    own = encoded - centre
    stored = np.round(own * LEVELS / np.abs(own).max(axis=2, keepdims=True)).astype(np.int8)
    vectors = stored.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    severities = np.array([Severity[row["severity"].upper()] if row["severity"] else 0 for row in rows], dtype=np.int8)
    names = [category.value for category in CATEGORIES]
    categories = np.array(
        [names.index(KINDS.get(row["category"], row["category"])) if row["severity"] else -1 for row in rows],
        dtype=np.int8,
    )
    counter = TfidfVectorizer(analyzer=phrases_of, min_df=2, sublinear_tf=True)
    words = counter.fit_transform([analyse(row["text"].split("\n")).reading.texts for row in rows])
    kernel = WORDS * (words @ words.T).toarray()
    for encoder_number, share in enumerate(SHARES):
        cosines = vectors[:, encoder_number] @ vectors[:, encoder_number].T
        kernel += share * np.exp(-2.0 * WIDTH * (1.0 - cosines))
    machine = SVC(C=REGULARISATION, kernel="precomputed", class_weight="balanced").fit(kernel, severities > 0)
    influences = machine.dual_coef_[0].astype(np.float32)
    kept = machine.support_
    weights = np.asarray(WORDS * (influences @ words[kept])).ravel().astype(np.float32)
    np.savez_compressed(
        TARGET,
        vectors=stored[kept],
        centre=centre.astype(np.float32),
        severities=severities[kept],
        categories=categories[kept],
        influences=influences,
        phrases=counter.get_feature_names_out().astype(str),
        rarities=counter.idf_.astype(np.float32),
        weights=weights,
        bias=np.float32(machine.intercept_[0]),
    )
    print(f"{len(rows)} examples, {len(kept)} kept, {TARGET.stat().st_size / 1024:.0f} KiB: {TARGET.relative_to(ROOT)}")


def _rows(source: Path) -> list[dict[str, str]]:
    with source.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
