"""What tools of others say of the built manifests: schemas of Kubernetes, checkov, hadolint."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.deploy.operators import FIELDS
from tests.deploy.tools import ROOT, tool

EVERY_OBJECT = ("dev", "everything")
"""What is built that holds every object: the overlay for development, and production with every component."""


@pytest.mark.parametrize("name", EVERY_OBJECT)
@pytest.mark.parametrize("version", ["1.35", "1.36", "1.37"])
def test_the_schemas_of_the_newest_kubernetes_accept_every_object(built: dict[str, Path], name: str, version: str):
    """A kind or version without a schema is a warning and exit code 0: only kinds of operators may lack one."""
    command = [tool("kubernetes-validate"), "--strict", "-k", version, str(built[name])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("INFO")]
    explained = [f"schema for kind {kind} with api version {group} " for kind, (group, _) in FIELDS.items()]
    unexplained = [line for line in said if not any(each in line for each in explained) or "ERROR" in line]
    assert (done.returncode, unexplained) == (0, [])


def test_checkov_finds_nothing_that_is_not_justified_in_place(built: dict[str, Path]):
    files = [argument for name in EVERY_OBJECT for argument in ("-f", str(built[name]))]
    command = [tool("checkov"), *files, "--framework", "kubernetes", "-o", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    failed = [f"{each['check_id']} {each['resource']}" for each in report["results"]["failed_checks"]]
    assert report["summary"]["passed"] > 700
    assert failed == []


def test_hadolint_finds_nothing_in_the_image_s_file():
    done = subprocess.run(
        [tool("hadolint"), str(ROOT / "deploy/images/Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
