"""The default detector on the labelled series of the Numenta Anomaly Benchmark."""

import pytest

from benchmarks.anomalies import figures, scored, transfer
from benchmarks.nab.files import FOLDER, read
from benchmarks.nab.scoring import STANDARD, Scored, best_threshold
from monitoring_svc.domain.detectors import ValueNovelty

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the labelled series are not at {FOLDER}")


@pytest.fixture(scope="module")
def files() -> list[Scored]:
    return scored(ValueNovelty, read())[0]


def test_the_best_threshold_reaches_the_published_class(files: list[Scored]) -> None:
    assert best_threshold(files, STANDARD)[1] >= 70


def test_the_shipped_threshold_is_nearly_as_good_and_rarely_wrong(files: list[Scored]) -> None:
    shipped = figures(files, ValueNovelty.threshold)
    assert shipped["standard"] >= 68
    assert shipped["false_alarms_10k"] <= 8


def test_a_threshold_chosen_on_half_of_the_series_holds_on_the_others(files: list[Scored]) -> None:
    assert max(half["loss"] for half in transfer(files)) <= 5
