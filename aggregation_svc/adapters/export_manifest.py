"""What one month's export holds: its files with their rows and checksums, and the fingerprint of the facts in them.

The manifest is the truth: it is replaced in one step, and a file that it does not name is no part of the export.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

NAME = "manifest.json"
_PREPARED = f".{NAME}."
"""What the name of a manifest begins with that is not shown yet; its version follows."""
_FORMAT = 3
_PIECE = 1 << 20


class BrokenManifest(ValueError):
    """A manifest that cannot be read: the export must be written again."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Rows of one kind of facts, and sums of both halves of their digests and of their subjects' numbers."""

    rows: int = 0
    digests_low: int = 0
    digests_high: int = 0
    subjects_low: int = 0
    subjects_high: int = 0

    def __add__(self, other: Self) -> "Fingerprint":
        """Return the fingerprint of both together."""
        ours, theirs = asdict(self), asdict(other)
        return Fingerprint(*(ours[name] + theirs[name] for name in ours))


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file; `path` is relative to the month's folder."""

    path: str
    rows: int
    sha256: str


def bucket_file(kind: str, bucket: int) -> str:
    """Return the name of the file of one kind and bucket of subjects."""
    return f"{kind}-{bucket:02}.parquet"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One month's export."""

    month: str
    """`2026-09`."""
    version: str
    """The folder that its files lie in."""
    files: Mapping[str, tuple[File, ...]]
    """By kind: sessions, progress_snapshots, therapeutic_outcomes, subjects."""
    facts: Mapping[str, Fingerprint]
    """By kind of facts."""
    changes: int = 0
    """How often subjects had been changed when the facts were last found to be these."""

    def prepare(self, folder: Path) -> None:
        """Put the manifest beside the present one, durably; it counts for nothing until it is shown."""
        with self._prepared(folder).open("w", encoding="utf-8") as file:
            json.dump({"format": _FORMAT, **asdict(self)}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        synchronised(folder)

    def show(self, folder: Path) -> None:
        """Replace the month's manifest by the one that was prepared, in one step, durably."""
        self._prepared(folder).replace(folder / NAME)
        synchronised(folder)

    def _prepared(self, folder: Path) -> Path:
        return folder / f"{_PREPARED}{self.version}"

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the month's manifest; None where there is none of this format.

        Raises:
            BrokenManifest: it cannot be read.
        """
        try:
            found = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if found["format"] != _FORMAT:
                return None
            files = {kind: tuple(File(**each) for each in several) for kind, several in found["files"].items()}
            facts = {kind: Fingerprint(**each) for kind, each in found["facts"].items()}
            return cls(found["month"], found["version"], files, facts, int(found.get("changes", 0)))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BrokenManifest(f"{NAME} is broken; export again") from error

    def paths(self, folder: Path, kind: str) -> list[str]:
        """Return the files of a kind."""
        return [str(folder / file.path) for file in self.files[kind]]

    def buckets(self, folder: Path) -> dict[int, dict[str, str]]:
        """Return the files by bucket and kind."""
        found: dict[int, dict[str, str]] = {}
        for kind, files in self.files.items():
            for file in files:
                bucket = int(Path(file.path).stem.rpartition("-")[2])
                found.setdefault(bucket, {})[kind] = str(folder / file.path)
        return found

    def faults(self, folder: Path, *, checksums: bool = True) -> Iterable[str]:
        """Say what is missing, changed or miscounted; nothing where the files are as they were written."""
        for kind, files in self.files.items():
            for file in files:
                path = folder / file.path
                if not path.is_file():
                    yield f"{path}: is missing"
                elif checksums and checksum(path) != file.sha256:
                    yield f"{path}: its checksum is not the manifest's"
                elif _rows(path) != file.rows:
                    yield f"{path}: its rows are not the manifest's {file.rows}"
            if kind in self.facts and sum(file.rows for file in files) != self.facts[kind].rows:
                yield f"{folder}: the files of {kind} do not add up to its rows"


def strays(folder: Path, manifest: Manifest | None) -> list[Path]:
    """Return what lies in a month's folder and is no part of its export: of before, or of writers that died."""
    shown = None if manifest is None else manifest.version
    return [
        path
        for path in sorted(folder.iterdir())
        if (path.is_dir() and path.name != shown) or path.name.startswith(_PREPARED)
    ]


def prepared(folder: Path) -> dict[str, Path]:
    """Return the manifests of a month's folder that were never shown, by version: their writers died."""
    return {path.name.removeprefix(_PREPARED): path for path in folder.glob(f"{_PREPARED}*")}


def _rows(path: Path) -> int | None:
    """Return the rows of a Parquet file; None where it is none, or cannot be read: Arrow has an OSError for either."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError):
        return None


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def synchronised(path: Path) -> None:
    """Return once what a file or a folder holds is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
