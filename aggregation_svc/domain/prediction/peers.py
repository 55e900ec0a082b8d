"""Where a player stands among those who came before them: same focus, and at most 30 days earlier.

What counts as much differs from one focus and season to the next; a rank among peers does not. Only players who entered
no later than the player are peers, so that everything a rank looks at was known when the player's own cut-off came.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WINDOW = 30.0
"""Days before the player's first fact in which a peer's first fact lies."""
LEAST = 20
"""Peers of whom a feature is known, below which a rank says nothing."""


def ranks(
    rows: NDArray[np.float64], entered: NDArray[np.float64], focuses: Sequence[str | None]
) -> NDArray[np.float64]:
    """Return the share of peers, the player among them, whose feature is at most the player's; halves for ties.

    Args:
        rows: features, (players, features), NaN where missing.
        entered: day of each player's first fact, whole days count.
        focuses: the focus of each.
    """
    found = np.full(rows.shape, np.nan)
    days = np.floor(entered)
    names = np.array(["" if focus is None else "." + focus for focus in focuses])
    for name in np.unique(names):
        group = np.flatnonzero(names == name)
        for day in np.unique(days[group]):
            peers = group[(days[group] <= day) & (days[group] > day - WINDOW)]
            if len(peers) >= LEAST:
                own = group[days[group] == day]
                found[own] = _ranks(rows[own], rows[peers])
    return found


def _ranks(own: NDArray[np.float64], peers: NDArray[np.float64]) -> NDArray[np.float64]:
    known = (~np.isnan(peers)).sum(axis=0)
    found = np.full(own.shape, np.nan)
    for column in np.flatnonzero(known >= LEAST):
        ordered = np.sort(peers[:, column])[: known[column]]
        below = np.searchsorted(ordered, own[:, column], side="left")
        upto = np.searchsorted(ordered, own[:, column], side="right")
        found[:, column] = (below + upto) / 2.0 / known[column]
    found[np.isnan(own)] = np.nan
    return found
