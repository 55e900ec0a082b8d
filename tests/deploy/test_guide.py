"""The operations guide: what it has people type names what the manifests hold."""

import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import yaml
from typer.testing import CliRunner

from mesh.setting_types import parse_keys
from tests.deploy.composition import mounted
from tests.deploy.conftest import ROOT, tool
from tests.deploy.manifests import Manifests
from tta_analytics.__main__ import app

GUIDE = (ROOT / "docs/operations.md").read_text()
BLOCKS = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", GUIDE, re.MULTILINE | re.DOTALL)
KINDS = {
    "deployment": "Deployment",
    "externalsecret": "ExternalSecret",
    "certificate": "Certificate",
    "job": "Job",
}
MADE_BY_HAND = {"configmap/mesh-authorities", "secret/tta-analytics-alertmanager"}
COMPONENTS = sorted(path.parent.name for path in (ROOT / "deploy/k8s/components").glob("*/kustomization.yaml"))


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Manifests:
    """Production with every component."""
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "deploy/k8s", folder / "k8s", ignore=shutil.ignore_patterns("secrets"))
    own = folder / "k8s/overlays/own"
    own.mkdir()
    production = yaml.safe_load((folder / "k8s/overlays/production/kustomization.yaml").read_text())
    there = {Path(each).name for each in production["components"]}
    last = ("import-mtls", "authority-rotation")
    more = [*(each for each in COMPONENTS if each not in {*there, *last}), *last]
    content = {"resources": ["../production"], "components": [f"../../components/{each}" for each in more]}
    (own / "kustomization.yaml").write_text(yaml.safe_dump(content))
    return kustomized(own)


def kustomized(overlay: Path) -> Manifests:
    done = subprocess.run([tool("kubectl"), "kustomize", str(overlay)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return Manifests(list(yaml.safe_load_all(done.stdout)))


def section(title: str) -> str:
    """Return what the guide says under a heading, up to the next one of its rank or a higher one."""
    rank = len(re.findall(rf"^(#+) {title}$", GUIDE, re.MULTILINE)[0])
    text = re.split(rf"^#+ {title}$", GUIDE, maxsplit=1, flags=re.MULTILINE)[1]
    return re.split(rf"^#{{2,{rank}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]


def secrets_of(manifests: Manifests) -> set[str]:
    return {each["spec"]["secretName"] for each in manifests.of("Certificate")} | {
        each["spec"]["target"]["name"] for each in manifests.of("ExternalSecret")
    }


def typed() -> list[list[str]]:
    """Return the words of every `kubectl` and `cmctl` line of the guide's blocks and sentences."""
    lines = [line.strip() for kind, block in BLOCKS if not kind for line in block.splitlines()]
    lines += re.findall(r"`(kubectl [^`]+)`", GUIDE.replace("\n", " "))
    parts = [part.strip() for line in lines for part in line.split(" | ")]
    return [shlex.split(part.partition(" > ")[0]) for part in parts if part.startswith(("kubectl ", "cmctl "))]


def test_every_object_that_is_typed_is_one_of_the_manifests(everything: Manifests):
    known = {f"{word}/{name}" for word, kind in KINDS.items() for name in everything.names(kind)}
    known |= {f"secret/{name}" for name in secrets_of(everything)} | MADE_BY_HAND
    known |= {f"job/{name}" for name in kustomized(ROOT / "deploy/k8s/overlays/roll-back").names("Job")}
    named = {word for words in typed() for word in words if re.fullmatch(r"[a-z]+/[a-z][a-z0-9-]+", word)}
    assert {"externalsecret/tta-analytics", "secret/authority-tls", "deployment/gateway"} <= named
    assert {word for word in named if word.partition("/")[0] in {*KINDS, "secret", "configmap"}} <= known
    renewed = next(words[2:] for words in typed() if words[:2] == ["cmctl", "renew"])
    assert set(renewed) < everything.names("Certificate")
    for words in typed():
        if "--container" in words:
            target = next(word for word in words if word.startswith("deployment/")).partition("/")[2]
            pod = everything.one("Deployment", target)["spec"]["template"]["spec"]
            assert words[words.index("--container") + 1] in {each["name"] for each in pod["containers"]}


def test_every_object_that_is_told_of_is_one_of_the_manifests(everything: Manifests):
    policies, components = everything.names("NetworkPolicy"), set(COMPONENTS)
    assert {"postgres-calls", "redis-calls"} <= policies
    for name in re.findall(r"component `([a-z0-9-]+)`", GUIDE):
        assert name in components, name
    told = GUIDE[GUIDE.index("## Install") : GUIDE.index("## Back up")]
    assert "metrics-server" in told[told.index("Needed:") :].partition("\n\n")[0]
    for name in ("mtls", "service-monitors", "external-secrets", "mail", "callers", "prometheus-rules", "tracing"):
        assert f"`{name}`" in told
        assert name in components
    assert everything.names("Job") == set(re.findall(r"`(migrate-[0-9][0-9-]*)`", GUIDE))
    labelled = set(re.findall(r"`(tta\.io/[a-z-]+): \"true\"`", GUIDE))
    assert labelled
    assert all(f"'{label}': 'true'" in str(everything.of("NetworkPolicy")) for label in labelled)


def test_what_callers_are_given_to_apply_reads_the_certificate_that_is_made(everything: Manifests):
    (block,) = [block for kind, block in BLOCKS if kind == "yaml" and "kind: SecretStore" in block]
    theirs = {each["kind"]: each for each in yaml.safe_load_all(block)}
    account, store, copy = theirs["ServiceAccount"], theirs["SecretStore"], theirs["ExternalSecret"]
    (subject,) = everything.one("RoleBinding", "callers-certificate")["subjects"]
    assert subject == {
        "kind": "ServiceAccount",
        "name": account["metadata"]["name"],
        "namespace": account["metadata"]["namespace"],
    }
    assert {each["metadata"]["namespace"] for each in theirs.values()} == {subject["namespace"]}
    kubernetes = store["spec"]["provider"]["kubernetes"]
    assert {kubernetes["remoteNamespace"]} == everything.names("Namespace")
    assert kubernetes["auth"]["serviceAccount"]["name"] == account["metadata"]["name"]
    assert copy["spec"]["secretStoreRef"] == {"kind": "SecretStore", "name": store["metadata"]["name"]}
    (source,) = copy["spec"]["dataFrom"]
    (rule,) = everything.one("Role", "callers-certificate")["rules"]
    assert [source["extract"]["key"]] == rule["resourceNames"]
    assert copy["apiVersion"] == everything.one("ExternalSecret", "tta-analytics")["apiVersion"]
    assert f"`{source['extract']['key']}`" in GUIDE


@pytest.mark.parametrize("service", ["aggregation", "monitoring", "reporting"])
def test_callers_dial_a_name_of_the_certificate_and_the_port_of_the_service(everything: Manifests, service: str):
    (namespace,) = everything.names("Namespace")
    assert f"{namespace}.svc:50095" in GUIDE
    assert f"{service}.{namespace}.svc" in everything.one("Certificate", service)["spec"]["dnsNames"]
    (port,) = [each["port"] for each in everything.one("Service", service)["spec"]["ports"] if each["name"] == "grpc"]
    assert f"aggregation.{namespace}.svc:{port}" in GUIDE or f"`{service}` on {port}" in GUIDE


def test_alertmanager_in_a_cluster_posts_to_the_gateway_s_service(everything: Manifests):
    url = next(each for each in re.findall(r"`url: (\S+)`", GUIDE))
    address, shipped = urlsplit(url), receiver("platform")["webhook_configs"][0]
    name, _, namespace = (address.hostname or "").partition(".")
    assert {namespace} == everything.names("Namespace")
    assert (address.port or 80) in [each["port"] for each in everything.one("Service", name)["spec"]["ports"]]
    assert address.path == urlsplit(shipped["url"]).path
    (create,) = [words for words in typed() if words[:4] == ["kubectl", "create", "secret", "generic"]]
    mounted = re.findall(r"`credentials_file: /etc/alertmanager/secrets/([^/]+)/([^`]+)`", GUIDE)
    assert mounted == [(create[4], create[create.index("--from-file") + 1])]
    assert "credentials_file" in shipped["http_config"]["authorization"]


def receiver(name: str) -> dict[str, Any]:
    config = yaml.safe_load((ROOT / "deploy/observability/alertmanager/alertmanager.yml").read_text())
    found: dict[str, Any] = next(each for each in config["receivers"] if each["name"] == name)
    return found


def test_the_mail_settings_that_must_be_changed_are_there_and_alertmanager_takes_those_that_are_added(tmp_path: Path):
    file = ROOT / "deploy/observability/alertmanager/alertmanager.yml"
    config = yaml.safe_load(file.read_text())
    told = GUIDE[GUIDE.index("**With compose.**") : GUIDE.index("**On Kubernetes.** The component")]
    named = {name.partition(":")[0] for name in re.findall(r"`(smtp_[a-z_]+(?:: [^`]+)?)`", told)}
    assert set(config["global"]) <= named
    assert "to" in receiver("operators")["email_configs"][0]
    config["global"] |= {
        "smtp_smarthost": "mail.example.org:587",
        "smtp_require_tls": True,
        "smtp_auth_username": "alertmanager",
        "smtp_auth_password_file": "/secrets/smtp-password",
    }
    assert set(config["global"]) == named
    file = config["global"]["smtp_auth_password_file"]
    assert mounted("alertmanager", file) == f"deploy/compose/secrets/{Path(file).name}"
    assert f"`deploy/compose/secrets/{Path(file).name}`" in told
    changed = tmp_path / "alertmanager.yml"
    changed.write_text(yaml.safe_dump(config))
    program = tool("amtool", where="Debian's package prometheus-alertmanager has it")
    done = subprocess.run([program, "check-config", str(changed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_alertmanager_s_token_is_made_by_the_line_of_the_guide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """In the gateway's container: a key from a file, and no folder to write to."""
    (tmp_path / "auth-secret-key").write_text("k" * 64)
    monkeypatch.setenv("TTA_AUTH_SECRET_KEY_FILE", str(tmp_path / "auth-secret-key"))
    monkeypatch.setenv("TTA_DATA_DIR", "/nonexistent/data")
    (line,) = [words for words in typed() if "--subject" in words]
    done = CliRunner().invoke(app, line[line.index("tta-analytics") + 1 :])
    assert done.exit_code == 0, done.output
    claims = jwt.decode(done.output.strip(), "k" * 64, algorithms=["HS256"])
    assert (claims["role"], claims["sub"]) == ("service", "alertmanager")


@pytest.mark.parametrize(
    ("role", "minutes", "exit_code"), [("admin", "1440", 0), ("admin", "1441", 2), ("service", "1441", 0)]
)
def test_only_a_service_s_token_lasts_longer_than_a_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, role: str, minutes: str, exit_code: int
):
    monkeypatch.setenv("TTA_AUTH_SECRET_KEY", "k" * 64)
    monkeypatch.setenv("TTA_DATA_DIR", str(tmp_path))
    assert CliRunner().invoke(app, ["token", "--role", role, "--minutes", minutes]).exit_code == exit_code


def test_the_image_is_archived_under_the_name_that_the_manifests_ask_for(built: dict[str, Path]):
    """A name without a registry is one of docker.io's library to a cluster; podman keeps it as localhost's."""
    said = subprocess.run(
        ["make", "--dry-run", "image-archive"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    asked = set(re.findall(r"image: (tta-analytics:\S+)", built["dev"].read_text()))
    assert set(re.findall(r"save --output tta-analytics.tar (\S+)", said)) == {
        f"docker.io/library/{one}" for one in asked
    }
    assert "make images dev-secrets image-archive" in GUIDE


def test_each_step_of_a_rotation_of_keys_makes_only_what_replicas_of_its_neighbours_open():
    told = GUIDE.partition("### Pseudonym and seal keys\n")[2].partition("\n### ")[0]
    steps = ["1:OLD", *re.findall(r"^\d\. `([^`]+)`", told, re.MULTILINE)]
    assert steps == ["1:OLD", "1*:OLD,2:NEW", "1:OLD,2:NEW", "2:NEW"]
    keys = [parse_keys(step.replace("OLD", "o" * 64).replace("NEW", "n" * 64)) for step in steps]
    for replaced, replacing in pairwise(keys):
        for (_, active), (known, _) in ((replaced, replacing), (replacing, replaced)):
            assert active in known
    assert "keys_rotated" in told


def test_every_secret_has_a_row_that_says_how_it_is_changed():
    store = yaml.safe_load((ROOT / "deploy/k8s/components/external-secrets/secret.yaml").read_text())
    kept = {each["secretKey"] for each in store["spec"]["data"]}
    table = section("Rotate keys and certificates").partition("###")[0]
    named = set(re.findall(r"`([a-z0-9-]+)`", " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))))
    assert kept <= named, kept - named
    by_hand = {"mail", "report-bucket", *(each for each in COMPONENTS if each.startswith("import-"))} - {"import-mtls"}
    assert by_hand <= named, by_hand - named


def test_logs_are_read_of_every_replica_and_every_container():
    """Of a deployment or a job, kubectl reads one pod and one container; of what a selector finds, ten lines."""
    read = [words for words in typed() if words[:2] == ["kubectl", "logs"]]
    assert len(read) >= 4
    for words in read:
        if "--previous" not in words:
            assert words[words.index("--tail") + 1] == "-1", words
            assert ("--all-containers" in words) == words[words.index("--selector") + 1].endswith("name=migrate"), words


def test_every_secret_of_compose_that_is_changed_by_hand_is_told_of():
    told = section("Secrets of compose")
    for name in (
        "auth-secret-key",
        "alertmanager-token",
        "aggregation-database-url",
        "redis-password",
        "smtp-password",
        "grafana-password",
    ):
        assert f"`{name}`" in told


def test_the_guide_says_how_erasures_outlive_a_container_and_which_ports_are_open():
    assert "logs --no-log-prefix aggregation | grep subject_erased >> erasures.log" in GUIDE
    policies = list(yaml.safe_load_all((ROOT / "deploy/k8s/base/network.yaml").read_text()))
    (outside,) = [each for each in policies if each["metadata"]["name"] == "notifications"]
    ports = [str(port["port"]) for rule in outside["spec"]["egress"] for port in rule["ports"]]
    assert f"at the ports {', '.join(ports[:-1])} and {ports[-1]}" in GUIDE
