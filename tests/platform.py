"""The whole platform as `tta-analytics up` runs it, on free ports and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ended, free_port

PORTS = (
    "TTA_AGGREGATION_PORT",
    "TTA_REPORTING_PORT",
    "TTA_MONITORING_PORT",
    "TTA_AGGREGATION_HTTP_PORT",
    "TTA_REPORTING_HTTP_PORT",
    "TTA_MONITORING_HTTP_PORT",
    "TTA_GATEWAY_HTTP_PORT",
    "TTA_GATEWAY_PORT",
)
START_SECONDS = 300


class Platform:
    """A running process tree and the command line beside it."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        legacy = ",".join(str(free_port()) for _ in range(3))
        self.settings = {name: str(free_port()) for name in PORTS}
        self.settings |= {"TTA_GATEWAY_LEGACY_PORTS": legacy, "TTA_DATA_DIR": str(folder)} | settings
        self.output = folder / "up.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings['TTA_GATEWAY_PORT']}"

    @property
    def pid(self) -> int:
        """The process at the root of the tree."""
        if self._process is None:
            raise AssertionError("up was not started")
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings, "COLUMNS": "200"}

    def start(self, *options: str) -> None:
        """Start `up` and wait until it says that it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.output.open("wb") as output:
            command = [sys.executable, "-m", "tta_analytics", "up", *options]
            self._process = subprocess.Popen(command, env=self.environment, stdout=output, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        while "Ready." not in self.output.read_text():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"up did not start:\n{self.output.read_text()}\n{self.logs()}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the tree as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            ended(self._process, 300)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `tta-analytics` with these arguments against the tree."""
        command = [sys.executable, "-m", "tta_analytics", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=600)

    def popen(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `tta-analytics` with these arguments and leave it running."""
        command = [sys.executable, "-m", "tta_analytics", *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def logs(self) -> str:
        """Return what all processes logged."""
        return "\n".join(path.read_text() for path in sorted((self.folder / "logs").glob("*.log")))


@contextmanager
def running_platform(folder: Path, *options: str, **settings: str) -> Iterator[Platform]:
    """Run the platform with `TTA_*` settings of its own until the block ends."""
    platform = Platform(folder, settings)
    try:
        platform.start(*options)
        yield platform
    finally:
        platform.stop()
