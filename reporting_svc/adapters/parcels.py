"""Releases on their way to worker processes: each is packed once, and unpacked once by each worker.

Releases never change, and a year of weekly ones takes a third of a second to pack: for twenty reports at once that is
time in which the service answers nobody.
"""

import asyncio
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reporting_svc.domain.snapshot import Release

KEPT = 160
"""Releases that are kept packed, and unpacked in each worker: three years of weeks."""


@dataclass(frozen=True, slots=True)
class Packing:
    """Packs releases, and remembers those it packed last."""

    kept: OrderedDict[str, tuple[Release, bytes]] = field(default_factory=OrderedDict)
    """By id; with the release itself, so that another one of the same id is packed anew."""

    async def pack(self, releases: Sequence[Release]) -> tuple[bytes, ...]:
        """Return each release packed; others get a turn between two that had to be packed."""
        packed = []
        for release in releases:
            known = self.kept.get(release.release_id)
            if known is None or known[0] is not release:
                known = self.kept[release.release_id] = release, pickle.dumps(release, pickle.HIGHEST_PROTOCOL)
                await asyncio.sleep(0)
            packed.append(known[1])
        for release in releases:
            if release.release_id in self.kept:
                self.kept.move_to_end(release.release_id)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return tuple(packed)


def unpack(packed: Sequence[bytes]) -> tuple[Release, ...]:
    """Return the releases, in a worker of the process that packed them."""
    return tuple(_unpacked(one) for one in packed)


@lru_cache(KEPT)
def _unpacked(packed: bytes) -> Release:
    release: Release = pickle.loads(packed)  # noqa: S301 our own process packed it
    return release
