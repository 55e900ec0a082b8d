"""The development overlay in real containers: `podman kube play` of what kustomize builds, on a network with names."""

import copy
import json
import os
import re
import resource
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml

from tests.deploy.manifests import Manifests, Object
from tests.deploy.tools import ROOT, tool

BASE = os.environ.get("TTA_TEST_BASE_IMAGE", "localhost/debian-python:bookworm")
IMAGE = os.environ.get("TTA_TEST_IMAGE", "localhost/tta-analytics:0.1.0")
# The build uses this machine's network and certificate authorities, whatever stands between it and the packages.
HERE = ("--network", "host", "--volume", "/etc/ssl/certs:/etc/ssl/certs:ro")
STAND_INS = {name: f"localhost/stand-in-{name}:1" for name in ("postgres", "redis")}
PORTS = {"aggregation": 9195, "reporting": 9196, "monitoring": 9197, "gateway": 9198}
START_SECONDS = 600
"""Eight replicas at once, on a machine that may be busy with others."""
USER = 65532


class Podman:
    """The program, with limits that this machine allows: some may not raise their own."""

    def __init__(self, folder: Path) -> None:
        self._program = tool("podman", where="Debian's packages podman, runc and catatonit have it")
        if os.geteuid() != 0:
            pytest.skip("containers with addresses of their own need root here")
        hard = {
            "nofile": resource.getrlimit(resource.RLIMIT_NOFILE)[1],
            "nproc": resource.getrlimit(resource.RLIMIT_NPROC)[1],
        }
        most = {name: min(limit if limit > 0 else 20_000, 20_000) for name, limit in hard.items()}
        limits = [f'"{name}={limit}:{limit}"' for name, limit in most.items()]
        configuration = folder / "containers.conf"
        configuration.write_text(
            f'[engine]\ncgroup_manager = "cgroupfs"\n[containers]\ndefault_ulimits = [{", ".join(limits)}]\n'
        )
        self.environment = {**os.environ, "CONTAINERS_CONF": str(configuration)}

    def __call__(self, *arguments: str, check: bool = True, seconds: float = 900) -> subprocess.CompletedProcess[str]:
        command = [self._program, *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=seconds
        )
        assert not check or done.returncode == 0, f"{' '.join(command)}: {done.stdout}{done.stderr}"
        return done

    def has(self, image: str) -> bool:
        return self("image", "exists", image, check=False).returncode == 0

    def make(self, *arguments: str, seconds: float = 1800) -> None:
        command = ["make", "-C", str(ROOT), *arguments]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=seconds
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]


def sweep(podman: Podman) -> None:
    """Take away what a run that was killed left: pods, and all that bears the number of a process that is gone."""
    for name in podman("pod", "ls", "--format", "{{.Name}}").stdout.split():
        if re.fullmatch(r"tta-[a-z]+-\d+", name):
            podman("pod", "rm", "--force", "--time", "5", name)
    for kind, listed in (("container", "{{.Names}}"), ("volume", "{{.Name}}"), ("network", "{{.Name}}")):
        everything = ["--all"] if kind == "container" else []
        for name in podman(kind, "ls", *everything, "--format", listed).stdout.split():
            owner = re.match(r"tta-?(\d+)(_|$)", name)
            pod = re.match(r"tta-[a-z]+-\d+-", name)
            if pod or (owner and not psutil.pid_exists(int(owner[1]))):
                podman(kind, "rm", "--force", name)


def build(podman: Podman) -> None:
    """Build our image, unless TTA_TEST_IMAGE names one, and the stores' stand-ins on the same base."""
    if not podman.has(BASE):
        tool("debootstrap", where=f"Debian's package has it; or name a base image as TTA_TEST_BASE_IMAGE, not {BASE}")
        podman.make("base-image")
    if "TTA_TEST_IMAGE" not in os.environ:
        podman.make("images", f"BASE={BASE}", f"BUILD_OPTIONS={' '.join(HERE)}")
    for name, image in STAND_INS.items():
        build_stand_in(podman, name, image)


def build_stand_in(podman: Podman, name: str, image: str) -> None:
    """Build what stands in for an image of others."""
    folder = Path(__file__).with_name("stand_ins")
    given = ["--format", "docker", *HERE[:2], "--build-arg", f"BASE={BASE}", "--tag", image]
    podman("build", *given, "--file", str(folder / f"{name}.Dockerfile"), str(folder), seconds=900)


@dataclass
class Played:
    """What runs: one pod for each replica, by the name of its deployment."""

    podman: Podman
    manifests: Manifests
    folder: Path
    network: str
    pods: dict[str, list[str]] = field(default_factory=dict)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def play(self, workload: str, number: int = 0, *, ip: str | None = None) -> str:
        """Start one replica of a workload under the name that its service has; return its pod."""
        name = f"tta-{workload}-{number}"
        file = self.folder / f"{name}.yaml"
        objects = [*self.manifests.of("ConfigMap"), self._pod(workload, name)]
        file.write_text(yaml.safe_dump_all(objects))
        given = ["--network", f"{self.network}:alias={workload}" + (f",ip={ip}" if ip else "")]
        self.podman("kube", "play", *given, str(file), seconds=START_SECONDS)
        self.pods.setdefault(workload, []).append(name)
        return name

    def take_down(self, name: str) -> None:
        """Stop a pod as the kubelet does: TERM, the time of its grace period, and it is gone."""
        self.podman("pod", "stop", "--time", "40", name)
        self.remove(name)
        for pods in self.pods.values():
            if name in pods:
                pods.remove(name)

    def remove(self, name: str) -> None:
        """Remove a pod and its volumes."""
        self.podman("pod", "rm", "--force", "--time", "5", name, check=False)
        for volume in self.podman("volume", "ls", "--quiet", "--filter", f"name={name}-").stdout.split():
            self.podman("volume", "rm", "--force", volume, check=False)

    def container(self, pod: str) -> dict[str, Any]:
        """Return what podman says of a pod's own container."""
        workload = pod.removeprefix("tta-").rpartition("-")[0]
        found: dict[str, Any] = json.loads(self.podman("inspect", f"{pod}-{workload}").stdout)[0]
        return found

    def address(self, pod: str) -> str:
        infra = json.loads(self.podman("pod", "inspect", pod).stdout)["InfraContainerID"]
        networks = json.loads(self.podman("inspect", infra).stdout)[0]["NetworkSettings"]["Networks"]
        return str(networks[self.network]["IPAddress"])

    def wait_ready(self, pod: str) -> None:
        workload = pod.removeprefix("tta-").rpartition("-")[0]
        url = f"http://{self.address(pod)}:{PORTS[workload]}/readyz"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                if httpx.get(url, timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                state = self.container(pod)["State"]["Status"]
            else:
                state = "not ready"
            assert time.monotonic() < deadline, f"{pod}: {state}\n{self.logs(pod)}"
            time.sleep(0.3)

    def wait_for_postgres(self) -> None:
        """Wait until the store's own readiness probe, run in its container, is content."""
        (container,) = self.manifests.one("StatefulSet", "postgres")["spec"]["template"]["spec"]["containers"]
        probe = container["readinessProbe"]["exec"]["command"]
        deadline = time.monotonic() + START_SECONDS
        while self.podman("exec", f"{self.pods['postgres'][0]}-postgres", *probe, check=False).returncode != 0:
            assert time.monotonic() < deadline, self.logs(self.pods["postgres"][0])
            time.sleep(0.3)

    def logs(self, pod: str) -> str:
        workload = pod.removeprefix("tta-").rpartition("-")[0]
        done = self.podman("logs", "--tail", "40", f"{pod}-{workload}", check=False)
        return done.stdout + done.stderr

    def migrate(self) -> None:
        """Run the containers of the migrate Job, one after the other, and wait for each."""
        (job,) = self.manifests.of("Job")
        pod = self._playable(job, "tta-migrate-0")
        for container in pod["spec"]["containers"]:
            given = ["--rm", "--read-only", "--user", f"{USER}:{USER}", "--cap-drop", "all", "--network", self.network]
            for each in container["env"]:
                given += ["--env", f"{each['name']}={each['value']}"]
            given += ["--volume", f"{self._secrets(job)}:/secrets:ro"]
            self.podman("run", *given, container["image"], *container["args"])

    def _pod(self, workload: str, name: str) -> Object:
        kind = "StatefulSet" if workload == "postgres" else "Deployment"
        return self._playable(self.manifests.one(kind, workload), name)

    def _playable(self, workload: Object, name: str) -> Object:
        """Return a workload's pod with what podman 4.3 can't read put differently; the rest is what is deployed.

        It knows no StatefulSet and no Job, stops with a panic at gRPC probes, mounts a secret whole and undecoded
        (here: a folder with the files that the volume names), fills in no field of the pod, gives all pods one
        volume where theirs have the same name, starts an init container again for ever where pods restart
        always, and opens every port of a container on this machine.
        """
        pod = copy.deepcopy(workload["spec"]["template"])
        claims = {each["metadata"]["name"] for each in workload["spec"].get("volumeClaimTemplates", ())}
        spec = pod["spec"]
        spec["volumes"] += [{"name": each, "emptyDir": {}} for each in claims]
        for volume in spec["volumes"]:
            volume["name"] = f"{name}-{volume['name']}"
            if "secret" in volume:
                volume.pop("secret")
                volume["hostPath"] = {"path": str(self._secrets(workload)), "type": "Directory"}
        for container in [*spec.get("initContainers", ()), *spec["containers"]]:
            for what in ("startupProbe", "readinessProbe", "livenessProbe", "lifecycle"):
                container.pop(what, None)
            container.pop("ports", None)
            # A request would be this container's weight against every task of the machine, not against other pods.
            container["resources"]["requests"].pop("cpu", None)
            for mount in container["volumeMounts"]:
                mount["name"] = f"{name}-{mount['name']}"
            image = container["image"].partition(":")[0]
            container["image"] = STAND_INS.get(image, IMAGE)
            container["env"] = [each for each in container.get("env", ()) if each["name"] != "POD_IP"]
            for each in container["env"]:
                each["value"] = each["value"].replace("$(POD_IP)", name)
        spec["restartPolicy"] = "OnFailure"
        pod["metadata"]["name"] = name
        return {"apiVersion": "v1", "kind": "Pod", **pod}

    def _secrets(self, workload: Object) -> Path:
        """Make the folder of a workload's secret volume, for the group of its pods, as the kubelet does."""
        folder = self.folder / f"secrets-{workload['metadata']['name']}"
        with self.one_at_a_time:  # replicas of a workload are started at once
            if not folder.exists():
                self._fill(folder, workload)
        return folder

    def _fill(self, folder: Path, workload: Object) -> None:
        folder.mkdir()
        (volume,) = [each["secret"] for each in workload["spec"]["template"]["spec"]["volumes"] if "secret" in each]
        held = self.folder / "k8s/overlays/dev/secrets"
        kind = volume["secretName"].rpartition("-")[0]
        names = [each["key"] for each in volume.get("items", ())] or sorted(
            self.manifests.one("Secret", volume["secretName"])["data"]
        )
        assert kind in ("tta-analytics", "postgres", "redis")
        for name in names:
            copied = Path(shutil.copy(held / name, folder / name))
            os.chown(copied, 0, USER)
            copied.chmod(volume["defaultMode"])
        os.chown(folder, 0, USER)
        folder.chmod(0o750)


@contextmanager
def network(podman: Podman) -> Iterator[str]:
    """Make a network where containers find each other by name; skips the test where that is not to be had."""
    name = f"tta-{os.getpid()}"
    podman("network", "create", name)
    try:
        if not json.loads(podman("network", "inspect", name).stdout)[0].get("dns_enabled"):
            pytest.skip("podman's network resolves no names; Debian's golang-github-containernetworking-plugin-dnsname")
        yield name
    finally:
        podman("network", "rm", "--force", name, check=False)


@contextmanager
def played(podman: Podman, manifests: Manifests, folder: Path, name: str) -> Iterator[Played]:
    """Start stores, schemas and two replicas of everything else; take all away at the end."""
    stack = Played(podman, manifests, folder, name)
    try:
        stack.play("postgres")
        stack.play("redis")
        stack.wait_for_postgres()
        stack.migrate()
        for workload in ("aggregation", "monitoring", "reporting", "gateway"):
            with ThreadPoolExecutor(2) as both:
                list(both.map(lambda number, name=workload: stack.play(name, number), range(2)))
        for workload in PORTS:
            for pod in stack.pods[workload]:
                stack.wait_ready(pod)
        yield stack
    finally:
        for pod in [each for pods in stack.pods.values() for each in pods]:
            stack.remove(pod)
