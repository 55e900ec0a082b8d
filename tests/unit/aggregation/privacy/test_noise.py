import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation_svc.domain.privacy.noise import OpenDpNoise

NOISE = OpenDpNoise()


@given(micro=st.integers(1, 5_000_000), sensitivity=st.sampled_from([1, 40_000, 250_000, 1_000_000]))
def test_the_loss_is_the_share_and_never_more(micro: int, sensitivity: int) -> None:
    assert NOISE.laplace([0, 7], sensitivity, micro).loss.micro == micro


def test_noise_is_integer_unbiased_and_as_wide_as_it_says() -> None:
    drawn = NOISE.laplace([1000] * 40_000, 1, 50_000)
    values = np.array(drawn.values)
    assert drawn.scale == pytest.approx(20.0)
    assert abs(values.mean() - 1000) < 5 * np.sqrt(2) * 20 / 200
    assert values.std() == pytest.approx(np.sqrt(2) * 20, rel=0.03)
    assert (values < 1000).any()


def test_small_counts_keep_their_sign() -> None:
    assert min(NOISE.laplace([0] * 100, 1, 50_000).values) < 0


def test_names_of_many_players_are_selected_and_names_of_one_are_not() -> None:
    selected = NOISE.select({"grief": 5_000, "a name of one player": 1}, 40_000, 1e-7)
    assert selected.names == ("grief",)
    assert selected.loss.micro == 40_000
    assert selected.loss.delta <= 1e-7


def test_the_threshold_is_the_smallest_that_keeps_delta() -> None:
    selected = NOISE.select({}, 40_000, 1e-7)
    looser = NOISE.select({}, 40_000, 1.1 * 1e-7)
    assert selected.names == ()
    assert 380 < selected.threshold < 395
    assert looser.threshold < selected.threshold


def test_a_name_at_the_threshold_is_told_every_other_time() -> None:
    threshold = NOISE.select({}, 40_000, 1e-7).threshold
    told = sum(bool(NOISE.select({"name": threshold}, 40_000, 1e-7).names) for _ in range(400))
    assert 140 < told < 270
