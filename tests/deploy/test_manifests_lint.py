"""What tools of others say of the built manifests: schemas of Kubernetes, checkov, hadolint."""

import json
import subprocess

import pytest

from tests.deploy.tools import ROOT, tool

OPERATORS = {  # kinds whose schemas are not Kubernetes' own: whose they are
    "Certificate": "cert-manager",
    "Issuer": "cert-manager",
    "ExternalSecret": "External Secrets",
    "ServiceMonitor": "Prometheus operator",
    "PrometheusRule": "Prometheus operator",
}


@pytest.mark.parametrize("version", ["1.35", "1.36", "1.37"])
def test_the_schemas_of_the_newest_kubernetes_accept_every_object(built, overlay, version):
    command = [tool("kubernetes-validate"), "--strict", "-k", version, str(built[overlay])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("INFO")]
    unexplained = [
        line
        for line in said
        if not any(f"schema for kind {kind} with" in line for kind in OPERATORS) or "ERROR" in line
    ]
    assert (done.returncode, unexplained) == (0, [])


def test_checkov_finds_nothing_that_is_not_justified_in_place(built, overlay):
    command = [tool("checkov"), "-f", str(built[overlay]), "--framework", "kubernetes", "-o", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    failed = [f"{each['check_id']} {each['resource']}" for each in report["results"]["failed_checks"]]
    assert report["summary"]["passed"] > 200
    assert failed == []


def test_hadolint_finds_nothing_in_the_image_s_file():
    done = subprocess.run(
        [tool("hadolint"), str(ROOT / "deploy/images/Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
