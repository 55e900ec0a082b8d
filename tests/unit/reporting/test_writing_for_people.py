"""Ranges, moments, quantities, names of files and tables on paper, as people write them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reporting_svc.adapters.render.page_tables import brief, by_width, header, kept_rows
from reporting_svc.adapters.render.svg.scales import named
from reporting_svc.domain.analysis import words
from reporting_svc.domain.builders.system_performance import spoken
from reporting_svc.domain.file_names import stem
from reporting_svc.domain.report import Column, ColumnKind, Table


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (at(2025, 1, 1), at(2026, 1, 1), "January 2025 to December 2025"),
        (at(2026, 1, 1), at(2026, 2, 1), "January 2026"),
        (at(2025, 11, 22), at(2026, 11, 23), "22 November 2025 to 22 November 2026"),
        (at(2025, 11, 22), at(2026, 11, 23, 3), "22 November 2025 to 23 November 2026"),
        (at(2026, 11, 22), at(2026, 11, 23), "22 November 2026"),
    ],
)
def test_a_range_ends_with_the_last_day_that_belongs_to_it(start: datetime, end: datetime, told: str) -> None:
    assert words.span(start, end) == told


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (204_185_600, "bytes", "204 MB"),
        (12, "bytes", "12.0 bytes"),
        (22.46, "percent", "22.5 %"),
        (0.0464, "seconds", "46.4 ms"),
        (3, "seconds", "3 s"),
        (0.267, "calls per second", "0.267 calls per second"),
        (900, "", "900"),
    ],
)
def test_a_metric_is_told_in_the_unit_that_people_use(value: float, unit: str, told: str) -> None:
    assert words.amount(value, unit) == told


def test_a_metric_is_named_in_words() -> None:
    assert [spoken(name) for name in ("grpc_calls_per_second", "host_cpu_percent", "response_time")] == [
        "gRPC calls per second",
        "Host CPU percent",
        "Response time",
    ]


def test_moments_on_an_axis_are_as_brief_as_they_may_be() -> None:
    assert named(["2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"]) == ["Aug 2026", "Sep 2026"]
    assert named(["2026-08-03T00:00:00Z", "2026-08-10T00:00:00Z"]) == ["03 Aug", "10 Aug"]
    assert named(["2026-08-03T00:00:00Z", "2026-08-03T01:00:00Z"]) == ["03 Aug 00:00", "03 Aug 01:00"]


def test_file_names_are_cut_between_words() -> None:
    assert stem("Ward round: <Mondays>") == "ward-round-mondays"
    assert stem("Overall progress by therapeutic focus, October 2026") == "overall-progress-by-therapeutic-focus"
    assert stem("x" * 60) == "x" * 40
    assert stem("日本") == "untitled"


def test_a_wide_table_is_broken_into_parts_that_name_their_rows() -> None:
    columns = [Column("focus", "Focus", ColumnKind.TEXT), Column("level", "Level", ColumnKind.TEXT)]
    columns += [Column(f"n{index}", f"N{index}", ColumnKind.NUMBER) for index in range(10)]
    parts = by_width(Table("t", "All", tuple(columns), (("a", "high", *range(10)), ("b", "low", *range(10)))))
    assert [part.title for part in parts] == ["All, part 1 of 2", "All, part 2 of 2"]
    assert [[column.column_id for column in part.columns] for part in parts] == [
        ["focus", "level", "n0", "n1", "n2", "n3", "n4", "n5"],
        ["focus", "level", "n6", "n7", "n8", "n9"],
    ]
    assert parts[1].rows == (("a", "high", 6, 7, 8, 9), ("b", "low", 6, 7, 8, 9))


def test_a_long_table_keeps_the_newest_whole_periods() -> None:
    columns = (Column("period", "Period", ColumnKind.DATE), Column("outcome", "Outcome", ColumnKind.TEXT))
    months = tuple((f"2026-{month:02}-01", outcome) for month in range(1, 7) for outcome in ("good", "neutral", "bad"))
    kept = kept_rows(Table("t", "Outcomes", columns, months), 10)
    assert (kept[0], len(kept)) == (("2026-04-01", "good"), 9)


def test_a_table_on_a_page_joins_intervals_and_tells_what_is_the_same_in_every_row_once() -> None:
    table = Table(
        *("t", "Minutes by period"),
        (
            Column("period", "Period", ColumnKind.DATE),
            Column("group", "Group", ColumnKind.TEXT),
            Column("value", "Minutes", ColumnKind.NUMBER, "minutes"),
            Column("lower", "95 % from", ColumnKind.NUMBER, "minutes"),
            Column("upper", "95 % to", ColumnKind.NUMBER, "minutes"),
            Column("noise", "Privacy noise, ±", ColumnKind.NUMBER, "minutes"),
            Column("season", "Season", ColumnKind.TEXT),
        ),
        (
            ("2026-01-01", "All players", 31.0, 30.0, 32.5, 0.5, ""),
            ("2026-02-01", "All players", None, None, None, 0.5, ""),
        ),
    )
    shown = brief(table)
    assert shown.title == "Minutes by period (group: All players)"
    assert [header(column) for column in shown.columns] == [
        *("Period", "Minutes", "95 % interval (minutes)", "Privacy noise, ± (minutes)")
    ]
    assert shown.rows == (("2026-01-01", 31.0, "30.0 to 32.5", 0.5), ("2026-02-01", None, None, 0.5))
    assert len(brief(replace(table, rows=table.rows[:1])).columns) == 6
