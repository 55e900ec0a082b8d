"""Rows of a CSV, JSON Lines or Parquet file, each with the number of its line; broken lines come as rejects."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAX_LINE_BYTES = 1_000_000
"""A longer line is rejected unread: no fact is a megabyte long."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the file has it."""

    line: int
    """Line in the file, from 1; for Parquet the row, from 1."""
    values: dict[str, Any]
    """Column -> value: text for CSV, else typed. Missing values are absent, damaged ones `Unreadable`."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that the file holds in a form that nobody can read."""

    reason: str
    """What is wrong with it: `is not UTF-8`."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not sent, or that the service refused."""

    line: int
    field: str
    """The field or column that is wrong; empty for the whole line."""
    reason: str
    """What is wrong and what would be right. Never holds the value: it may be a player's id."""


def read(path: Path) -> Iterator[Row | Reject]:
    """Read the rows of a file by its ending: .csv, .jsonl or .parquet.

    Raises:
        UnreadableFile: The ending is unknown, the header is missing, or the file is damaged as a whole.
    """
    readers = {".csv": _csv, ".jsonl": _json_lines, ".parquet": _parquet}
    if path.suffix.lower() not in readers:
        raise UnreadableFile(f"{path.name}: the ending must be one of {', '.join(readers)}")
    with path.open("rb") as file:
        yield from readers[path.suffix.lower()](file)


def columns(path: Path) -> list[str]:
    """Name the columns of a CSV or Parquet file; empty for JSON Lines, where each line has its own."""
    if path.suffix.lower() == ".parquet":
        with path.open("rb") as file:
            return list(_parquet_file(file).schema_arrow.names)
    if path.suffix.lower() == ".csv":
        with path.open("rb") as file:
            return _header(file)
    return []


def _lines(file: BinaryIO) -> Iterator[tuple[int, str | Reject]]:
    """Decode line by line, so that one wrong byte costs one line and not the file."""
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE_BYTES)
            yield number, Reject(number, "", f"the line is longer than {MAX_LINE_BYTES:,} bytes")
            continue
        if b"\x00" in raw:
            yield number, Reject(number, "", "holds zero bytes, as UTF-16 does; save the file as UTF-8")
            continue
        try:
            yield number, raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield number, Reject(number, "", f"byte {error.start + 1} is not UTF-8; save the file as UTF-8")


def _header(file: BinaryIO) -> list[str]:
    first = next(_lines(file), None)
    if first is None:
        raise UnreadableFile("the file is empty; a CSV file starts with a line of column names")
    if isinstance(first[1], Reject):
        raise UnreadableFile(f"line 1: {first[1].reason}")
    try:
        names = [name.strip() for name in next(csv.reader([first[1]]))]
    except csv.Error as error:
        raise UnreadableFile("line 1: a carriage return within; lines must end with a line feed") from error
    if len(set(names)) != len(names) or not all(names):
        raise UnreadableFile("line 1: column names must be unique and not empty")
    return names


def _csv(file: BinaryIO) -> Iterator[Row | Reject]:
    names = _header(file)
    file.seek(0)
    lines = _lines(file)
    next(lines)
    for number, line in lines:
        if isinstance(line, Reject):
            yield line
            continue
        if not line.strip():
            continue
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error as error:
            yield Reject(number, "", f"not CSV ({error}); a record must fit on one line")
            continue
        if len(cells) != len(names):
            yield Reject(
                number, "", f"has {len(cells)} columns where the header has {len(names)}; is the line cut off?"
            )
            continue
        yield Row(number, {name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()})


def _json_lines(file: BinaryIO) -> Iterator[Row | Reject]:
    for number, line in _lines(file):
        if isinstance(line, Reject):
            yield line
            continue
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, or brackets without end
            yield Reject(number, "", "not a JSON object on one line; is the line cut off?")
            continue
        if not isinstance(value, dict):
            yield Reject(number, "", 'must be a JSON object like {"user_id": ...}')
            continue
        yield Row(number, {name: cell for name, cell in value.items() if cell is not None})


def _parquet_file(file: BinaryIO) -> "pq.ParquetFile":
    import pyarrow as pa  # half a second, which other files and commands need not wait for
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile("not a whole Parquet file; is it cut off?") from error


def _parquet(file: BinaryIO) -> Iterator[Row | Reject]:
    import pyarrow as pa

    number = 0
    try:
        for batch in _parquet_file(file).iter_batches(batch_size=5_000):
            cells = {name: _cells(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
            for place in range(batch.num_rows):
                number += 1
                yield Row(number, {name: column[place] for name, column in cells.items() if column[place] is not None})
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            f"the Parquet file is damaged from row {number + 1:,} on; the rows before it are taken"
        ) from error


def _cells(column: "pa.Array") -> list[Any]:
    """Return a column's values; one that has no form in Python costs its cell and not the file."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_cell(scalar) for scalar in column]


def _cell(scalar: "pa.Scalar[Any]") -> Any:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return Unreadable("is not UTF-8")
    except OverflowError:
        return Unreadable("is beyond the year 9999")
    except ValueError as error:
        return Unreadable(f"cannot be read ({type(error).__name__})")


def count_lines(path: Path) -> int:
    """Count the lines (rows of Parquet) of a file, for a progress bar."""
    with path.open("rb") as file:
        if path.suffix.lower() == ".parquet":
            return int(_parquet_file(file).metadata.num_rows)
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
