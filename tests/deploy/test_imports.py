"""The importers and the monthly release as CronJobs: each builds on the base, by settings of the command line."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from aggregation_svc.settings import AggregationSettings
from tests.deploy.conftest import ROOT, tool
from tests.deploy.manifests import Manifests, Object
from tests.deploy.processes import ADDRESSES
from tta_analytics.settings import CommandSettings

SERVICES = {
    "import-neo4j": {"aggregation": 50095},
    "import-redis": {"aggregation": 50095, "monitoring": 50097},
    "import-prometheus": {"monitoring": 50097},
    "monthly-release": {"aggregation": 50095},
}


@pytest.fixture(params=["plain", "mtls"])
def manifests(tmp_path: Path, request: pytest.FixtureRequest) -> Manifests:
    """The base with every importer, and what it needs where services speak mTLS."""
    shutil.copytree(ROOT / "deploy" / "k8s", tmp_path / "k8s", ignore=shutil.ignore_patterns("secrets"))
    overlay = tmp_path / "k8s" / "overlays" / "imports"
    overlay.mkdir()
    components = [*SERVICES, *(["import-mtls"] if request.param == "mtls" else [])]
    listed = ", ".join(f"../../components/{name}" for name in components)
    (overlay / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n"
        f"components: [{listed}]\n"
    )
    command = [tool("kubectl"), "kustomize", str(overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return Manifests(list(yaml.safe_load_all(done.stdout)))


def pod_of(job: Object) -> Any:
    return job["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def test_every_importer_of_a_store_is_there_and_never_runs_twice_at_once(manifests: Manifests) -> None:
    assert manifests.names("CronJob") == set(SERVICES)
    for job in manifests.of("CronJob"):
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
        (container,) = pod_of(job)["containers"]
        name = job["metadata"]["name"]
        importer = ["import", name.removeprefix("import-")]
        assert container["args"] == (["release", "create"] if name == "monthly-release" else importer)
        assert container["image"] == "tta-analytics:0.1.0"


def test_settings_are_those_of_the_command_line_and_every_file_is_mounted(manifests: Manifests) -> None:
    for job in manifests.of("CronJob"):
        pod = pod_of(job)
        (container,) = pod["containers"]
        names = {each["name"].removeprefix("TTA_").removesuffix("_FILE").lower() for each in container["env"]}
        assert names <= set(CommandSettings.model_fields)
        folders = {each["mountPath"] for each in container["volumeMounts"]}
        files = [each["value"] for each in container["env"] if each["value"].startswith("/")]
        assert {path if path in folders else path.rpartition("/")[0] for path in files} <= folders
        assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}
        claims = [each["persistentVolumeClaim"]["claimName"] for each in pod["volumes"] if each["name"] == "marks"]
        assert set(claims) <= manifests.names("PersistentVolumeClaim")


def test_the_last_month_is_asked_for_after_its_grace_and_again_before_it_is_overdue(manifests: Manifests) -> None:
    minute, hour, days, *rest = manifests.one("CronJob", "monthly-release")["spec"]["schedule"].split()
    assert rest == ["*", "*"]
    first, last = map(int, days.split("-"))
    after = timedelta(days=first - 1, hours=int(hour), minutes=int(minute))
    grace = AggregationSettings.model_fields["period_grace"].default
    assert grace < after < grace + timedelta(days=1)
    assert last > first


def test_of_the_platform_s_secret_they_see_the_key_of_tokens_alone(manifests: Manifests) -> None:
    for job in manifests.of("CronJob"):
        volumes = pod_of(job)["volumes"]
        (secret,) = [each["secret"] for each in volumes if each.get("secret", {}).get("secretName") == "tta-analytics"]
        assert [each["key"] for each in secret["items"]] == ["auth-secret-key"]


def test_they_keep_to_the_restricted_profile(manifests: Manifests) -> None:
    for job in manifests.of("CronJob"):
        pod = pod_of(job)
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False


def test_they_reach_the_services_that_they_send_to_and_no_other(manifests: Manifests) -> None:
    for job in manifests.of("CronJob"):
        name = job["metadata"]["name"]
        (container,) = pod_of(job)["containers"]
        dialled = {each["name"] for each in container["env"] if each["name"].endswith("_TARGET")}
        assert dialled == {f"TTA_{service.upper()}_TARGET" for service in SERVICES[name]}
        calls = manifests.one("NetworkPolicy", f"{name}-calls")["spec"]["egress"]
        allowed = {
            peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"]: rule["ports"][0]["port"]
            for rule in calls
            for peer in rule["to"]
            if "podSelector" in peer
        }
        assert allowed == SERVICES[name]
        outside = {port["port"] for rule in calls for peer in rule["to"] if "ipBlock" in peer for port in rule["ports"]}
        assert outside == {urlsplit(address).port for (secret, _), address in ADDRESSES.items() if secret == name}
        for service, port in SERVICES[name].items():
            assert manifests.admitted(name, service, port)
            (rule,) = manifests.one("NetworkPolicy", f"{name}-{service}")["spec"]["ingress"]
            assert rule["from"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}}]
            assert rule["ports"] == [{"port": port}]
