"""The tables of a service in a fresh database, copied from one that was migrated once in a run.

The tests of the migrations themselves, and of what comes before the newest, call `mesh.migrations`.
"""

import atexit
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from mesh.migrations import upgrade
from tests.servers import EMPTY, alone

_migrated: dict[tuple[str, str], str] = {}
"""Package, and the server or `sqlite` -> the name of the migrated database, or its file."""


async def prepared(url: str, package: str) -> None:
    """Give a database the tables of `package`; one that holds something already is migrated as it is."""
    if not await _is_empty(url):
        await upgrade(url, package)
    elif url.startswith("sqlite"):
        await _file(_path(url), package)
    else:
        await _database(url, package)


async def _file(path: Path, package: str) -> None:
    key = (package, "sqlite")
    if key not in _migrated:
        folder = tempfile.mkdtemp(prefix="tta-tables-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        await upgrade(f"sqlite:///{folder}/{package}.db", package)
        _migrated[key] = f"{folder}/{package}.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_migrated[key], path)


async def _database(url: str, package: str) -> None:
    server, _, name = url.rpartition("/")
    key, template = (package, urlsplit(url).netloc), f"tables_of_{package}"
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        if key not in _migrated:
            await connection.execute(f'CREATE DATABASE "{template}" TEMPLATE template0')
            await upgrade(f"{server}/{template}", package)
            _migrated[key] = template
        # The empty one waits under another name for the next test: a new one costs as much as a migrated one.
        await alone(connection, f'ALTER DATABASE "{name}" RENAME TO "{EMPTY}{name}"')
        await alone(connection, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    finally:
        await connection.close()


def _path(url: str) -> Path:
    return Path(url.partition("///")[2])


async def _is_empty(url: str) -> bool:
    if url.startswith("sqlite"):
        return not _path(url).exists()
    connection = await asyncpg.connect(url)
    try:
        return not await connection.fetchval("SELECT 1 FROM pg_namespace WHERE nspname = 'analytics'")
    finally:
        await connection.close()
