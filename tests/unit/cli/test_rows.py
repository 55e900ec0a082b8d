"""Reading files: one broken line costs one line, and the reject says which and why."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tta_analytics.importing.rows import MAX_LINE_BYTES, Reject, Row, UnreadableFile, columns, read

HEADER = b"user_id,started_at,duration_minutes\n"


def write(folder: Path, content: bytes, name: str = "facts.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_csv_line_becomes_a_row_without_its_empty_cells(tmp_path: Path) -> None:
    rows = list(read(write(tmp_path, HEADER + b"a,2026-01-01, \n")))
    assert rows == [Row(2, {"user_id": "a", "started_at": "2026-01-01"})]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert columns(write(tmp_path, b"\xef\xbb\xbf" + HEADER))[0] == "user_id"


def test_a_line_in_another_encoding_is_rejected_alone(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, HEADER + b"Zo\xeb,2026-01-01,3\nb,2026-01-01,3\n"))
    assert first == Reject(2, "", "byte 3 is not UTF-8; save the file as UTF-8")
    assert second == Row(3, {"user_id": "b", "started_at": "2026-01-01", "duration_minutes": "3"})


def test_a_cut_off_last_line_is_rejected_with_its_number(tmp_path: Path) -> None:
    *_, last = read(write(tmp_path, HEADER + b"a,2026-01-01,3\nb,2026-0"))
    assert last == Reject(3, "", "has 2 columns where the header has 3; is the line cut off?")


def test_an_open_quote_does_not_swallow_the_lines_that_follow(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, HEADER + b'"a,2026-01-01,3\nb,2026-01-01,3\n'))
    assert isinstance(first, Reject)
    assert isinstance(second, Row)


def test_a_line_without_end_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, HEADER + b"x" * (3 * MAX_LINE_BYTES) + b"\nb,2026-01-01,3\n"))
    assert first == Reject(2, "", "the line is longer than 1,000,000 bytes")
    assert isinstance(second, Row)
    assert second.line == 3


@pytest.mark.parametrize("content", [b"", b"a,a\n", b"a,,b\n", b"\xff\xfe\n"])
def test_a_csv_file_without_a_usable_header_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        list(read(write(tmp_path, content)))


def test_json_lines_reject_what_is_no_object(tmp_path: Path) -> None:
    content = b'{"user_id": "a", "score": null}\n[1]\n{"user_id"\n\n' + b"[" * 100_000 + b"\n"
    content += b'{"score": 1' + b"0" * 5_000 + b"}\n"
    row, *rejects = read(write(tmp_path, content, "facts.jsonl"))
    assert row == Row(1, {"user_id": "a"})
    assert [reject.line for reject in rejects] == [2, 3, 5, 6]


def test_parquet_rows_are_numbered_from_one(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"user_id": ["a", None], "duration_minutes": [1.5, 2.0]}), path)
    assert list(read(path)) == [Row(1, {"user_id": "a", "duration_minutes": 1.5}), Row(2, {"duration_minutes": 2.0})]


def test_a_truncated_parquet_file_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"user_id": ["a"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFile, match="cut off"):
        list(read(path))


def test_an_unknown_ending_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"\.csv, \.jsonl, \.parquet"):
        list(read(write(tmp_path, b"", "facts.xlsx")))
