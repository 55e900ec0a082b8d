"""What an overlay may add: each component builds on the base, and says what it must."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest
import yaml

from gateway.settings import GatewaySettings
from mesh.settings import Settings
from reporting_svc.settings import ReportingSettings
from scripts import prometheus_rules
from tests.deploy.conftest import ROOT, tool
from tests.deploy.manifests import Manifests, labels, selects

COMPONENTS = sorted(path.parent.name for path in (ROOT / "deploy/k8s/components").glob("*/kustomization.yaml"))
IN_PRODUCTION = ("mtls", "external-secrets", "service-monitors")
Build = Callable[..., tuple[Manifests, Path]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build the production overlay with more components."""
    shutil.copytree(ROOT / "deploy/k8s", tmp_path / "k8s", ignore=shutil.ignore_patterns("secrets"))

    def with_components(*names: str) -> tuple[Manifests, Path]:
        overlay = tmp_path / "k8s/overlays/more"
        overlay.mkdir()
        listed = ", ".join(f"../../components/{name}" for name in names)
        (overlay / "kustomization.yaml").write_text(
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: tta-analytics\n"
            f"resources: [../production]\ncomponents: [{listed}]\n"
        )
        done = subprocess.run([tool("kubectl"), "kustomize", str(overlay)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        file = tmp_path / "built.yaml"
        file.write_text(done.stdout)
        return Manifests(list(yaml.safe_load_all(done.stdout))), file

    return with_components


def test_the_rules_of_the_operator_are_those_of_the_files(build: Build):
    assert prometheus_rules.OBJECTS.read_text() == prometheus_rules.objects()
    manifests, _ = build("prometheus-rules")
    groups = [group for each in manifests.of("PrometheusRule") for group in each["spec"]["groups"]]
    files = sorted((ROOT / "deploy/observability/prometheus/rules").glob("*.yml"))
    assert groups == [group for file in files for group in yaml.safe_load(file.read_text())["groups"]]
    jobs = {each["metadata"]["name"] for each in manifests.of("ServiceMonitor")}
    named = set(re.findall(r'job=~"([a-z|]+)"', str(groups)))
    assert {job for names in named for job in names.split("|")} == jobs
    assert {each["spec"]["jobLabel"] for each in manifests.of("ServiceMonitor")} == {"app.kubernetes.io/name"}


def test_the_ingress_speaks_tls_and_lets_streams_live(build: Build):
    manifests, _ = build("ingress")
    (ingress,) = manifests.of("Ingress")
    (rule,) = ingress["spec"]["rules"]
    (tls,) = ingress["spec"]["tls"]
    assert tls["hosts"] == [rule["host"]]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    ports = {each["name"]: each for each in manifests.one("Service", backend["name"])["spec"]["ports"]}
    assert ports[backend["port"]["name"]]["targetPort"] == "http"
    said = ingress["metadata"]["annotations"]
    heartbeat = GatewaySettings.model_fields["gateway_heartbeat"].default.total_seconds()
    timeouts = [int(value.removesuffix("s")) for name, value in said.items() if "timeout" in name]
    assert len(timeouts) == 4
    assert min(timeouts) > 10 * heartbeat
    assert said["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    assert {value for name, value in said.items() if name.endswith("ssl-redirect")} == {"true"}
    largest = int(said["nginx.ingress.kubernetes.io/proxy-body-size"].removesuffix("m")) << 20
    assert largest == GatewaySettings.model_fields["gateway_body_bytes"].default
    assert "TTA_GATEWAY_TRUSTED_PROXIES" in manifests.settings()


def test_what_a_component_has_every_process_dial_outside_is_let_through(build: Build):
    """A NetworkPolicy drops in silence: a setting without its policy would be traces that never come."""
    manifests, _ = build("tracing", "identity-provider")
    for setting, port in (("TTA_OTLP_ENDPOINT", 4317), ("TTA_AUTH_JWKS_URL", 443)):
        address = urlsplit(manifests.settings()[setting])
        assert (address.port or 443) == port
        assert setting.removeprefix("TTA_").lower() in Settings.model_fields
        for process in ("aggregation", "monitoring", "reporting", "gateway"):
            pod = labels(manifests.pods()[process])
            rules = [rule for policy in manifests.policies("Egress", pod) for rule in policy["spec"].get("egress", ())]
            opened = [rule for rule in rules if {"port": port} in rule.get("ports", ()) and "to" in rule]
            assert opened, (process, setting)


def test_reports_in_a_bucket_are_let_through_with_a_key_from_a_file(build: Build):
    manifests, _ = build("report-bucket")
    template = manifests.pods()["reporting"]
    container = template["spec"]["containers"][0]
    given = {each["name"]: each["value"] for each in container["env"] if each["name"].startswith("TTA_REPORT_")}
    settings = {name.removesuffix("_FILE").removeprefix("TTA_").lower() for name in given}
    assert settings <= set(ReportingSettings.model_fields)
    assert given["TTA_REPORT_FILES"] in get_args(ReportingSettings.model_fields["report_files"].annotation)
    (secret,) = [each["secret"] for each in template["spec"]["volumes"] if each["name"] == "bucket"]
    (folder,) = [each["mountPath"] for each in container["volumeMounts"] if each["name"] == "bucket"]
    files = {value for name, value in given.items() if name.endswith("_FILE")}
    assert files == {f"{folder}/{each['path']}" for each in secret["items"]}
    (policy,) = [each for each in manifests.of("NetworkPolicy") if each["metadata"]["name"] == "report-bucket-calls"]
    port = urlsplit(given["TTA_REPORT_BUCKET_ENDPOINT"]).port or 443
    assert [each["ports"] for each in policy["spec"]["egress"]] == [[{"port": port}]]
    selected = {name for name, pod in manifests.pods().items() if selects(policy["spec"]["podSelector"], labels(pod))}
    assert selected == {"reporting"}


def test_exports_lie_in_one_folder_that_every_replica_sees(build: Build):
    """A folder for each replica would keep a player whose erasure another replica has finished."""
    manifests, _ = build("exports")
    template = manifests.pods()["aggregation"]
    container = template["spec"]["containers"][0]
    (folder,) = [each["value"] for each in container["env"] if each["name"] == "TTA_EXPORT_FOLDER"]
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    (name,) = [name for path, name in mounts.items() if Path(folder).is_relative_to(path)]
    (volume,) = [each for each in template["spec"]["volumes"] if each["name"] == name]
    claim = manifests.one("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


def images_of(text: str) -> set[str]:
    return set(re.findall(r"^\s*(?:- )?image:\s*([^\s$]+:[^\s$]+)\s*$", text, re.MULTILINE))


def test_every_image_that_is_not_ours_is_pinned_in_one_list(built: dict[str, Path]):
    lines = (ROOT / "deploy/images/third-party.txt").read_text().splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "deploy/images/Dockerfile").read_text(), re.MULTILINE)
    assert base is not None
    used = {base[1]}
    for file in (ROOT / "deploy/compose/compose.yml", *built.values()):
        used |= {image for image in images_of(file.read_text()) if not image.startswith("tta-analytics:")}
    assert sorted(used) == sorted(listed)
    assert all(re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z-]+)?", image) for image in listed), listed
