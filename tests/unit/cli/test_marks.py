"""Marks and times that cannot be read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from neo4j.time import DateTime

from tta_analytics.importing.rows import UnreadableFile
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.moments import moment

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "damage", [b"", b'{"Session": "2026-1', b"[1]", b'{"Session": "soon"}', b"\xff\xfe", b'{"a": 1}']
)
def test_a_damaged_file_of_marks_is_named_with_what_to_do(tmp_path: Path, damage: bytes):
    Marks(tmp_path, "graph", "store").raise_to("Session", NOW)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    with pytest.raises(UnreadableFile, match=rf"{file.name}: is damaged\. Delete it"):
        Marks(tmp_path, "graph", "store")


def test_a_mark_is_there_in_the_next_run(tmp_path: Path):
    Marks(tmp_path, "graph", "store").raise_to("Session", NOW)
    assert Marks(tmp_path, "graph", "store").get("Session") == NOW


class BeyondPython:
    """A time of the graph that Python's own has no room for."""

    def to_native(self) -> datetime:
        raise ValueError("year 12000 is out of range")


def test_a_time_beyond_the_year_9999_is_no_time():
    assert moment(BeyondPython()) is None
    assert moment(DateTime(2026, 11, 1)) == NOW
