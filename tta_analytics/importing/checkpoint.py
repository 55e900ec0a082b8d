"""How far an import came: a small file per import, so that the same command goes on where it stopped."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tta_analytics.importing.rows import UnreadableFile


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
    """The progress of one import: this content, brought in by this command."""

    def __init__(self, folder: Path, file: Path, *command: object) -> None:
        """Name the checkpoint by content and `command`, JSON values: with another one it starts from the beginning."""
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256")
        digest.update(json.dumps(command, sort_keys=True).encode())
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{digest.hexdigest()[:32]}.json"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only run of this import; the lock falls with the process that holds it, and its empty file stays.

        Raises:
            UnreadableFile: Another run has it.
        """
        with self._path.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UnreadableFile("this import is running already; wait for it, or stop it first") from None
            yield

    def load(self) -> Progress:
        """Return the progress of an import that was interrupted, else none; a torn file tells none."""
        if not self._path.exists():
            return Progress()
        try:
            return Progress(**json.loads(self._path.read_text()))
        except (ValueError, TypeError):  # Sent again, what is stored is unchanged.
            return Progress()

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
