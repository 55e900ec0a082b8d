"""Tools that the deployment's tests need, and the manifests built from the overlays."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from scripts.deployment_secrets import write_secrets
from tests.deploy.manifests import Manifests

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".deploy-tools" / "bin"


def tool(name: str, *others: str, where: str = "make test-deploy installs it") -> str:
    """Return the path of a program; skips the test where it is not installed."""
    for known in (name, *others):
        if found := shutil.which(known, path=str(TOOLS)) or shutil.which(known):
            return found
    pytest.skip(f"{name} is not installed; {where}")


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
