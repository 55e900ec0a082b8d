"""The bounded sums of one period: what the bounding plan hands to the noise, and nothing finer than a cohort."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.cohorts import FREQUENCIES, LEAVES, LEVELS, OTHER, UNSPECIFIED, Cohort
from aggregation_svc.domain.release_plan import MEASURES, OUTCOMES

Integers = NDArray[np.int64]

_LEAF = {leaf: position for position, leaf in enumerate(LEAVES)}


@dataclass(frozen=True, slots=True, repr=False)
class BoundedSums:
    """Exact sums over bounded players by cohort. Never logged, never answered: it has no repr on purpose.

    All arrays have one row per cell of `cells`; cells without players need not be there.
    """

    cells: tuple[Cohort, ...]
    players: Integers
    """(cells,): players."""
    measures: Integers
    """(cells, measures, 3): players with a value, sum of x, sum of x squared, x in [0, K]."""
    capped: Integers
    """(cells,): players of whom a cap cut at least one measure."""
    outcomes: Integers
    """(cells, 6): players by the category of their last outcome."""

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str, str, list[int]]]) -> "BoundedSums":
        """Build from (focus, frequency, level, numbers), numbers in the order of the fields above, flattened."""
        cells, numbers = [], []
        for focus, frequency, level, row in rows:
            cells.append(Cohort(focus, frequency, level))
            numbers.append(row)
        width = 3 * len(MEASURES)
        table = np.array(numbers, dtype=np.int64).reshape(len(cells), 2 + width + len(OUTCOMES))
        return cls(
            cells=tuple(cells),
            players=table[:, 0],
            measures=table[:, 1 : 1 + width].reshape(-1, len(MEASURES), 3),
            capped=table[:, 1 + width],
            outcomes=table[:, 2 + width :],
        )

    def undeclared(self, declared: Iterable[str]) -> dict[str, int]:
        """Return the players of each focus name that is not public."""
        public = {*declared, UNSPECIFIED, OTHER}
        counts: dict[str, int] = {}
        for cell, players in zip(self.cells, self.players, strict=True):
            if cell.focus not in public:
                name = str(cell.focus)
                counts[name] = counts.get(name, 0) + int(players)
        return counts

    def tabulated(self, focuses: tuple[str, ...]) -> "Tabulated":
        """Lay the sums out over `focuses` x frequency x level; every name that is not among them goes to `other`."""
        position = {name: index for index, name in enumerate(focuses)}
        at = np.array(
            [
                position.get(str(cell.focus), position[OTHER]) * len(LEAVES)
                + _LEAF[str(cell.frequency), str(cell.level)]
                for cell in self.cells
            ],
            dtype=np.intp,
        )

        def laid(values: Integers) -> Integers:
            table = np.zeros((len(focuses) * len(LEAVES), *values.shape[1:]), dtype=np.int64)
            np.add.at(table, at, values)
            return table.reshape(len(focuses), len(LEAVES), *values.shape[1:])

        return Tabulated(focuses, laid(self.players), laid(self.measures), laid(self.capped), laid(self.outcomes))


@dataclass(frozen=True, slots=True, repr=False)
class Tabulated:
    """Bounded sums over a full grid: focus x the leaves of `cohorts.LEAVES`. Every player is in exactly one leaf."""

    focuses: tuple[str, ...]
    players: Integers
    """(focuses, leaves)."""
    measures: Integers
    """(focuses, leaves, measures, 3)."""
    capped: Integers
    """(focuses, leaves)."""
    outcomes: Integers
    """(focuses, leaves, 6)."""


LEAVES_BY_FREQUENCY = {frequency: tuple(_LEAF[frequency, level] for level in LEVELS) for frequency in FREQUENCIES}
"""Positions in `cohorts.LEAVES` of each frequency's leaves."""
