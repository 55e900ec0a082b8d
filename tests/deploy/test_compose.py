import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import yaml

from mesh.settings import PREFIX
from scripts.deployment_secrets import ENVIRONMENT, write_secrets
from tests.deploy.conftest import ROOT
from tests.deploy.kubelet import Inside
from tests.deploy.processes import PROCESSES, READS, SERVICES, Started
from tests.deploy.test_guide import section

FILE = ROOT / "deploy/compose/compose.yml"
PORTS = {  # host port -> service; the predecessor's and the ones fixed for this platform
    8095: "gateway",
    8096: "gateway",
    8097: "gateway",
    8098: "gateway",
    50095: "aggregation",
    50096: "reporting",
    50097: "monitoring",
    5434: "postgres",
    6381: "redis",
    9092: "prometheus",
    9093: "alertmanager",
    3004: "grafana",
    8025: "mail",
}
METRICS = {"aggregation": 9195, "reporting": 9196, "monitoring": 9197, "gateway": 9198}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with YAML's merges done."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("secrets")
    return {path.name: path for path in write_secrets(folder, postgres="postgres:5432", redis="redis:6379", mode=0o644)}


def test_the_command_of_the_predecessor_includes_everything():
    root = yaml.safe_load((ROOT / "docker-compose.analytics.yml").read_text())
    (included,) = root["include"]
    assert (ROOT / included["path"]) == FILE
    assert included["project_directory"] == "."


def test_the_ports_are_those_of_the_predecessor_and_open_to_this_machine_only(compose):
    found = {}
    for name, service in compose["services"].items():
        for port in service.get("ports", ()):
            match = re.fullmatch(r"\$\{TTA_PUBLISH:-127\.0\.0\.1\}:(\d+):(\d+)", port)
            assert match, port
            found[int(match[1])] = name
    assert found == PORTS


def test_every_name_that_is_used_is_there(compose):
    for name, service in compose["services"].items():
        assert set(service.get("secrets", ())) <= set(compose["secrets"]), name
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("./deploy/compose/secrets/"):
                continue
            assert (ROOT / source).exists() if source.startswith("./") else source in compose["volumes"], volume
        for other, how in (service.get("depends_on") or {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][other]
            else:
                assert compose["services"][other]["restart"] == "no"


def test_every_secret_is_one_that_the_make_target_makes(compose, made):
    for name, secret in compose["secrets"].items():
        assert secret["file"] == f"./deploy/compose/secrets/{name}"
        assert name in made
    assert "alertmanager-token" in made


def test_secrets_are_random_long_and_kept_when_asked_again(made):
    ours = {name: path for name, path in made.items() if name != "smtp-password"}
    passwords = [path.read_text().strip() for name, path in ours.items() if name.endswith(("-key", "-password"))]
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in passwords)
    assert len(set(passwords)) == len(passwords)
    before = {name: path.read_bytes() for name, path in made.items()}
    write_secrets(next(iter(made.values())).parent, postgres="elsewhere:1", redis="elsewhere:2", mode=0o644)
    assert {name: path.read_bytes() for name, path in made.items()} == before


def test_a_new_password_of_redis_is_in_all_that_is_made_with_it(tmp_path: Path):
    """As the guide says: the password is written, what was made with the old one is deleted, and made again."""
    (told,) = re.findall(r"write the new one into `(\S+)`, delete `(\S+)` and `(\S+)`", section("Secrets of compose"))
    password, *made_with_it = (tmp_path / name for name in told)
    write_secrets(tmp_path, postgres="postgres:1", redis="redis:2")
    password.write_text("n" * 64 + "\n")
    for each in made_with_it:
        each.unlink()
    holding = [
        path for path in write_secrets(tmp_path, postgres="postgres:1", redis="redis:2") if "n" * 64 in path.read_text()
    ]
    assert sorted(holding) == sorted([password, *made_with_it])


def test_files_are_private_unless_containers_must_read_them(tmp_path):
    for path in write_secrets(tmp_path / "s", postgres="p:1", redis="r:1"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_alertmanager_is_a_service_and_no_person(made):
    secret = made["auth-secret-key"].read_text().strip()
    claims = jwt.decode(made["alertmanager-token"].read_text().strip(), secret, algorithms=["HS256"])
    assert (claims["sub"], claims["role"]) == ("alertmanager", "service")


def test_no_password_stands_in_the_files(compose):
    text = FILE.read_text() + ENVIRONMENT
    assert not re.search(r"(?i)(password|secret|token)[A-Z_]*\s*[:=]\s*[\"']?[a-z0-9]{4,}\s*$", text, re.MULTILINE)
    assert not re.search(r"://[^/\s]*:[^/\s@]+@", text)
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET_KEY|_KEY", name):
                assert name.endswith("FILE"), name
                assert value.startswith("/run/secrets/")


def test_every_setting_is_known_to_the_process_that_reads_it(compose):
    for name in PROCESSES:
        environment = compose["services"][name]["environment"]
        known = {f"{PREFIX}{field.upper()}" for field in READS[name].model_fields}
        assert {variable.removesuffix("_FILE") for variable in environment} <= known
        for value in environment.values():
            if value.startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in compose["services"][name]["secrets"]


def inside(compose: dict[str, Any], name: str, **written: str) -> Inside:
    """Return what a service finds, with variables as the env file fills them, and what people write into it."""
    given = dict(re.findall(r"^(\w+)=(.*)$", ENVIRONMENT, re.MULTILINE)) | written
    service = compose["services"][name]
    variables = {
        variable: re.sub(r"\$\{(\w+)(?::-([^}]*))?[^}]*\}", lambda found: given.get(found[1], found[2]), str(value))
        for variable, value in service["environment"].items()
    }
    files = {f"/run/secrets/{secret}": ("compose", secret) for secret in service["secrets"]}
    return Inside(name, name, service["image"], tuple(service["command"]), variables, files, frozenset())


def test_every_process_starts_on_what_it_is_given_and_asks_for_tokens(compose, started: Started):
    for name in PROCESSES:
        settings = started(inside(compose, name))
        assert settings.auth == "on"
        if name in SERVICES:
            assert urlsplit(settings.database_url or "").username == name


def test_a_mail_server_of_yours_gets_its_user_its_password_from_a_file_and_the_sender(compose, started: Started):
    """Every setting of mail is passed on: one that is left out is a login that fails for a day."""
    server = {
        "TTA_SMTP_HOST": "mail.example.org",
        "TTA_SMTP_PORT": "465",
        "TTA_SMTP_SECURITY": "tls",
        "TTA_SMTP_USERNAME": "tta",
        "TTA_SMTP_SENDER": "tta@example.org",
    }
    assert set(server) <= set(re.findall(r"^(\w+)=", ENVIRONMENT, re.MULTILINE))
    settings = started(inside(compose, "monitoring", **server)).model_dump()
    found = {name: value for name, value in settings.items() if name.startswith("smtp_")}
    assert found.pop("smtp_password").get_secret_value()
    assert found == {
        "smtp_host": "mail.example.org",
        "smtp_port": 465,
        "smtp_security": "tls",
        "smtp_username": "tta",
        "smtp_sender": "tta@example.org",
    }


def test_without_a_mail_server_none_is_tried(compose, started: Started):
    """The sink's name leads nowhere while its profile is off."""
    assert started(inside(compose, "monitoring")).model_dump()["smtp_host"] is None


def test_the_mail_server_s_password_is_a_file_that_containers_read_and_people_fill(compose, made):
    assert made["smtp-password"].read_text().strip() == ""
    assert stat.S_IMODE(made["smtp-password"].stat().st_mode) == 0o644
    mounts = [each.split(":") for each in compose["services"]["alertmanager"]["volumes"]]
    assert ["./deploy/compose/secrets/smtp-password", "/secrets/smtp-password", "ro"] in mounts


def test_an_env_file_of_an_older_version_is_kept_and_names_no_image(tmp_path: Path):
    kept = tmp_path / "analytics.env"
    kept.write_text("TTA_IMAGE_TAG=0.0.9\nTTA_PUBLISH=0.0.0.0\n")
    command = [sys.executable, str(ROOT / "scripts/deployment_secrets.py"), str(tmp_path / "secrets"), "--shared"]
    subprocess.run([*command, "--environment", str(kept)], check=True, capture_output=True)
    assert kept.read_text() == "TTA_IMAGE_TAG=0.0.9\nTTA_PUBLISH=0.0.0.0\n"
    images = re.findall(r"^\s+image: (tta-analytics\S*)$", FILE.read_text(), re.MULTILINE)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert images == [f"tta-analytics:{version}"]


def test_every_variable_of_the_files_has_a_value_in_the_env_file_or_a_default():
    given = set(re.findall(r"^(\w+)=", ENVIRONMENT, re.MULTILINE))
    for name, rest in re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", FILE.read_text()):
        assert rest.startswith(":-") or name in given, name


def test_processes_are_asked_for_their_own_readiness_and_get_time_to_drain(compose):
    for name in PROCESSES:
        service = compose["services"][name]
        assert f"127.0.0.1:{METRICS[name]}/readyz" in service["healthcheck"]["test"][-1]
        assert service["stop_grace_period"] == "40s"
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_processes_start_after_their_schema(compose):
    for name in SERVICES:
        assert compose["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert compose["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in SERVICES:
        assert name in compose["services"]["migrate"]["command"][0]


def test_images_are_pinned(compose):
    for name, service in compose["services"].items():
        tag = service["image"].rpartition(":")[2] if "${" not in service["image"] else "set"
        assert tag, name
        assert tag != "latest"


def test_prometheus_finds_every_process_by_its_name(compose):
    config = yaml.safe_load((ROOT / "deploy/observability/prometheus/prometheus.yml").read_text())
    found = {}
    *processes, watcher = config["scrape_configs"]
    assert watcher["job_name"] == "alertmanager"
    assert watcher["static_configs"] == config["alerting"]["alertmanagers"][0]["static_configs"], (
        "the one that it tells"
    )
    for job in processes:
        ((lookup),) = job["dns_sd_configs"]
        assert lookup["names"] == [job["job_name"]]
        found[job["job_name"]] = lookup["port"]
    assert found == METRICS
    assert set(METRICS) <= set(compose["services"])


def test_the_script_of_roles_is_a_valid_shell_script():
    script = ROOT / "deploy/k8s/overlays/dev/roles.sh"
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert all(name in script.read_text() for name in SERVICES)
