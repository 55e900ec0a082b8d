"""Private statistics in a worker process, so that no event loop waits for noise."""

from collections.abc import Sequence

import numpy as np

from aggregation_svc.domain.bounded import BoundedSums
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

    async def retention(self, counts: Sequence[int], micro: int) -> RetentionStatistics:
        """See the port."""
        return await self._pool.run(_compute_retention, counts, micro, self._noise)


def _compute(sums: BoundedSums, terms: Terms, noise: Noise) -> Statistics:
    return released(sums, terms, noise, np.random.default_rng())


def _compute_retention(counts: Sequence[int], micro: int, noise: Noise) -> RetentionStatistics:
    return released_retention(counts, micro, noise, np.random.default_rng())
