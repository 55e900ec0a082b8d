import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aggregation_svc.domain.privacy.unity import decoding, encoded, sensitivity

CAPS = st.sampled_from([200, 500, 1000])


def moments(values: list[int]) -> np.ndarray:
    x = np.array(values, dtype=np.int64)
    return np.array([len(x), x.sum(), (x * x).sum()], dtype=np.int64)


@given(cap=CAPS, data=st.data())
def test_one_player_moves_the_vector_by_the_sensitivity_and_no_more(cap: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, cap), min_size=1, max_size=20))
    gone = data.draw(st.integers(0, len(values) - 1))
    without = values[:gone] + values[gone + 1 :]
    change = encoded(moments(values), cap) - encoded(moments(without), cap)
    assert np.abs(change).sum() == sensitivity(cap)
    assert (change >= 0).all()


@given(cap=CAPS, data=st.data())
def test_count_sum_and_squares_come_back(cap: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, cap), max_size=50))
    vector = encoded(moments(values), cap) / sensitivity(cap)
    expected = moments(values) / np.array([1, 1000, 1000**2])
    np.testing.assert_allclose(decoding(cap, 1000) @ vector, expected, atol=1e-9)
