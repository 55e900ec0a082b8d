"""docker-compose.analytics.yml, started by podman-compose: its own command lines, secrets, volumes and health checks.

Images that are not ours are stand-ins from Debian's packages; there is none of Grafana. The mail sink's profile is on.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.kube_play import IMAGE, STAND_INS, Podman, build_stand_in
from tests.deploy.tools import ROOT, tool

OBSERVERS = {name: f"localhost/stand-in-{name}:1" for name in ("prometheus", "alertmanager", "mail")}
LEFT_OUT = {"grafana"}
ADDRESS = "127.0.0.98"
"""Of loopback, but none that a platform beside this one has its ports on."""
START_SECONDS = 600


@dataclass
class Composed:
    """What runs."""

    podman: Podman
    folder: Path
    project: str
    services: dict[str, Any]

    @property
    def secrets(self) -> Path:
        return self.folder / "deploy/compose/secrets"

    def url(self, port: int) -> str:
        return f"http://{ADDRESS}:{port}"

    def compose(self, *arguments: str) -> None:
        """Run podman-compose on the file of the repository, with other images where they have other names here."""
        program = tool("podman-compose")
        files = [self.folder / "docker-compose.analytics.yml", self.folder / "stand-ins/compose.yml"]
        given = ["--project-name", self.project, "--profile", "mail-sink", *(f"--file={file}" for file in files)]
        given += ["--env-file", str(self.folder / "deploy/compose/analytics.env")]
        sink = {"TTA_SMTP_HOST": "mail", "TTA_SMTP_PORT": "1025", "TTA_SMTP_SECURITY": "none"}
        done = subprocess.run(
            [program, *given, *arguments],
            env={**self.podman.environment, "TTA_PUBLISH": ADDRESS, **sink},
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def up(self) -> None:
        """Start every service when what it depends on is as its condition says: podman 4.3 does not wait for that."""
        order = {name: set(each.get("depends_on", ())) for name, each in self.services.items()}
        for name in TopologicalSorter(order).static_order():
            for other, how in self.services[name].get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    self.wait_healthy(other)
                else:
                    assert self.podman("wait", self.container(other)).stdout.strip() == "0", self.logs(other)
            self.compose("up", "--detach", "--no-build", "--no-deps", name)
        for name, service in self.services.items():
            if "healthcheck" in service:
                self.wait_healthy(name)

    def down(self) -> None:
        self.compose("down", "--volumes", "--timeout", "5")

    def container(self, service: str) -> str:
        return f"{self.project}_{service}_1"

    def state(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.podman("inspect", self.container(service)).stdout)[0]["State"]
        return found

    def wait_healthy(self, service: str) -> None:
        """Run the health check of the file, as a timer of systemd would, until it passes."""
        deadline = time.monotonic() + START_SECONDS
        while self.podman("healthcheck", "run", self.container(service), check=False).returncode != 0:
            assert time.monotonic() < deadline, f"{service}: {self.state(service)['Status']}\n{self.logs(service)}"
            time.sleep(0.5)

    def crash(self, service: str) -> int:
        """Kill the first process of a container behind podman's back, which would take it for a wish; return its id."""
        number = int(self.state(service)["Pid"])
        os.kill(number, signal.SIGKILL)
        return number

    def logs(self, service: str) -> str:
        done = self.podman("logs", "--tail", "40", self.container(service), check=False)
        return done.stdout + done.stderr


def build_observers(podman: Podman) -> None:
    """Build the stand-ins of what observes and of the mail sink; those of the stores and our own image are there."""
    for name, image in OBSERVERS.items():
        build_stand_in(podman, name, image)


@contextmanager
def composed(podman: Podman, folder: Path) -> Iterator[Composed]:
    """Start the file on a copy of what it mounts, with secrets of its own; take all away at the end."""
    for name in ("docker-compose.analytics.yml", "deploy/compose/compose.yml", "deploy/k8s/overlays/dev/roles.sh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "deploy/observability", folder / "deploy/observability")
    written = yaml.safe_load((folder / "deploy/compose/compose.yml").read_text())["services"]
    services = {name: each for name, each in written.items() if name not in LEFT_OUT}
    images = dict.fromkeys(services, IMAGE) | STAND_INS | OBSERVERS
    stand_ins = {name: {"image": image} for name, image in images.items()}
    # podman-compose reads what a file includes after all that it is given itself: what shall win is included last.
    (folder / "stand-ins").mkdir()
    (folder / "stand-ins/compose.yml").write_text(yaml.safe_dump({"include": ["images.yml"]}))
    (folder / "stand-ins/images.yml").write_text(yaml.safe_dump({"services": stand_ins}))
    stack = Composed(podman, folder, f"tta{os.getpid()}", services)
    secrets = [str(ROOT / "scripts/deployment_secrets.py"), str(stack.secrets), "--shared"]
    environment = ["--environment", str(folder / "deploy/compose/analytics.env")]
    subprocess.run([sys.executable, *secrets, *environment], check=True, capture_output=True)
    try:
        stack.up()
        yield stack
    finally:
        stack.down()
