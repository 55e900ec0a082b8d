from aggregation_svc.domain.cohorts import Cohort
from aggregation_svc.domain.comparison import compared, difference
from aggregation_svc.domain.privacy.intervals import Figure
from aggregation_svc.domain.release_plan import Level
from aggregation_svc.domain.release_statistics import Cell, MeasureFigures
from aggregation_svc.domain.release_trends import trend


def figure(value: float, privacy: float = 0.03, sampling: float = 0.04, *, silent: bool = False) -> Figure:
    margin = (privacy**2 + sampling**2) ** 0.5
    return Figure(value, value - margin, value + margin, privacy, sampling, privacy / 1.96, silent)


def cell(**means: Figure | None) -> Cell:
    count = figure(500.0, 60.0, 0.0)
    measures = {name: MeasureFigures(count, count, mean, 0.2, 1.0) for name, mean in means.items()}
    return Cell(Level.COHORT, Cohort("anxiety", "daily", "high"), False, count, measures)


def test_both_parts_of_a_difference_add_up_as_of_independent_figures() -> None:
    found = difference(figure(0.5), figure(0.8))
    assert round(found.value, 9) == 0.3
    assert round(found.privacy_margin, 6) == round(0.03 * 2**0.5, 6)
    assert round(found.upper - found.value, 6) == round(0.05 * 2**0.5, 6)


def test_a_verdict_needs_more_than_an_interval_without_zero_when_many_measures_are_compared() -> None:
    names = [f"measure {i}" for i in range(9)]
    left = cell(**{name: figure(0.5) for name in names})
    right = cell(**{name: figure(0.5 + 0.08) for name in names})
    assert compared(left, right, names[0], shared=False).measures[names[0]].verdict == "higher"
    assert compared(left, right, None, shared=False).measures[names[0]].verdict == "no clear difference"


def test_noise_that_says_nothing_gives_no_verdict() -> None:
    found = compared(cell(engagement=figure(0.2)), cell(engagement=figure(0.9, silent=True)), None, shared=False)
    assert found.measures["engagement"].verdict == "no clear difference"


def test_a_mean_that_is_missing_is_not_compared() -> None:
    found = compared(cell(engagement=None), cell(engagement=figure(0.9)), None, shared=False)
    assert not found.measures
    assert "nothing can be compared" in found.summary


def test_players_on_both_sides_are_said() -> None:
    found = compared(cell(engagement=figure(0.2)), cell(engagement=figure(0.9)), None, shared=True)
    assert "not independent" in found.summary
    assert (
        "not independent"
        not in compared(cell(engagement=figure(0.2)), cell(engagement=figure(0.9)), None, shared=False).summary
    )


def test_a_trend_needs_three_releases_and_rises_with_its_means() -> None:
    rising = [(float(at), figure(0.3 + 0.1 * at)) for at in range(5)]
    assert trend(rising[:2]) is None
    found = trend(rising)
    assert found is not None
    assert found.verdict == "rising"
    assert abs(found.slope.value - 0.1) < 1e-9
    flat = trend([(float(at), figure(0.3)) for at in range(5)])
    assert flat is not None
    assert flat.verdict == "no clear change"
