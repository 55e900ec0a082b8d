"""The import of the graph as a CronJob: it builds on the base, and its settings are those of the command line."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import ROOT, tool
from tta_analytics.settings import CommandSettings


@pytest.fixture(params=["plain", "mtls"])
def objects(tmp_path: Path, request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    shutil.copytree(ROOT / "deploy" / "k8s", tmp_path / "k8s", ignore=shutil.ignore_patterns("secrets"))
    overlay = tmp_path / "k8s" / "overlays" / "graph"
    overlay.mkdir()
    components = ["import-neo4j", "import-neo4j-mtls"][: 2 if request.param == "mtls" else 1]
    listed = ", ".join(f"../../components/{name}" for name in components)
    (overlay / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n"
        f"components: [{listed}]\n"
    )
    command = [tool("kubectl"), "kustomize", str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return list(yaml.safe_load_all(done.stdout))


def test_the_import_runs_every_hour_and_never_twice_at_once(objects: list[dict[str, Any]]) -> None:
    (job,) = [each for each in objects if each["kind"] == "CronJob"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["args"] == ["import", "neo4j"]
    assert container["image"].startswith("tta-analytics:")
    names = {each["name"].removeprefix("TTA_").removesuffix("_FILE").lower() for each in container["env"]}
    assert names <= set(CommandSettings.model_fields)
    assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


def test_of_the_platform_s_secret_it_sees_the_key_of_tokens_alone(objects: list[dict[str, Any]]) -> None:
    (job,) = [each for each in objects if each["kind"] == "CronJob"]
    volumes = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["volumes"]
    (secret,) = [each["secret"] for each in volumes if each.get("secret", {}).get("secretName") == "tta-analytics"]
    assert [each["key"] for each in secret["items"]] == ["auth-secret-key"]
