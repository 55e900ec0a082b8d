"""How far an import came: a small file per import, so that the same command goes on where it stopped."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known to be durable in the service."""

    line: int = 0
    """Every line up to this one is done: stored, already there, or rejected."""
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    """Records of players without consent, as the service counted them."""
    rejected: int = 0
    rejects_bytes: int = 0
    """Length of the list of rejects then; what a killed run wrote after it is written again."""


class Checkpoint:
    """The progress of one import: this content, this mapping, this target."""

    def __init__(self, folder: Path, file: Path, kind: str, columns: Mapping[str, str], target: str) -> None:
        """Name the checkpoint by what it is about: another content or mapping starts from the beginning."""
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256")
        digest.update(json.dumps([kind, sorted(columns.items()), target]).encode())
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{digest.hexdigest()[:32]}.json"

    def load(self) -> Progress:
        """Return the progress of an import that was interrupted, else none."""
        if not self._path.exists():
            return Progress()
        return Progress(**json.loads(self._path.read_text()))

    def save(self, progress: Progress) -> None:
        """Replace the file in one step, so that a kill leaves the old or the new one."""
        draft = self._path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(asdict(progress), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def clear(self) -> None:
        """Forget an import that is whole: importing the file again sends it again."""
        self._path.unlink(missing_ok=True)
