"""What the deployment's tests share: the manifests built from the overlays, and podman with the image."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.deployment_secrets import write_secrets
from tests.deploy.kube_play import Podman, build, sweep
from tests.deploy.manifests import Manifests
from tests.deploy.tools import ROOT, tool

__all__ = ["ROOT", "tool"]


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Podman:
    """Podman with our image and the stores' stand-ins, built once for the whole run."""
    program = Podman(tmp_path_factory.mktemp("podman"))
    sweep(program)
    build(program)
    return program


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both overlays, built by kustomize: overlay -> file."""
    kubectl = tool("kubectl")
    folder = tmp_path_factory.mktemp("k8s")
    shutil.copytree(ROOT / "deploy" / "k8s", folder / "k8s", ignore=shutil.ignore_patterns("secrets"))
    write_secrets(folder / "k8s/overlays/dev/secrets", postgres="postgres:5432", redis="redis:6379")
    files = {}
    for overlay in ("dev", "production"):
        command = [kubectl, "kustomize", str(folder / "k8s" / "overlays" / overlay)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert not done.stderr, done.stderr
        files[overlay] = folder / f"{overlay}.yaml"
        files[overlay].write_text(done.stdout)
    return files


@pytest.fixture(params=["dev", "production"])
def overlay(request: pytest.FixtureRequest) -> str:
    """Each overlay in turn."""
    name: str = request.param
    return name


@pytest.fixture
def manifests(built: dict[str, Path], overlay: str) -> Manifests:
    """The objects of an overlay."""
    return Manifests(list(yaml.safe_load_all(built[overlay].read_text())))
