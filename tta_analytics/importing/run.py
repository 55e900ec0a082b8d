"""One import: read, parse, send, remember how far it came, list what was rejected."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.message import Message

from tta_analytics.importing.checkpoint import Checkpoint, Progress
from tta_analytics.importing.records import RecordParser
from tta_analytics.importing.rows import Reject, Row, UnreadableFile, columns, read
from tta_analytics.importing.send import BATCH, Line, Sender

CHUNK = 10 * BATCH
"""Lines between two checkpoints."""
HEADER = b"line,column,reason\r\n"
"""Starts each list of rejects."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the lines of a file."""

    progress: Progress
    rejects_file: Path | None
    """CSV of line, column, reason; none where no line was rejected."""


def check_columns(path: Path, known: Iterable[str], mapping: Mapping[str, str]) -> None:
    """Refuse a mapping that names a field or a column that does not exist, before anything is sent.

    Raises:
        UnreadableFile: With the names that exist.
    """
    fields = list(known)
    present = check_names(path, fields, mapping)
    for needed in ("user_id", "started_at" if "started_at" in fields else "recorded_at"):
        if present and mapping.get(needed, needed) not in present:
            raise UnreadableFile(
                f"{path.name} has no column {needed}; name one with --map {needed}=COLUMN (it has {', '.join(present)})"
            )


def check_names(path: Path, fields: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """Refuse a mapping of a field or from a column that does not exist; return the columns, none of JSON Lines.

    Raises:
        UnreadableFile: With the names that exist.
    """
    if unknown := sorted(set(mapping) - set(fields)):
        raise UnreadableFile(f"--map {unknown[0]}=...: no such field; the fields are {', '.join(fields)}")
    present = columns(path)
    missing = [column for column in mapping.values() if present and column not in present]
    if missing:
        raise UnreadableFile(f"--map ...={missing[0]}: no such column; {path.name} has {', '.join(present)}")
    return present


def _chunks(rows: Iterable[Row | Reject]) -> Iterator[list[Row | Reject]]:
    """Cut rows into chunks; where the file breaks off, what was read before comes first."""
    chunk: list[Row | Reject] = []
    try:
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except UnreadableFile:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk


class Import:
    """Brings one file into the service."""

    def __init__(
        self, parser: RecordParser[Message], sender: Sender, checkpoint: Checkpoint, rejects_file: Path
    ) -> None:
        """Parse with `parser`, send with `sender`; a rejected line goes to `rejects_file`."""
        self._parser = parser
        self._sender = sender
        self._checkpoint = checkpoint
        self._rejects_file = rejects_file

    async def run(self, path: Path, advance: Callable[[int], None]) -> Report:
        """Import a file; `advance` is told the last line that is done.

        Raises:
            UnreadableFile: The file is damaged; what was sent before stays and the next run goes on. Or the list of
                rejects would replace a file that is none, or another run imports the file.
            Refusal: The service refused for another reason than a line; the next run goes on.
        """
        with self._checkpoint.held():
            return await self._run(path, advance)

    async def _run(self, path: Path, advance: Callable[[int], None]) -> Report:
        done = self._checkpoint.load()
        if not self._rewound(done.rejects_bytes):
            done = Progress()
        rows = (row for row in read(path) if row.line > done.line)
        for chunk in _chunks(rows):
            done = await self._send(chunk, done)
            self._checkpoint.save(done)
            advance(done.line)
        self._checkpoint.clear()
        if not done.rejected:
            self._rejects_file.unlink(missing_ok=True)
            return Report(done, None)
        return Report(done, self._rejects_file)

    async def _send(self, chunk: list[Row | Reject], done: Progress) -> Progress:
        lines: list[Line] = []
        rejects: list[Reject] = []
        for item in self._parsed(chunk):
            if isinstance(item, Reject):
                rejects.append(item)
            else:
                lines.append(item)
        sent, refused = await self._sender.send(lines)
        rejects += refused
        return Progress(
            line=chunk[-1].line,
            accepted=done.accepted + sent.counts["stored"] + sent.counts["updated"],
            unchanged=done.unchanged + sent.counts["unchanged"] + sent.counts["superseded"],
            refused=done.refused + sent.counts["refused"],
            rejected=done.rejected + len({reject.line for reject in rejects}),
            rejects_bytes=self._write(rejects),
        )

    def _parsed(self, chunk: Iterable[Row | Reject]) -> Iterator[Line | Reject]:
        now = datetime.now(UTC)
        for row in chunk:
            if isinstance(row, Reject):
                yield row
                continue
            fact = self._parser.parse(row, now)
            if isinstance(fact, list):
                yield from fact
            else:
                yield Line(row.line, fact)

    def _rewound(self, length: int) -> bool:
        """Cut the list of rejects to what was known; where some of that is gone, empty it and return False."""
        self._rejects_file.parent.mkdir(parents=True, exist_ok=True)
        with self._rejects_file.open("a+b") as file:
            file.seek(0)
            if file.read(len(HEADER)) not in {b"", HEADER}:
                raise UnreadableFile(
                    f"{self._rejects_file} is no list of rejected lines and stays as it is; name another with --rejects"
                )
            whole = file.seek(0, os.SEEK_END) >= length
            file.truncate(length if whole else 0)
        return whole

    def _write(self, rejects: list[Reject]) -> int:
        with self._rejects_file.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if rejects and file.tell() == 0:
                file.write(HEADER.decode())
            for reject in sorted(rejects, key=lambda reject: reject.line):
                writer.writerow((reject.line, reject.field, reject.reason))
            return file.tell()
