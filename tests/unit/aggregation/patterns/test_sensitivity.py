"""One player moves what each place measures by at most what is declared, whoever they are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from aggregation_svc.domain.patterns import box, coreset, lloyd
from aggregation_svc.domain.patterns.box import Box
from aggregation_svc.domain.patterns.plan import RESOLUTION

values = st.integers(0, RESOLUTION)


@st.composite
def populations(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows without and with one more player."""
    features = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(values, min_size=features, max_size=features), min_size=1, max_size=12))
    table = np.array(rows, dtype=np.int64)
    return table[:-1].reshape(-1, features), table


def moved(before: NDArray[np.int64], after: NDArray[np.int64]) -> int:
    return int(np.abs(after - before).sum())


@given(populations())
def test_marginals(pair: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    before, after = pair
    assert moved(box.counted(before), box.counted(after)) == box.sensitivity(after.shape[1])


@given(populations(), st.integers(2, 8), st.data())
def test_grid(pair: tuple[NDArray[np.int64], NDArray[np.int64]], bins: int, data: st.DataObject) -> None:
    before, after = pair
    low = np.array(data.draw(st.lists(st.floats(0, 900), min_size=after.shape[1], max_size=after.shape[1])))
    trimmed = Box(low, low + data.draw(st.floats(0.5, 1000)))
    change = moved(coreset.cells_of(before, trimmed, bins), coreset.cells_of(after, trimmed, bins))
    assert change == coreset.SENSITIVITY


@given(populations(), st.integers(1, 5), st.data())
def test_lloyd_steps(pair: tuple[NDArray[np.int64], NDArray[np.int64]], segments: int, data: st.DataObject) -> None:
    before, after = pair
    coordinate = st.floats(-500, 1500, allow_subnormal=False)
    points = data.draw(
        st.lists(
            st.lists(coordinate, min_size=after.shape[1], max_size=after.shape[1]),
            min_size=segments,
            max_size=segments,
        )
    )
    radii = data.draw(st.lists(st.floats(1.0, 3000.0), min_size=segments, max_size=segments))
    centres = lloyd.Centres(np.array(points), np.array(radii))
    assert moved(lloyd.messages(before, centres), lloyd.messages(after, centres)) <= lloyd.SENSITIVITY
