"""High-water marks: up to where a source is imported, one small file per source and target."""

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

from tta_analytics.importing.rows import UnreadableFile


class Marks:
    """The marks of one source for one target, by the name of what is read."""

    def __init__(self, folder: Path, source: str, target: str) -> None:
        """Keep them in `folder`, in a file named after both; no mark is shared with another source or target.

        Raises UnreadableFile where the file is damaged.
        """
        digest = hashlib.sha256(json.dumps([source, target]).encode()).hexdigest()
        self._path = folder / f"marks-{digest[:32]}.json"
        self._marks = _read(self._path) if self._path.exists() else {}

    def get(self, name: str) -> datetime | None:
        """Return a mark; none before the first run."""
        found = self._marks.get(name)
        return None if found is None else datetime.fromisoformat(found)

    def raise_to(self, name: str, moment: datetime) -> None:
        """Move a mark forward, in one step that a kill leaves done or undone. A mark never moves back."""
        known = self.get(name)
        if known is not None and known >= moment:
            return
        self._marks[name] = moment.isoformat()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(self._marks, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def clear(self) -> None:
        """Forget every mark: the next run reads all."""
        self._marks.clear()
        self._path.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, str]:
    try:
        marks: dict[str, str] = json.loads(file.read_bytes())
        for moment in marks.values():
            datetime.fromisoformat(moment)
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableFile(
            f"{file}: is damaged. Delete it: the next run reads all, and what is stored already counts once."
        ) from error
    return marks
