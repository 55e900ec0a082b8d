"""What the deployment's tests share: the built manifests, podman with the image, a platform of processes."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import yaml

from scripts.deployment_secrets import write_secrets
from tests.deploy.kube_play import Podman, build, sweep
from tests.deploy.manifests import Manifests
from tests.deploy.processes import Started, settings_of
from tests.deploy.tools import ROOT, tool
from tests.platform import Platform, running_platform

__all__ = ["ROOT", "tool"]


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Podman:
    """Podman with our image and the stores' stand-ins, built once for the whole run."""
    program = Podman(tmp_path_factory.mktemp("podman"))
    sweep(program)
    build(program)
    return program


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the platform's own Secret holds, by key."""
    folder = tmp_path_factory.mktemp("secrets")
    return {
        file.name: file.read_text().strip()
        for file in write_secrets(folder, postgres="postgres:5432", redis="redis:6379")
    }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both overlays, and production with every component, built by kustomize: overlay -> file."""
    kubectl = tool("kubectl")
    folder = tmp_path_factory.mktemp("k8s")
    shutil.copytree(ROOT / "deploy" / "k8s", folder / "k8s", ignore=shutil.ignore_patterns("secrets"))
    write_secrets(folder / "k8s/overlays/dev/secrets", postgres="postgres:5432", redis="redis:6379")
    write_everything(folder / "k8s/overlays")
    files = {}
    for overlay in ("dev", "production", "everything"):
        command = [kubectl, "kustomize", str(folder / "k8s" / "overlays" / overlay)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert not done.stderr, done.stderr
        files[overlay] = folder / f"{overlay}.yaml"
        files[overlay].write_text(done.stdout)
    return files


def write_everything(overlays: Path) -> None:
    """Write an overlay on production with every component that it has not, but for that of a rotation, which passes."""
    kustomization = yaml.safe_load((overlays / "production/kustomization.yaml").read_text())
    there = {Path(each).name for each in kustomization["components"]} | {"authority-rotation"}
    more = {path.parent.name for path in overlays.parent.glob("components/*/kustomization.yaml")} - there
    last = {"import-mtls"}  # it changes the importers
    listed = ", ".join(f"../../components/{name}" for name in [*sorted(more - last), *last])
    (overlays / "everything").mkdir()
    (overlays / "everything/kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: tta-analytics\n"
        f"resources: [../production]\ncomponents: [{listed}]\n"
    )


@pytest.fixture(scope="session")
def parsed(built: dict[str, Path]) -> dict[str, Manifests]:
    """The objects of what is built, read once."""
    made = secrets_made_by_hand()
    return {name: Manifests(list(yaml.safe_load_all(file.read_text())), made) for name, file in built.items()}


def secrets_made_by_hand() -> dict[str, set[str]]:
    """Return what components tell people to make, as in "the Secret `a` with the keys `b` and `c`": name -> keys."""
    texts = [path.read_text() for path in (ROOT / "deploy/k8s/components").glob("*/kustomization.yaml")]
    said = " ".join(texts).replace("\n# ", " ")
    found = re.findall(r"the Secret `([\w-]+)` with the keys? (`[\w-]+`(?:(?:, | and )`[\w-]+`)*)", said)
    return {name: set(re.findall(r"`([\w-]+)`", keys)) for name, keys in found}


@pytest.fixture(params=["dev", "production"])
def overlay(request: pytest.FixtureRequest) -> str:
    """Each overlay in turn."""
    name: str = request.param
    return name


@pytest.fixture
def manifests(parsed: dict[str, Manifests], overlay: str) -> Manifests:
    """The objects of an overlay."""
    return parsed[overlay]


@pytest.fixture(params=["dev", "production", "everything"])
def deployment(parsed: dict[str, Manifests], request: pytest.FixtureRequest) -> Manifests:
    """The objects of each overlay, then those of production with every component: for rules that hold of any object."""
    return parsed[request.param]


@pytest.fixture
def started(platform: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Read the settings as the process of a container does."""
    return lambda inside: settings_of(inside, platform, tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of processes, for `verify` to look at."""
    with running_platform(tmp_path_factory.mktemp("platform"), TTA_CRISIS_SEMANTIC="off") as running:
        yield running


@pytest.fixture(scope="module")
def released(deployed: Platform) -> str:
    """An administrator's token for it, where one month is released."""
    token = deployed.command("token", "--minutes", "600").stdout.strip()
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=40)).replace(day=1)
    body = {"period_start": month.strftime("%Y-%m-01T00:00:00Z"), "grain": "month"}
    headers = {"authorization": f"Bearer {token}"}
    httpx.post(f"{deployed.url}/api/v1/releases", json=body, headers=headers, timeout=120).raise_for_status()
    return token
