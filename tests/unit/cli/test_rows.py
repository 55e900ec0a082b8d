"""Reading files: one broken line costs one line, and the reject says which and why."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tta_analytics.importing.rows import MAX_LINE_BYTES, Reject, Row, Unreadable, UnreadableFile, columns, read

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


@pytest.mark.parametrize("content", ["user_id,started_at\nada,2026-01-01\n".encode("utf-16-le"), b"a,b\rc,d\r"])
def test_a_header_in_another_encoding_or_with_other_line_ends_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(UnreadableFile, match=r"line 1: .*(UTF-8|line feed)"):
        columns(write(tmp_path, content))


def test_a_line_with_zero_bytes_is_rejected_alone(tmp_path: Path) -> None:
    first, second = read(write(tmp_path, HEADER + b"a\x00,2026-01-01,3\nb,2026-01-01,3\n"))
    assert first == Reject(2, "", "holds zero bytes, as UTF-16 does; save the file as UTF-8")
    assert isinstance(second, Row)


def test_a_parquet_value_that_nobody_can_read_costs_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    ids = pa.array([b"ada", b"\xff\xfe"], type=pa.binary())
    text = pa.Array.from_buffers(pa.string(), 2, ids.buffers())
    times = pa.array([1_790_848_800_000_000, 2**62], type=pa.timestamp("us"))
    pq.write_table(pa.table({"user_id": text, "started_at": times}), path)
    first, second = read(path)
    assert first == Row(1, {"user_id": "ada", "started_at": datetime.fromisoformat("2026-10-01T10:00")})
    assert second == Row(
        2, {"user_id": Unreadable("is not UTF-8"), "started_at": Unreadable("is beyond the year 9999")}
    )


def test_nanoseconds_of_a_parquet_time_are_cut_to_microseconds(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    times = pa.array([1_790_848_800_000_001_999], type=pa.timestamp("ns", "UTC"))
    pq.write_table(pa.table({"started_at": times}), path)
    (row,) = read(path)
    assert row == Row(1, {"started_at": datetime(2026, 10, 1, 10, 0, 0, 1, tzinfo=UTC)})


def test_a_parquet_file_damaged_within_gives_the_rows_before_and_names_the_first_it_lost(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"user_id": [f"p{n}" for n in range(10_000)]}), path, row_group_size=5_000)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).dictionary_page_offset
    content = bytearray(path.read_bytes())
    content[start : start + 2_000] = b"\x55" * 2_000
    path.write_bytes(content)
    rows = []
    with pytest.raises(UnreadableFile, match="damaged from row 5,001 on"):
        rows.extend(read(path))
    assert len(rows) == 5_000
