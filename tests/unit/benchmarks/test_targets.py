"""Benchmarks can fail: what misses its target is named, and so is what was not measured."""

import json
import random
import re
from pathlib import Path

import pytest
from tta.analytics.v1.ingestion_pb2 import IngestSessionsRequest

from benchmarks import __main__ as all_benchmarks
from benchmarks import table
from benchmarks.ingest import message
from benchmarks.scale.growth import an_hour, beside_line
from benchmarks.scale.soak import FIRST, NAME, renamed
from benchmarks.scale.targets import TARGETS, absent, target_of
from benchmarks.targets import missed, reached

TEN_MINUTES = [5.0 * number for number in range(120)]
MONTH_OF_FIGURES = "10,000,000 sessions"


def test_a_figure_that_was_not_taken_is_missed() -> None:
    taken = ["engines.1,000,000 sessions.postgresql ratio", "engines.1,000,000 sessions.duckdb equal"]
    names = [name for name, _ in absent(taken, "engines")]
    assert "engines.*.spark equal" in names
    assert f"engines.{MONTH_OF_FIGURES}.spark ratio" in names
    assert not [name for name in names if "duckdb" in name or "postgresql ratio" in name]
    assert not [name for name in names if name.startswith("soak")]


@pytest.mark.parametrize(("gb_a_day", "reaches"), [(8.0, False), (2.0, False), (0.0, True)])
def test_memory_that_rises_by_gigabytes_a_day_is_missed_after_ten_minutes(gb_a_day: float, reaches: bool) -> None:
    noise = [(number * 7919 % 13 - 6) / 10 for number in range(len(TEN_MINUTES))]
    readings = [(at, 281 + gb_a_day * 1024 * at / 86_400 + more) for at, more in zip(TEN_MINUTES, noise, strict=True)]
    target = target_of("soak.memory mb, rise an hour")
    assert target is not None
    assert reached(an_hour(readings), target) == reaches


def test_memory_that_is_taken_once_at_the_start_is_no_rise() -> None:
    assert an_hour([(at, 200.0 if at < 60 else 281.0) for at in TEN_MINUTES]) == 0


def test_growth_is_linear_whatever_it_starts_from() -> None:
    assert beside_line([(1, 5 + 1), (3, 5 + 3), (10, 5 + 10)]) == pytest.approx(1)
    assert beside_line([(1, 1.0), (3, 9.0), (10, 100.0)]) > 2


@pytest.mark.parametrize("seconds", [(14.7, 5.3, 9.1), (1.0, 4.0, 3.0), (0.0, 3.0, 10.0)])
def test_a_smaller_size_that_took_longer_shows_no_growth(seconds: tuple[float, float, float]) -> None:
    beside = beside_line(list(zip((1, 3, 10), seconds, strict=True)))
    assert missed([("engines.growth.spark sums s beside a line", beside)], target_of)


def test_two_workers_are_held_to_the_clock_too() -> None:
    figures = {"workers.two by one, where a worker is the limit": 2.0, "workers.two by one, wall clock": 1.0}
    assert missed(figures.items(), target_of) == ["workers.two by one, wall clock: 1.00 (at least 1.6: MISSED)"]


def test_half_the_limit_must_be_sent() -> None:
    assert missed([("soak.sent, share of half the limit", 0.5)], target_of)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table, "RESULTS", tmp_path)
    return tmp_path


def test_the_table_marks_what_misses_its_target_and_what_is_not_there(results: Path) -> None:
    (results / "release.json").write_text(json.dumps({"figures": {"postgresql": {"ratio": 2.5}}}))
    (results / "scale.json").write_text(json.dumps({"soak": {"memory mb, rise an hour": 341.0, "seconds": 600.0}}))
    wanted = {path: (value, held_to) for path, value, _, held_to in table.rows()}
    assert wanted["release.figures.postgresql.ratio"] == ("2.500", "at most 2: MISSED")
    assert wanted["release.figures.sqlite.ratio"] == ("not taken", "at most 2: MISSED")
    assert wanted["scale.soak.memory mb, rise an hour"] == ("341.000", "at most 30: MISSED")
    assert wanted["scale.soak.seconds"] == ("600.000", "at least 600")
    assert wanted["scale.subscriptions.all back after s"] == ("not taken", "at most 5: MISSED")


def test_a_quick_run_is_in_no_table(results: Path) -> None:
    (results / "quick").mkdir()
    (results / "quick" / "scale.json").write_text(json.dumps({"subscriptions": {"all back after s": 1.0}}))
    assert ("subscriptions.all back after s", "1.000") not in [(path, value) for path, value, _, _ in table.rows()]


def test_every_benchmark_that_is_held_to_something_is_run_by_one_command() -> None:
    assert {path.partition(".")[0] for path in table.WANTED} | {"scale"} <= set(all_benchmarks.ALL)
    parts = {re.split(r"\\?\.", pattern)[0] for pattern, _ in TARGETS}
    assert parts == {"engines", "layout", "workers", "subscriptions", "soak"}


def test_the_soak_sends_new_sessions_by_other_names() -> None:
    first = message(FIRST, random.Random(1), 1_700_000_000)
    second = IngestSessionsRequest.FromString(renamed(NAME.split(first), FIRST + 500))
    expected = IngestSessionsRequest.FromString(first)
    for number, session in enumerate(expected.sessions):
        session.session_id = f"session-{FIRST + 500 + number}"
    assert second == expected


def test_reads_moves_and_the_soak_stand_beside_a_floor_of_the_same_run(results: Path) -> None:
    reads = {"gRPC beside the ingest p99 ms": 15.0, "floor: bare gRPC beside the ingest p99 ms": 6.1}
    moved = {"all back after s": 3.7, "floor: bare services, all back after s": 0.9}
    soak = {"latency ms, last quarter": 25.1, "floor: bare copy of a message ms": 7.5}
    (results / "reads.json").write_text(json.dumps({"figures": {"1": reads}}))
    (results / "scale.json").write_text(json.dumps({"subscriptions": moved, "soak": soak}))
    beside = {path: (peer, wanted) for path, _, peer, wanted in table.rows()}
    assert beside["reads.figures.1.gRPC beside the ingest p99 ms"] == (
        "6.100 (figures.1.floor: bare gRPC beside the ingest p99 ms)",
        "at most 10: MISSED",
    )
    assert beside["scale.subscriptions.all back after s"][0].startswith("0.900 ")
    assert beside["scale.soak.latency ms, last quarter"][0].startswith("7.500 ")
