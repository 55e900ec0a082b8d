"""An attacker who knows all players but one looks at the answer of each place where segments spend epsilon.

Neighbours differ by the worst player. The attacker's score is the likelihood ratio over the whole answer, which no
other score beats; thresholds are chosen on one half of the trials and judged on the other, by Clopper-Pearson bounds
(95 %). The other places answer the same to both, so that each place is audited alone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import beta

from aggregation_svc.domain.patterns.plan import Place, SegmentationPlan
from aggregation_svc.domain.patterns.segmentation import Looks, looked
from aggregation_svc.domain.privacy.accountant import MICRO, Accountant
from aggregation_svc.domain.privacy.noise import Drawn, Noise, OpenDpNoise

TRIALS = 4000
"""A side."""
PLAN = SegmentationPlan(8 * MICRO, segments=2)
SAMPLER = OpenDpNoise()
FULL, HALF, NONE = 2, 1, 0
"""Strength of the noise at the audited place, in halves."""


@dataclass(frozen=True)
class Look:
    """What one place hands to the noise."""

    exact: NDArray[np.int64]
    sensitivity: int
    micro: int

    def answers(self, strength: int) -> Iterator[Drawn]:
        """Answer again and again with so much noise."""
        while True:
            yield SAMPLER.laplace(self.exact.tolist(), self.sensitivity, self.micro * FULL // strength)


class Recording(Noise):
    """Real noise, or the answers of an earlier run whatever the players are; remembers every look."""

    def __init__(self, script: Sequence[Drawn] = ()) -> None:
        self.script = script
        self.looks: list[Look] = []
        self.answers: list[Drawn] = []

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        here = len(self.looks)
        self.looks.append(Look(np.array(values), sensitivity, micro))
        self.answers.append(self.script[here] if self.script else SAMPLER.laplace(values, sensitivity, micro))
        return self.answers[-1]


def recorded(rows: NDArray[np.int64], script: Sequence[Drawn] = ()) -> Recording:
    noise = Recording(script)
    looked(Looks(rows, PLAN, noise, Accountant(), "audit"), np.random.default_rng(0))
    return noise


def population() -> NDArray[np.int64]:
    random = np.random.default_rng(4)
    rows = np.concatenate([random.normal(300, 40, (300, 2)), random.normal(700, 40, (300, 2))])
    return np.clip(np.rint(rows), 0, 1000).astype(np.int64)


WORST = np.array([[1000, 300]])
"""Far from every centre along one feature: its offset is clipped, its message as long as any."""


def lower_bound(place: Place, strength: int) -> float:
    """Return what the attacker proves epsilon to be at least, at that place; infinity where an answer gives it away."""
    position = list(Place).index(place)
    script = recorded(population()).answers
    without = recorded(population(), script).looks[position]
    within = recorded(np.concatenate([population(), WORST]), script).looks[position]
    told = without.exact != within.exact
    if strength == NONE:
        return math.inf if told.any() else 0.0

    def score(answer: Drawn) -> float:
        seen = np.array(answer.values)[told]
        return float((np.abs(seen - without.exact[told]) - np.abs(seen - within.exact[told])).sum() / answer.scale)

    scores = [
        np.array([score(answer) for answer in islice(side.answers(strength), TRIALS)]) for side in (without, within)
    ]
    return attack(*scores)


def attack(without: NDArray[np.float64], within: NDArray[np.float64]) -> float:
    """Choose a threshold on the first half of the trials and bound epsilon on the second, both ways round."""
    half = len(without) // 2
    best = 0.0
    for sign in (1, -1):
        positive, negative = (within, without) if sign == 1 else (without, within)
        thresholds = np.unique(np.quantile(sign * positive[:half], np.linspace(0.3, 0.99, 40)))
        rates = [((sign * positive[:half] >= t).mean(), (sign * negative[:half] >= t).mean()) for t in thresholds]
        slack = 3.0 / half
        chosen = max(range(len(thresholds)), key=lambda i: rates[i][0] / (rates[i][1] + slack))
        hits = int((sign * positive[half:] >= thresholds[chosen]).sum())
        misses = int((sign * negative[half:] >= thresholds[chosen]).sum())
        low = beta.ppf(0.025, hits, half - hits + 1) if hits else 0.0
        high = beta.ppf(0.975, misses + 1, half - misses)
        best = max(best, math.log(low / high) if low > 0 else 0.0)
    return best


@pytest.mark.parametrize("place", list(Place))
def test_a_place_tells_no_more_than_it_is_charged_for(place: Place) -> None:
    assert lower_bound(place, FULL) <= PLAN.share(place) / MICRO


@pytest.mark.parametrize("place", list(Place))
def test_half_the_noise_is_found_out(place: Place) -> None:
    assert lower_bound(place, HALF) > PLAN.share(place) / MICRO


@pytest.mark.parametrize("place", list(Place))
def test_no_noise_is_found_out(place: Place) -> None:
    assert lower_bound(place, NONE) > PLAN.share(place) / MICRO
