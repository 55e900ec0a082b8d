"""A real server that speaks Bolt: ArcadeDB of a wheel, with the Java runtime that the wheel brings."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import dying, free_port

USER, PASSWORD, DATABASE = "root", "playwithdata", "tta"
START_SECONDS = 300


def wheel() -> Path:
    """Return the folder of the wheel; importing it would start a Java machine in this process."""
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("no server that speaks Bolt: install the dev extra")
    return Path(spec.submodule_search_locations[0])


class BoltServer:
    """ArcadeDB with an empty database, listening on loopback."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = {
            "server.rootPassword": PASSWORD,
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt.host": "127.0.0.1",
            "bolt.port": str(self.port),
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": str(free_port()),
            "server.rootPath": str(self._folder),
            "server.databaseDirectory": str(self._folder / "databases"),
            "server.defaultDatabases": f"{DATABASE}[{USER}]",
            "server.mode": "production",
        }
        command = [str(wheel() / "jre" / "bin" / "java"), "-Xmx512m", "-cp", str(wheel() / "jars" / "*")]
        command += [f"-Darcadedb.{name}={value}" for name, value in settings.items()]
        command += ["--add-modules", "jdk.incubator.vector", "com.arcadedb.server.ArcadeDBServer"]
        log = self._folder / "out.txt"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                dying(command), cwd=self._folder, stdout=output, stderr=output, env=_environment()
            )
        deadline = time.monotonic() + START_SECONDS
        while "Server started in" not in log.read_text():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"JAVA_TOOL_OPTIONS", "JAVA_OPTS"}}


@contextmanager
def running_bolt() -> Iterator[BoltServer]:
    """Run the server for the length of the block."""
    folder = Path(tempfile.mkdtemp(prefix="tta-bolt-"))
    server = BoltServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
