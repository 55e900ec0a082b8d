"""The accountant: adds up what was really measured and compares it with what is charged.

Basic composition in integer micro-epsilon is exact. Measurements of one statistic over disjoint blocks of players (a
player is in exactly one block, decided by the player's own facts) compose in parallel: the largest counts, once.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

MICRO = 1_000_000
"""Micro-epsilons in one epsilon."""


class CompositionError(Exception):
    """What was measured is not what is charged. A bug in the release; nothing of it may be answered."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one measurement costs, as its mechanism's own privacy map states it."""

    epsilon: Fraction
    delta: float = 0.0

    @property
    def micro(self) -> int:
        """Micro-epsilons, rounded up."""
        return math.ceil(self.epsilon * MICRO)


@dataclass(slots=True)
class Accountant:
    """Records the losses of one release."""

    _losses: dict[tuple[str, str], dict[str, Loss]] = field(default_factory=lambda: defaultdict(dict))

    def record(self, level: str, statistic: str, block: str, loss: Loss) -> None:
        """Record the measurement of a statistic over one block of players.

        Raises:
            CompositionError: it was measured before; a second look is a second cost.
        """
        blocks = self._losses[level, statistic]
        if block in blocks:
            raise CompositionError(f"{statistic} was measured twice at level {level} in block {block}")
        blocks[block] = loss

    @property
    def micro(self) -> int:
        """Micro-epsilons spent: over statistics the sum, over disjoint blocks the largest."""
        return sum(max(loss.micro for loss in blocks.values()) for blocks in self._losses.values())

    @property
    def delta(self) -> float:
        """Delta spent."""
        return math.fsum(max(loss.delta for loss in blocks.values()) for blocks in self._losses.values())

    def settle(self, charge_micro: int, delta: float) -> None:
        """Check that the charge is what was measured.

        Raises:
            CompositionError: more or less was measured than is charged, or more delta spent than is declared.
        """
        if self.micro != charge_micro:
            raise CompositionError(f"measured {self.micro} micro-epsilon, charged {charge_micro}: the release is void")
        if self.delta > delta:
            raise CompositionError(f"spent a delta of {self.delta:.3g}, declared {delta:.3g}: the release is void")
