"""Which column of a player's row tells what. New kinds of columns go to the end: stored models read the front alone."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aggregation_svc.domain.prediction.features import NAMES, STAGES

FOCUSES = 16
"""Columns over which the names of focuses are spread."""

FEATURES = (
    *NAMES,
    *(f"{name}_rank_among_peers" for name in NAMES),
    *STAGES,
    *(f"focus_{number}" for number in range(FOCUSES)),
)
"""The columns of every row."""

BROAD = slice(0, 2 * len(NAMES))
"""Every feature and its rank among peers."""
STAGED = slice(BROAD.stop, BROAD.stop + len(STAGES))
"""What was measured early, then and late."""
FOCUSED = slice(STAGED.stop, STAGED.stop + FOCUSES)
"""One in the column of the player's focus, 0 elsewhere; all 0 where none is known."""

THINGS: dict[str, list[int]] = {
    **{name: [index, index + len(NAMES)] for index, name in enumerate(NAMES)},
    **{name: [STAGED.start + index] for index, name in enumerate(STAGES)},
    "focus": list(range(FOCUSED.start, FOCUSED.stop)),
}
"""What people know by a name, and the columns in which it stands."""


def focus_columns(focuses: Sequence[str | None]) -> NDArray[np.float64]:
    """Return the columns of the focus of each player, (players, FOCUSES).

    Names are hashed (Weinberger et al. 2009), so that a new one changes no column and no model keeps a list; two that
    share a column are told apart by their other features alone.
    """
    found = np.zeros((len(focuses), FOCUSES))
    for row, name in enumerate(focuses):
        if name is not None:
            found[row, hashlib.sha256(name.encode()).digest()[0] % FOCUSES] = 1.0
    return found
