"""The semantic layer's judgement: how near a meaning is to written examples of danger and of harmless look-alikes.

A message is several unit vectors of sentence encoders and the words that the rule layer wrote out. They are compared
with the examples by a support vector machine (Cortes and Vapnik 1995) whose kernel is a weighted sum of a Gaussian of
each vector and the cosine of the weighted words. Far from every example of danger nothing is known, so the judgement
counts less there.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from monitoring_svc.domain.crisis.decision import Category, CrisisDecision, Layer, Severity, Span
from monitoring_svc.domain.crisis.pattern import Strength
from monitoring_svc.domain.crisis.recognise import Analysis
from monitoring_svc.domain.crisis.words import PAUSE, QUESTION, STOP

Vector = npt.NDArray[np.float32]

NEAREST = 3
"""So many nearest examples of each side are averaged."""
SHARES: Vector = np.array([0.5, 0.5], dtype=np.float32)
"""Weight of each vector in the kernel: the larger encoder's, then the smaller one's."""
WIDTH = 0.7
"""Of the Gaussian over vectors: exp(-WIDTH * squared distance)."""
KNOWN_FROM = 0.45
"""Mean cosine to the nearest examples of danger from which on the machine is taken at its word."""
DOUBT = 5.0
"""What a cosine below `KNOWN_FROM` costs, in units of the machine's margin."""
STEEPNESS = 2.0
"""How fast the head rises with the margin."""
CATEGORIES = tuple(Category)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a meaning must reach to count. Lower hears more and cries wolf more; the model card shows by how much."""

    moderate: float = 0.64
    """Least value of the head, 0..1, where the nearest examples are of moderate severity."""
    high: float = 0.64
    """The same for high severity."""
    imminent: float = 0.64
    """The same for imminent severity."""
    with_finding: float = 0.0
    """By so much less suffices where the rule layer found any of its words, even those that it did not count."""
    against: float = 0.85
    """Least value where the rule layer found plain words of danger and why they mean none (negated, past, a story)."""
    takes_back: float = 0.17
    """Below this a decision of the rules that is not imminent is taken back."""
    takes_back_one: float = 0.34
    """The same where only one line of the rules was met."""

    def least(self, severity: Severity) -> float:
        """The head's least value for a severity."""
        return {Severity.MODERATE: self.moderate, Severity.HIGH: self.high, Severity.IMMINENT: self.imminent}[severity]


@dataclass(frozen=True, slots=True)
class Prototypes:
    """Written examples as vectors, and the machine fitted to them."""

    vectors: Vector
    """Encoders by numbers by examples: one vector against all of them takes half as long as the other way round. Unit
    vectors after the centre was taken off."""
    centre: Vector
    """Mean of all examples, encoders by numbers: what every text shares says nothing."""
    severities: npt.NDArray[np.int8]
    """0 for a harmless look-alike, else the severity."""
    categories: npt.NDArray[np.int8]
    """Index into `CATEGORIES`, -1 for a harmless one."""
    influences: Vector
    """What each example adds to the margin where a message equals it; negative for harmless ones, mostly 0."""
    phrases: Mapping[str, tuple[float, float]]
    """Words and pairs of words to their rarity (inverse document frequency) and their weight."""
    bias: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a message stands to the examples."""

    danger: float
    """Mean cosine to the nearest examples of danger, -1..1."""
    harmless: float
    """The same for harmless ones."""
    head: float
    """The machine's margin, less where danger is far, as 0..1."""
    category: Category
    severity: Severity


def phrases_of(texts: Sequence[str]) -> list[str]:
    """The words, pairs and threes of neighbours, without borders."""
    words = [text for text in texts if text not in (STOP, QUESTION, PAUSE)]
    threes = (" ".join(words[at : at + 3]) for at in range(len(words) - 2))
    return [*words, *(f"{one} {other}" for one, other in pairwise(words)), *threes]


@dataclass(frozen=True, slots=True)
class SemanticJudge:
    """Judges vectors by prototypes under thresholds."""

    prototypes: Prototypes
    thresholds: Thresholds = field(default_factory=Thresholds)

    def meaning(self, vector: Vector, texts: Sequence[str]) -> Meaning:
        """Place unit vectors, one a row, and the written out words among the examples."""
        known = self.prototypes
        own = vector - known.centre
        own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-9)
        by_encoder = np.stack([one @ examples for examples, one in zip(known.vectors, own, strict=True)])
        cosines = SHARES @ by_encoder
        danger = known.severities > 0
        where = np.flatnonzero(danger)
        nearest = where[np.argpartition(-cosines[where], NEAREST - 1)[:NEAREST]]
        harmless = np.partition(cosines[~danger], -NEAREST)[-NEAREST:]
        votes: dict[int, float] = {}
        for index in nearest:
            kind = int(known.categories[index])
            votes[kind] = votes.get(kind, 0.0) + float(cosines[index])
        severity = Severity(
            round(float(np.average(known.severities[nearest], weights=np.maximum(cosines[nearest], 1e-6))))
        )
        kernel = SHARES @ np.exp(-2.0 * WIDTH * (1.0 - by_encoder))
        near = float(cosines[nearest].mean())
        margin = float(known.influences @ kernel) + self._by_words(texts) + known.bias
        margin += DOUBT * min(0.0, near - KNOWN_FROM)
        return Meaning(
            near,
            float(harmless.mean()),
            1.0 / (1.0 + math.exp(-STEEPNESS * margin)),
            CATEGORIES[max(votes, key=lambda kind: votes[kind])],
            severity,
        )

    def _by_words(self, texts: Sequence[str]) -> float:
        """What the words add to the margin: the cosine kernel collapses to one weight a phrase."""
        known = self.prototypes.phrases
        total = square = 0.0
        for phrase, count in Counter(phrases_of(texts)).items():
            if phrase in known:
                rarity, weight = known[phrase]
                value = (1.0 + math.log(count)) * rarity
                total += value * weight
                square += value * value
        return total / math.sqrt(square) if square else 0.0

    def decide(self, meaning: Meaning, analysis: Analysis, length: int) -> CrisisDecision | None:
        """A decision of this layer alone, or None. `length` is that of the last message, which its one span covers."""
        limits = self.thresholds
        if not analysis.english and not analysis.findings:
            return None
        least = limits.least(meaning.severity) - (limits.with_finding if analysis.findings else 0.0)
        if any(one.taken_away_by and one.match.pattern.strength is Strength.PLAIN for one in analysis.findings):
            least = max(least, limits.against)
        if meaning.head < least:
            return None
        last = analysis.reading.words[-1].message if analysis.reading.words else 0
        return CrisisDecision(
            meaning.category,
            meaning.severity,
            round(min(0.84, 0.5 + (meaning.head - least) / 2), 3),
            Layer.SEMANTIC,
            (Span(last, 0, length, "meaning near to examples of danger"),),
        )

    def takes_back(self, meaning: Meaning, analysis: Analysis) -> bool:
        """Whether the meaning is so plainly harmless that the rules' decision falls. Never one that is imminent."""
        decision = analysis.decision
        if decision is None or decision.severity is Severity.IMMINENT or not analysis.english:
            return False
        met = {
            one.match.pattern.line for one in analysis.findings if one.taken_away_by is None and one.match.pattern.says
        }
        limit = self.thresholds.takes_back if len(met) > 1 else self.thresholds.takes_back_one
        return meaning.head < limit


def needs_meaning(analysis: Analysis) -> bool:
    """Whether the semantic layer could change what the rules decided."""
    if analysis.decision is not None and analysis.decision.severity is Severity.IMMINENT:
        return False
    return bool(analysis.reading.words) and (analysis.english or bool(analysis.findings))


def join(rules: CrisisDecision | None, semantic: CrisisDecision | None) -> CrisisDecision | None:
    """Each layer may add. The rules name the kind, the graver severity counts, agreement makes it surer."""
    if rules is None:
        return semantic
    if semantic is None:
        return rules
    score = round(1 - (1 - rules.score) * (1 - semantic.score / 2), 3)
    return CrisisDecision(
        rules.category,
        max(rules.severity, semantic.severity),
        min(0.99, score),
        Layer.JOINED,
        (*rules.spans, *semantic.spans),
        rules.note,
    )
