from functools import cache

import numpy as np
import pytest

from aggregation_svc.domain.bounded import BoundedSums
from aggregation_svc.domain.cohorts import FREQUENCIES, LEAVES, LEVELS
from aggregation_svc.domain.periods import Grain
from aggregation_svc.domain.privacy.noise import OpenDpNoise
from aggregation_svc.domain.privacy.release import Terms, released
from aggregation_svc.domain.release_plan import MEASURES, MONTHLY_PLAN, OUTCOMES, Level
from aggregation_svc.domain.release_statistics import Cell, Statistics

DECLARED = ("anxiety", "sleep")
PLAYERS = 600


@cache
def population() -> tuple[BoundedSums, dict[str, np.ndarray]]:
    """600 players in each cohort of two declared and one undeclared focus, and a name that one player has."""
    random = np.random.default_rng(3)
    rows, truth = [], {}
    for focus in ("anxiety", "sleep", "grief"):
        for frequency, level in LEAVES:
            numbers = [PLAYERS]
            for measure in MEASURES:
                cap = measure.reach(frequency)
                x = np.clip(random.normal(0.5 * cap, 0.2 * cap, PLAYERS), 0, cap).astype(int)
                numbers += [PLAYERS, int(x.sum()), int((x * x).sum())]
                truth[f"{focus}/{frequency}/{level}/{measure.name}"] = x
            rows.append((focus, frequency, level, [*numbers, PLAYERS // 10, *[PLAYERS // 10] * len(OUTCOMES)]))
    rows.append(("a name of one player", "daily", "low", [1] + [1, 0, 0] * len(MEASURES) + [0] * 7))
    return BoundedSums.of_rows(rows), truth


def answer(seed: int = 1, min_cohort: int = 0) -> Statistics:
    terms = Terms(Grain.MONTH, MONTHLY_PLAN, DECLARED, min_cohort)
    return released(population()[0], terms, OpenDpNoise(), np.random.default_rng(seed))


def by_name(statistics: Statistics) -> dict[str, Cell]:
    return {cell.cohort.name: cell for cell in statistics.cells}


def test_every_declared_cell_is_there_and_empty_ones_too() -> None:
    nobody, terms = BoundedSums.of_rows([]), Terms(Grain.DAY, MONTHLY_PLAN, DECLARED, 0)
    drawn = [released(nobody, terms, OpenDpNoise(), np.random.default_rng(1)) for _ in range(8)]
    empty = drawn[0]
    names = {cell.cohort.name for cell in empty.cells}
    assert {"all", "anxiety", "sleep", "unspecified", "other"} <= names
    assert {f"anxiety/{f}/{level}" for f in FREQUENCIES for level in LEVELS} <= names
    assert len(empty.cells) == 1 + 4 + 4 * len(LEAVES)
    # 19 of 20, and in one draw now and then no more than 15: cells of one focus share its noise.
    assert np.mean([cell.uninformative for one in drawn for cell in one.cells]) > 0.8


def test_a_name_of_many_players_is_selected_and_a_name_of_one_is_folded_into_other() -> None:
    statistics = answer()
    assert statistics.selected == ("grief",)
    assert "a name of one player" not in {cell.cohort.focus for cell in statistics.cells}


def test_children_add_up_to_their_parent() -> None:
    cells = by_name(answer())
    for focus in ("anxiety", "sleep", "grief", "unspecified", "other"):
        parts = sum(cells[f"{focus}/{f}/{level}"].players.value for f, level in LEAVES)
        assert parts == pytest.approx(cells[focus].players.value)
    focuses = sum(c.players.value for c in cells.values() if c.level is Level.FOCUS)
    assert focuses == pytest.approx(cells["all"].players.value)


def test_estimates_are_unbiased_and_intervals_cover_the_truth() -> None:
    _, truth = population()
    errors, covered, means, mean_covered = [], 0, [], 0
    # So many that coverage by chance stays within the bounds: of 192 intervals all hold in one run of 20,000.
    for seed in range(24):
        for name, cell in by_name(answer(seed)).items():
            if cell.level is not Level.COHORT or cell.cohort.focus not in ("anxiety", "sleep"):
                continue
            errors.append(cell.players.value - PLAYERS)
            covered += abs(cell.players.value - PLAYERS) <= cell.players.privacy_margin
            figure, x = cell.measures["minutes"].mean, truth[f"{name}/minutes"]
            true_mean = 1400 * x.mean() / 1000
            means.append((figure.value - true_mean) / true_mean)
            mean_covered += figure.lower <= true_mean <= figure.upper
    assert abs(np.mean(errors)) < 5 * np.std(errors) / np.sqrt(len(errors))
    assert 0.88 < covered / len(errors) < 1.0
    assert abs(np.median(means)) < 0.05
    assert 0.88 < mean_covered / len(means) <= 1.0


def test_consistency_lowers_the_error_of_raw_noise() -> None:
    for cell in answer().cells:
        if cell.level is Level.FOCUS:
            assert cell.players.noise_scale < 0.8 * np.sqrt(2) * cell.raw[0].scale


def test_small_cells_are_hidden_by_their_noisy_count() -> None:
    cells = by_name(answer(min_cohort=200))
    assert not cells["anxiety/daily/high"].hidden
    hidden = cells["unspecified/daily/high"]
    assert hidden.hidden
    assert (hidden.players, dict(hidden.measures), hidden.raw) == (None, {}, ())


def test_what_is_drawn_is_kept_signed_with_its_scale() -> None:
    cells = by_name(answer())
    drawn = {raw.statistic: raw for raw in cells["other/weekly/low"].raw}
    assert set(drawn) == {"players", *(measure.name for measure in MEASURES), "capped", "outcomes"}
    assert drawn["players"].scale == pytest.approx(1e6 / MONTHLY_PLAN.shares[Level.COHORT]["players"])
    assert drawn["minutes"].sensitivity == 500**2
    assert len(drawn["minutes"].values) == 3
    assert any(value < 0 for cell in cells.values() for raw in cell.raw for value in raw.values)


def test_success_is_the_share_of_good_outcomes() -> None:
    rate = by_name(answer())["all"].success_rate
    assert rate.lower < rate.value < rate.upper
    # The noise is not seeded: an interval holds the truth 19 times of 20, one four times as wide as good as always.
    assert abs(rate.value - 0.5) < 2 * (rate.upper - rate.lower) < 0.5


def test_exact_sums_do_not_show_in_what_a_log_would_print() -> None:
    sums, _ = population()
    table = sums.tabulated((*DECLARED, "unspecified", "other"))
    for exact in (sums, table):
        assert str(PLAYERS) not in f"{exact!r} {exact}"
