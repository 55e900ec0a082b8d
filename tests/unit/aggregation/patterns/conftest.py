"""Simulated players and noise for the tests of patterns."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from aggregation_svc.domain.privacy.accountant import MICRO, Loss
from aggregation_svc.domain.privacy.noise import Drawn, Noise


class SeededNoise(Noise):
    """Integer Laplace from a seeded generator: the right distribution, and repeatable."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.calls: list[tuple[int, int]] = []

    def laplace(self, values: Sequence[int], sensitivity: int, micro: int) -> Drawn:
        self.calls.append((sensitivity, micro))
        scale = sensitivity * MICRO / micro
        chance = 1.0 - np.exp(-1.0 / scale)
        up, down = self.random.geometric(chance, (2, len(values)))
        noisy = np.array(values, dtype=np.int64) + up - down
        return Drawn(tuple(noisy.tolist()), scale, Loss(Fraction(micro, MICRO)))


@pytest.fixture
def seeded_noise() -> Callable[[int], SeededNoise]:
    return SeededNoise


@pytest.fixture
def four_groups() -> Callable[[int], NDArray[np.int64]]:
    """Players of four well separated groups of 40, 30, 20 and 10 %, in three features, in thousandths."""

    def made(players: int) -> NDArray[np.int64]:
        random = np.random.default_rng(11)
        centres = np.array([[200, 200, 300], [700, 250, 300], [250, 750, 600], [750, 750, 650]])
        group = random.choice(4, players, p=[0.4, 0.3, 0.2, 0.1])
        rows = centres[group] + 60 * random.standard_normal((players, 3))
        return np.clip(np.rint(rows), 0, 1000).astype(np.int64)

    return made
