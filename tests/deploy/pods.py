"""The pods of the production manifests as processes: their own commands, settings, secrets and certificates.

What a cluster gives them (addresses, files, resolved names) is put in; everything else is what is deployed.
"""

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.deploy.manifests import Manifests, containers
from tests.integration.mesh.certificates import Authority
from tests.servers import ended, free_port

SERVICES = ("aggregation", "monitoring", "reporting")
PROCESSES = (*SERVICES, "gateway")
START_SECONDS = 300
"""Eight processes at once, on a machine that may be busy with others: 120 were too few at a load of 20 on two cores."""


@dataclass
class Pod:
    """One replica."""

    name: str
    environment: dict[str, str]
    arguments: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def port(self, what: str = "") -> int:
        return int(self.environment[f"TTA_{self.name.upper()}_{what}PORT"])

    @property
    def health_port(self) -> int:
        return int(self.environment["TTA_HEALTH_PORT"])

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "tta_analytics", *self.arguments]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return httpx.get(f"http://127.0.0.1:{self.port('HTTP_')}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop as the kubelet does after preStop, which gives no time to an Envoy that asks for readiness; wait."""
        assert self.process is not None
        self.process.terminate()
        ended(self.process)


@dataclass
class Cluster:
    """Replicas of every process, without addresses until all are known."""

    manifests: Manifests
    folder: Path
    secrets: Path
    replicas: int = 2
    pods: dict[str, list[Pod]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.authority = Authority(self.folder)
        for name in PROCESSES:
            self.pods[name] = [self._pod(name, number) for number in range(self.replicas)]
        targets = {
            f"TTA_{name.upper()}_TARGET": "ipv4:" + ",".join(f"127.0.0.1:{pod.port()}" for pod in self.pods[name])
            for name in SERVICES
        }
        for pod in self.all():
            pod.environment |= targets

    def all(self) -> list[Pod]:
        return [pod for name in PROCESSES for pod in self.pods[name]]

    def migrate(self) -> None:
        """Run the containers of the migrate Job."""
        for container in containers(self.manifests.of("Job")[0]):
            environment = self._placed({each["name"]: each["value"] for each in container["env"]}, "migrate", 0)
            command = [sys.executable, "-m", "tta_analytics", *container["args"]]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr}"

    def start(self) -> None:
        for pod in self.all():
            pod.start()
        for pod in self.all():
            pod.wait_ready()

    def stop(self) -> None:
        running = [pod.process for pod in self.all() if pod.process is not None and pod.process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()

    def _pod(self, name: str, number: int) -> Pod:
        container = containers(self.manifests.one("Deployment", name))[0]
        environment = self._placed(self.manifests.environment(name), name, number)
        ports = {f"TTA_{name.upper()}_PORT": free_port(), f"TTA_{name.upper()}_HTTP_PORT": free_port()}
        if name == "gateway":
            environment["TTA_GATEWAY_LEGACY_PORTS"] = ",".join(str(free_port()) for _ in range(3))
        environment |= {key: str(port) for key, port in ports.items()}
        environment["TTA_HEALTH_PORT"] = str(free_port())
        if "TTA_ADVERTISE" in environment:
            environment["TTA_ADVERTISE"] = f"127.0.0.1:{ports[f'TTA_{name.upper()}_PORT']}"
        return Pod(name, environment, container["args"], self.folder / f"{name}-{number}.log")

    def _placed(self, settings: dict[str, str], name: str, number: int) -> dict[str, str]:
        """Return the environment of a process with the files of its pod where this machine has them."""
        places = {"/secrets/": f"{self.secrets}/", "/tls/": f"{self.folder}/tls-{name}/"}
        chain, key = self.authority.issue("mesh.tta-analytics.internal", f"{name}-issued")
        tls = self.folder / f"tls-{name}"
        tls.mkdir(exist_ok=True)
        (tls / "tls.crt").write_bytes(chain.read_bytes())
        (tls / "tls.key").write_bytes(key.read_bytes())
        (tls / "ca.crt").write_bytes(self.authority.file.read_bytes())
        placed = {**{key: value for key, value in os.environ.items() if not key.startswith("TTA_")}}
        for key_, value in settings.items():
            for inside, outside in places.items():
                value = value.replace(inside, outside) if value.startswith(inside) else value
            placed[key_] = value
        data = self.folder / f"data-{name}-{number}"
        data.mkdir(exist_ok=True)
        return placed | {"TTA_DATA_DIR": str(data), "TTA_BIND": "127.0.0.1", "COLUMNS": "200"}
