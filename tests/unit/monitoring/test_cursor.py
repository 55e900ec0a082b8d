"""A cursor says which event a subscriber saw last, and is recognised as text however it was written."""

from datetime import UTC, datetime

import pytest

from monitoring_svc.domain.cursor import Cursor, parse

MOMENT = datetime(2026, 11, 2, 12, 30, 15, 123457, tzinfo=UTC)


def test_a_cursor_is_read_as_it_was_written_to_the_microsecond() -> None:
    assert parse(str(Cursor(1042, MOMENT))) == Cursor(1042, MOMENT)
    assert str(Cursor(1042, MOMENT)) == "1042.1793622615123457"


def test_a_position_alone_is_a_cursor() -> None:
    assert parse("1042") == Cursor(1042)
    assert str(Cursor(1042)) == "1042"


@pytest.mark.parametrize("text", ["-1", "1.", ".1", "1.2.3", "²", "٣", "1\n", "0x1", "1" * 19, f"1.{'1' * 17}", "1.-5"])
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


def test_the_longest_cursor_fits_into_a_request() -> None:
    text = str(Cursor(10**18 - 1, datetime(2286, 1, 1, tzinfo=UTC)))
    assert parse(text) is not None
    assert len(text) <= 40
