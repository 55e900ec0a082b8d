"""The production overlay without one of its components, and components that change what it asks for."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mesh.settings import PREFIX
from monitoring_svc.settings import MonitoringSettings
from tests.deploy.conftest import ROOT, tool
from tests.deploy.manifests import Manifests, Object, containers

PROCESSES = ("aggregation", "monitoring", "reporting", "gateway")
PRODUCTION = Path("k8s/overlays/production/kustomization.yaml")
OF_COMPONENT = {
    "mtls": {"Certificate", "Issuer"},
    "external-secrets": {"ExternalSecret"},
    "service-monitors": {"ServiceMonitor"},
}
"""Components of the production overlay: the kinds that come with each, and only with it."""
Build = Callable[..., Manifests]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Build an overlay as an operator writes it, on production without some of its components."""
    shutil.copytree(ROOT / "deploy/k8s", tmp_path / "k8s", ignore=shutil.ignore_patterns("secrets"))

    def built(*more: str, without: tuple[str, ...] = (), **overlay: Any) -> Manifests:
        production = yaml.safe_load((tmp_path / PRODUCTION).read_text())
        production["components"] = [each for each in production["components"] if Path(each).name not in without]
        (tmp_path / PRODUCTION).write_text(yaml.safe_dump(production))
        own = tmp_path / "k8s/overlays/own"
        own.mkdir()
        overlay |= {"resources": ["../production"], "components": [f"../../components/{name}" for name in more]}
        (own / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
        done = subprocess.run([tool("kubectl"), "kustomize", str(own)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return Manifests(list(yaml.safe_load_all(done.stdout)))

    return built


def mounted(workload: Object) -> dict[str, Object]:
    """Return the volumes of a workload's pod by the folder where its last container finds them."""
    pod = workload["spec"]["template"]["spec"]
    volumes = {each["name"]: each for each in pod["volumes"]}
    return {each["mountPath"]: volumes[each["name"]] for each in pod["containers"][-1]["volumeMounts"]}


def tls_settings(manifests: Manifests) -> dict[str, str]:
    return {name: value for name, value in manifests.settings().items() if name.startswith("TTA_TLS_")}


def test_the_guide_names_the_components_that_production_may_go_without():
    listed = yaml.safe_load((ROOT / "deploy" / PRODUCTION).read_text())["components"]
    assert {Path(each).name for each in listed} == set(OF_COMPONENT)


@pytest.mark.parametrize("component", OF_COMPONENT)
def test_production_without_a_component_builds_and_has_nothing_of_it(build: Build, component: str):
    left = {each["kind"] for each in build(without=(component,)).objects}
    assert not left & OF_COMPONENT[component]
    others = set().union(*(kinds for name, kinds in OF_COMPONENT.items() if name != component))
    assert others <= left


def test_production_without_mtls_asks_for_no_certificate(build: Build):
    """A pod that mounts a Secret which nobody makes never starts."""
    manifests = build(without=("mtls",))
    assert tls_settings(manifests) == {}
    for name in PROCESSES:
        deployment = manifests.one("Deployment", name)
        pod = deployment["spec"]["template"]["spec"]
        secrets = {each["secret"]["secretName"] for each in pod["volumes"] if "secret" in each}
        assert secrets == {"tta-analytics"}
        assert set(mounted(deployment)) == {"/secrets", "/tmp"} | (set() if name == "gateway" else {"/data"})
        said = [each for container in containers(deployment, first=True) for each in container["env"]]
        assert not [each["name"] for each in said if "TLS" in each["name"]]
        assert pod["topologySpreadConstraints"], "what has nothing to do with certificates stays"


def test_a_renewed_authority_keeps_its_key_and_other_certificates_do_not(build: Build):
    """cert-manager's default differs between versions; a new key would part old certificates from new."""
    policy = {
        each["metadata"]["name"]: each["spec"]["privateKey"]["rotationPolicy"]
        for each in build("callers").of("Certificate")
    }
    assert policy.pop("authority") == "Never"
    assert set(policy) == {*PROCESSES, "callers"}
    assert set(policy.values()) == {"Always"}


def test_callers_get_a_certificate_that_one_account_of_theirs_may_read(build: Build):
    manifests = build("callers")
    certificate = manifests.one("Certificate", "callers")["spec"]
    assert certificate["issuerRef"] == {"name": "mesh", "kind": "Issuer"}
    assert "server auth" not in certificate["usages"]
    assert manifests.settings()["TTA_TLS_SERVER_NAME"] not in certificate["dnsNames"]
    (rule,) = manifests.one("Role", "callers-certificate")["rules"]
    assert (rule["resources"], rule["resourceNames"], rule["verbs"]) == (
        ["secrets"],
        [certificate["secretName"]],
        ["get"],
    )
    binding = manifests.one("RoleBinding", "callers-certificate")
    assert (binding["roleRef"]["kind"], binding["roleRef"]["name"]) == ("Role", "callers-certificate")
    (subject,) = binding["subjects"]
    assert subject["namespace"] not in manifests.names("Namespace")


def test_while_the_authority_changes_everybody_trusts_what_one_configmap_holds(build: Build):
    importers = ("import-neo4j", "import-redis", "import-prometheus", "import-mtls")
    manifests = build(*importers, "authority-rotation")
    said = tls_settings(manifests)
    bundle = Path(said["TTA_TLS_AUTHORITY"])
    assert said["TTA_TLS_CLIENT_AUTHORITY"] == str(bundle)
    workloads = [manifests.one("Deployment", name) for name in PROCESSES]
    workloads += [each["spec"]["jobTemplate"] for each in manifests.of("CronJob")]
    assert len(workloads) == 7
    for workload in workloads:
        folders = mounted(workload)
        assert folders[str(bundle.parent)]["configMap"] == {"name": "mesh-authorities"}
        assert str(Path(said["TTA_TLS_CERTIFICATE"]).parent) in folders, "its own certificate stays where it was"
    for job in manifests.of("CronJob"):
        (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
        assert [each["value"] for each in container["env"] if each["name"] == "TTA_TLS_AUTHORITY"] == [str(bundle)]


def test_mail_comes_with_its_password_from_a_file(build: Build):
    manifests = build("mail")
    monitoring = manifests.one("Deployment", "monitoring")
    (container,) = containers(monitoring)
    given = {each["name"]: each["value"] for each in container["env"] if each["name"].startswith("TTA_SMTP_")}
    read = {name.removeprefix(PREFIX).removesuffix("_FILE").lower(): value for name, value in given.items()}
    known = {name for name in MonitoringSettings.model_fields if name.startswith("smtp_")}
    assert set(read) == known
    MonitoringSettings.model_validate({name: value for name, value in read.items() if name != "smtp_password"})
    password = Path(given["TTA_SMTP_PASSWORD_FILE"])
    secret = mounted(monitoring)[str(password.parent)]["secret"]
    assert [each["path"] for each in secret["items"]] == [password.name]


def test_an_overlay_that_names_the_registry_alone_gets_the_image_and_the_job_of_one_version(build: Build):
    """So the guide says: with a tag of its own the Job of the version before would be changed, which is refused."""
    manifests = build("import-redis", images=[{"name": "tta-analytics", "newName": "registry.example.org/analytics"}])
    workloads = [*manifests.workloads(), *(each["spec"]["jobTemplate"] for each in manifests.of("CronJob"))]
    (image,) = {container["image"] for workload in workloads for container in containers(workload, first=True)}
    name, _, tag = image.rpartition(":")
    assert name == "registry.example.org/analytics"
    assert manifests.names("Job") == {f"migrate-{tag.replace('.', '-')}"}
