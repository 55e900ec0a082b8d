"""Private statistics in a worker process, so that no event loop waits for noise."""

from collections.abc import Mapping, Sequence

import numpy as np

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.bounding import bounded_sums
from aggregation_svc.domain.inline_batch import DAYS, InlineRecord, player_facts
from aggregation_svc.domain.patterns.kinds import PatternKind
from aggregation_svc.domain.patterns.release import BoundedRows, patterns_of
from aggregation_svc.domain.patterns.segmentation import Segmentation
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.noise import Noise, OpenDpNoise
from aggregation_svc.domain.privacy.release import Terms, released
from aggregation_svc.domain.privacy.retention import RetentionStatistics, released_retention
from aggregation_svc.domain.release_statistics import Statistics
from aggregation_svc.release_ports import Mechanism
from mesh.workers import NumericPool


class PooledMechanism(Mechanism):
    """Computes in a pool; noise and simulation are seeded by the system in the worker."""

    def __init__(self, pool: NumericPool, noise: Noise | None = None) -> None:
        """Draw from `noise`; not given: OpenDP's."""
        self._pool, self._noise = pool, noise or OpenDpNoise()

    async def statistics(self, sums: BoundedSums, terms: Terms) -> Statistics:
        """See the port."""
        return await self._pool.run(_compute, sums, terms, self._noise)

    async def batch(self, players: Sequence[Sequence[InlineRecord]], terms: Terms) -> Statistics:
        """See the port."""
        return await self._pool.run(_compute_batch, players, terms, self._noise)

    async def retention(self, counts: Sequence[int], micro: int) -> RetentionStatistics:
        """See the port."""
        return await self._pool.run(_compute_retention, counts, micro, self._noise)

    async def patterns(self, rows: BoundedRows, micro: int, grain: Grain) -> Mapping[PatternKind, Segmentation]:
        """See the port."""
        return await self._pool.run(_segment, rows, micro, grain, self._noise)


def _segment(rows: BoundedRows, micro: int, grain: Grain, noise: Noise) -> Mapping[PatternKind, Segmentation]:
    return patterns_of(rows, micro, grain, noise, np.random.default_rng())


def _compute(sums: BoundedSums, terms: Terms, noise: Noise) -> Statistics:
    return released(sums, terms, noise, np.random.default_rng())


def _compute_batch(players: Sequence[Sequence[InlineRecord]], terms: Terms, noise: Noise) -> Statistics:
    return _compute(bounded_sums(map(player_facts, players), terms.grain, DAYS), terms, noise)


def _compute_retention(counts: Sequence[int], micro: int, noise: Noise) -> RetentionStatistics:
    return released_retention(counts, micro, noise, np.random.default_rng())
