"""The semantic layer's judgement: how near a meaning is to written examples of danger and of harmless look-alikes.

A message is a unit vector of a sentence encoder. Two readings must agree before it counts: its nearest examples
(cosine) and a logistic head over the whole vector. Far from every example nothing is known, so nothing is said.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity, Span
from monitoring_svc.domain.crisis.pattern import Strength
from monitoring_svc.domain.crisis.recognise import Analysis

Vector = npt.NDArray[np.float32]

NEAREST = 3
"""So many nearest examples of each side are averaged."""
CATEGORIES = tuple(Category)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a meaning must reach to count. Lower hears more and cries wolf more; the model card shows by how much."""

    moderate: float = 0.5
    """Least value of the head, 0..1, where the nearest examples are of moderate severity."""
    high: float = 0.5
    """The same for high severity."""
    imminent: float = 0.45
    """The same for imminent severity."""
    closeness: float = 0.57
    """Least mean cosine to the nearest examples of danger."""
    closeness_with_finding: float = 0.5
    """The same where the rule layer found any of its words, even those that it did not count."""
    margin: float = 0.05
    """By so much the examples of danger must be nearer than the harmless ones."""
    margin_against: float = 0.15
    """The same where the rule layer found plain words of danger and why they mean none (negated, past, a story)."""

    def least(self, severity: Severity) -> float:
        """The head's least value for a severity."""
        return {Severity.MODERATE: self.moderate, Severity.HIGH: self.high, Severity.IMMINENT: self.imminent}[severity]


@dataclass(frozen=True, slots=True)
class Prototypes:
    """Written examples as vectors, and the head fitted to them."""

    vectors: Vector
    """One unit vector a row."""
    severities: npt.NDArray[np.int8]
    """0 for a harmless look-alike, else the severity."""
    categories: npt.NDArray[np.int8]
    """Index into `CATEGORIES`, -1 for a harmless one."""
    weights: Vector
    bias: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a message stands to the examples."""

    danger: float
    """Mean cosine to the nearest examples of danger, -1..1."""
    harmless: float
    """The same for harmless ones."""
    head: float
    """The logistic head, 0..1."""
    category: Category
    severity: Severity


@dataclass(frozen=True, slots=True)
class SemanticJudge:
    """Judges vectors by prototypes under thresholds."""

    prototypes: Prototypes
    thresholds: Thresholds = field(default_factory=Thresholds)

    def meaning(self, vector: Vector) -> Meaning:
        """Place a unit vector among the examples."""
        known = self.prototypes
        cosines = known.vectors @ vector
        danger = known.severities > 0
        where = np.flatnonzero(danger)
        nearest = where[np.argsort(-cosines[where])[:NEAREST]]
        harmless = np.sort(cosines[~danger])[-NEAREST:]
        votes: dict[int, float] = {}
        for index in nearest:
            kind = int(known.categories[index])
            votes[kind] = votes.get(kind, 0.0) + float(cosines[index])
        severity = Severity(
            round(float(np.average(known.severities[nearest], weights=np.maximum(cosines[nearest], 1e-6))))
        )
        head = 1.0 / (1.0 + float(np.exp(-(known.weights @ vector + known.bias))))
        return Meaning(
            float(cosines[nearest].mean()),
            float(harmless.mean()),
            head,
            CATEGORIES[max(votes, key=lambda kind: votes[kind])],
            severity,
        )

    def decide(self, meaning: Meaning, analysis: Analysis, length: int) -> CrisisDecision | None:
        """A decision of this layer alone, or None. `length` is that of the last message, which its one span covers."""
        limits = self.thresholds
        if not analysis.english and not analysis.findings:
            return None
        close = limits.closeness_with_finding if analysis.findings else limits.closeness
        against = any(one.taken_away_by and one.match.pattern.strength is Strength.PLAIN for one in analysis.findings)
        if (
            meaning.danger < close
            or meaning.danger - meaning.harmless < (limits.margin_against if against else limits.margin)
            or meaning.head < limits.least(meaning.severity)
        ):
            return None
        last = analysis.reading.words[-1].message if analysis.reading.words else 0
        score = round(
            min(0.84, 0.5 + (meaning.head - limits.least(meaning.severity)) / 2 + (meaning.danger - close) / 2), 3
        )
        return CrisisDecision(
            meaning.category,
            meaning.severity,
            score,
            Layer.SEMANTIC,
            (Span(last, 0, length, "meaning near to examples of danger"),),
        )


def join(rules: CrisisDecision | None, semantic: CrisisDecision | None) -> CrisisDecision | None:
    """Each layer may add. What the rules decided stands in kind and severity; agreement makes it surer."""
    if rules is None:
        return semantic
    if semantic is None:
        return rules
    score = round(1 - (1 - rules.score) * (1 - semantic.score / 2), 3)
    return CrisisDecision(
        rules.category, rules.severity, min(0.99, score), Layer.JOINED, (*rules.spans, *semantic.spans), rules.note
    )
