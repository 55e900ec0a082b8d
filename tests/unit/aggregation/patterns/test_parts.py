"""Players are looked at in parts: the same sums as of all at once, whatever integers hold their rows."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from aggregation_svc.domain.patterns import box, coreset, lloyd, segmentation
from aggregation_svc.domain.patterns.box import Box
from aggregation_svc.domain.patterns.kinds import FEATURES, PatternKind
from aggregation_svc.domain.patterns.lloyd import Centres
from aggregation_svc.domain.patterns.plan import RESOLUTION, SegmentationPlan
from aggregation_svc.domain.patterns.release import MISSING, VALUE, BoundedRows
from aggregation_svc.domain.patterns.segmentation import Looks
from aggregation_svc.domain.privacy.accountant import Accountant
from aggregation_svc.domain.privacy.noise import OpenDpNoise
from aggregation_svc.domain.release_plan import MEASURES

Counted = Callable[[NDArray[np.int64]], NDArray[np.int64]]

WHOLE = Box(np.zeros(3), np.full(3, RESOLUTION + 1.0))
CENTRES = Centres(np.array([[100.0, 200.0, 900.0], [800.0, 700.0, 100.0]]), np.array([300.0, 500.0]))
LOOKS: dict[str, Counted] = {
    "marginals": box.counted,
    "grid": partial(coreset.cells_of, box=WHOLE, bins=5),
    "steps": partial(lloyd.messages, centres=CENTRES),
}


@pytest.mark.parametrize("players", [0, 1, 64, 1000])
@pytest.mark.parametrize("look", list(LOOKS))
def test_what_is_summed_in_parts_is_what_is_counted_at_once(
    monkeypatch: pytest.MonkeyPatch, look: str, players: int
) -> None:
    monkeypatch.setattr(segmentation, "PART", 64)
    rows = np.random.default_rng(3).integers(0, RESOLUTION + 1, (players, 3))
    looks = Looks(rows.astype(VALUE), SegmentationPlan(1_000_000), OpenDpNoise(), Accountant(), "engagement")
    assert looks.summed(LOOKS[look]).tolist() == LOOKS[look](rows).tolist()


def test_a_player_takes_two_bytes_a_measure() -> None:
    values = np.random.default_rng(4).integers(MISSING, RESOLUTION + 1, (500, len(MEASURES))).astype(VALUE)
    rows = BoundedRows(values)
    assert rows.values.nbytes == 18 * 500
    for kind in PatternKind:
        complete = rows.of(kind)
        assert complete.dtype == VALUE
        assert complete.shape[1] == len(FEATURES[kind])
        assert complete.min() >= 0
