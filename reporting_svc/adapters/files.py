"""Where the files of reports are kept: a folder, or the database that all replicas share. Object stores: `bucket`."""

import asyncio
import os
import re
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mesh.database import Database
from mesh.refusal import NotFound
from reporting_svc.adapters.store.tables import report_files
from reporting_svc.ports import Files

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class FolderFiles(Files):
    """Files in a folder; one that replicas on several machines share must be mounted by all of them."""

    folder: Path

    async def put(self, key: str, content: bytes) -> None:
        """Write beside, force to disk, then rename."""
        await asyncio.to_thread(self._put, self._path(key), content)

    def _put(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    async def get(self, key: str) -> bytes:
        """Return a file."""
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError as error:
            raise gone() from error

    async def forget(self, folders: Sequence[str]) -> None:
        """Remove folders with all that is in them."""
        await asyncio.to_thread(self._forget, [self._path(folder) for folder in folders])

    def _forget(self, paths: list[Path]) -> None:
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path)
            if path.parent != self.folder and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"no key of ours: {key[:80]!r}")
        return self.folder / key


@dataclass(frozen=True, slots=True)
class DatabaseFiles(Files):
    """Files in the database: for replicas without a shared folder."""

    database: Database

    async def put(self, key: str, content: bytes) -> None:
        """Write or replace a row."""
        async with self.database.begin() as connection:
            kind = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            fresh = kind(report_files).values(key=key, content=content)
            await connection.execute(
                fresh.on_conflict_do_update(index_elements=[report_files.c.key], set_={"content": content})
            )

    async def get(self, key: str) -> bytes:
        """Return a file."""
        async with self.database.read() as connection:
            query = sa.select(report_files.c.content).where(report_files.c.key == key)
            content: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        if content is None:
            raise gone()
        return bytes(content)

    async def forget(self, folders: Sequence[str]) -> None:
        """Remove rows."""
        within = [report_files.c.key.startswith(f"{folder}/", autoescape=True) for folder in folders]
        if within:
            async with self.database.begin() as connection:
                await connection.execute(sa.delete(report_files).where(sa.or_(*within)))


def gone() -> NotFound:
    """Return the refusal of a file that is not there."""
    return NotFound("file_not_found", "The report's file is gone. Ask for a new report.")
