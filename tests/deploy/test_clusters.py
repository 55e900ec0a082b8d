"""What the operations guide has operators patch, because clusters differ in it: it does what is said, and no more."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.manifests import Manifests, labels
from tests.deploy.test_guide import COMPONENTS, GUIDE, kustomized
from tests.deploy.tools import ROOT

OWN = "deploy/k8s/overlays/own"


def patches(word: str) -> list[dict[str, Any]]:
    """Return the patches of the guide's block that has this word."""
    blocks = re.findall(r"^```yaml\n(patches:\n.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    (block,) = [each for each in blocks if word in each]
    found: list[dict[str, Any]] = yaml.safe_load(block)["patches"]
    return found


@pytest.fixture
def patched(tmp_path: Path):
    """A function that builds production, with the operator's rules, and patches of the guide."""
    shutil.copytree(ROOT / "deploy/k8s", tmp_path / "deploy/k8s", ignore=shutil.ignore_patterns("secrets"))
    (tmp_path / OWN).mkdir()

    def built(*more: dict[str, Any]) -> Manifests:
        assert "prometheus-rules" in COMPONENTS
        overlay = {
            "resources": ["../production"],
            "components": ["../../components/prometheus-rules"],
            "patches": list(more),
        }
        (tmp_path / OWN / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
        return kustomized(tmp_path / OWN)

    return built


def changed(before: Manifests, after: Manifests) -> set[str]:
    """Return the objects that differ."""
    pairs = zip(before.objects, after.objects, strict=True)
    return {f"{one['kind']} {one['metadata']['name']}" for one, other in pairs if one != other}


def test_names_are_resolved_by_a_cache_on_the_node_and_in_openshift(patched):
    plain, found = patched(), patched(*patches("openshift-dns"))
    assert changed(plain, found) == {"NetworkPolicy dns"}
    for name, pod in found.pods().items():
        rules = found.rules("Egress", labels(pod))
        peers = [(peer, port) for rule in rules for peer in rule.get("to", ()) for port in rule["ports"]]
        for protocol in ("UDP", "TCP"):
            assert ({"ipBlock": {"cidr": "169.254.20.10/32"}}, {"port": 53, "protocol": protocol}) in peers, name
            openshift = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "openshift-dns"}}}
            assert (openshift, {"port": 5353, "protocol": protocol}) in peers, name


def test_pages_are_open_to_a_network_that_is_no_pod_s(patched):
    plain, found = patched(), patched(*patches("name: gateway"))
    assert changed(plain, found) == {"NetworkPolicy gateway"}
    pages, metrics = found.one("NetworkPolicy", "gateway")["spec"]["ingress"]
    assert {"ipBlock": {"cidr": "192.0.2.0/24"}} in pages["from"]
    assert {port["port"] for port in pages["ports"]} == {8095, 8096, 8097, 8098}
    assert not any("ipBlock" in peer for peer in metrics["from"])


def test_every_rule_and_monitor_bears_the_label_that_the_operator_s_prometheus_looks_for(patched):
    plain, found = patched(), patched(*patches("release:"))
    ours = [*found.of("ServiceMonitor"), *found.of("PrometheusRule")]
    assert len(ours) == 6
    assert all(each["metadata"]["labels"]["release"] == "kube-prometheus-stack" for each in ours)
    assert changed(plain, found) == {f"{each['kind']} {each['metadata']['name']}" for each in ours}


def test_the_step_that_checks_asks_prometheus_too():
    """Only then an ignored rule shows."""
    steps = GUIDE[GUIDE.index("**On Kubernetes, for real.**") : GUIDE.index("### Networks of the cluster")]
    (typed,) = re.findall(r"`(tta-analytics verify [^`]+)`", steps.replace("\n  ", ""))
    assert "--prometheus" in typed
    assert "(#networks-of-the-cluster)" in steps
    assert "(#who-hears-of-trouble)" in steps
