"""The table of a release: what says nothing is marked so and never printed as a figure."""

import pytest
from tta.analytics.v1 import aggregation_pb2, common_pb2

from tta_analytics.commands import releases


def printed(cell: aggregation_pb2.Cell, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(releases.console, "width", 200)
    period = common_pb2.Period(grain=common_pb2.GRAIN_MONTH)
    releases._print(aggregation_pb2.Release(release_id="one", period=period, cells=[cell]))
    return next(line for line in capsys.readouterr().out.splitlines() if "anxiety" in line)


def minutes(mean: common_pb2.Estimate | None) -> aggregation_pb2.Cell:
    figures = aggregation_pb2.MeasureFigures(measure=aggregation_pb2.MEASURE_MINUTES, mean=mean)
    return aggregation_pb2.Cell(
        level=aggregation_pb2.CELL_LEVEL_FOCUS,
        therapeutic_focus="anxiety",
        subjects=common_pb2.Estimate(value=90, lower=80, upper=100),
        measures=[figures],
    )


def test_a_mean_is_printed_with_its_interval(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    assert "12.00 [11.00, 13.00]" in printed(
        minutes(common_pb2.Estimate(value=12, lower=11, upper=13)), capsys, monkeypatch
    )


def test_a_mean_of_too_few_players_says_nothing_instead_of_zero(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    row = printed(minutes(None), capsys, monkeypatch)
    assert "says nothing" in row
    assert "0.00 [0.00" not in row


def test_a_hidden_cell_shows_no_figures(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    cell = aggregation_pb2.Cell(level=aggregation_pb2.CELL_LEVEL_FOCUS, therapeutic_focus="anxiety", hidden=True)
    row = printed(cell, capsys, monkeypatch)
    assert "hidden: too few players" in row
    assert "says nothing" not in row
