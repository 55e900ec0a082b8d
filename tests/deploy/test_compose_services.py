"""Each service of compose is asked for its health where it listens, has what it reads, and lets nobody in unasked."""

import re
from fnmatch import fnmatch

import pytest

from scripts.deployment_secrets import write_secrets
from tests.deploy.composition import SERVICES, ports, setting
from tests.deploy.processes import PROCESSES
from tests.deploy.processes import SERVICES as WITH_A_STORE


@pytest.mark.parametrize("name", [name for name, each in SERVICES.items() if each["restart"] != "no"])
def test_whatever_goes_on_running_is_asked_for_its_health_at_its_own_port(name: str):
    asked = " ".join(SERVICES[name]["healthcheck"]["test"])
    own = {setting(name, f"{name}_http_port")} if name in PROCESSES else {str(port) for port in ports(name).values()}
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", asked)) <= own


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_published_at_the_ports_that_it_listens_on(name: str):
    listens = setting(name, f"{name}_port")
    if name == "gateway":
        listens += f",{setting(name, 'gateway_legacy_ports')}"
    assert ports(name) == {int(port): int(port) for port in listens.split(",")}


@pytest.mark.parametrize("name", WITH_A_STORE)
def test_a_process_whose_root_can_t_be_written_has_room_for_its_files(name: str):
    service = SERVICES[name]
    assert service["read_only"]
    assert set(service["tmpfs"]) == {"/tmp", f"{service['environment']['TTA_DATA_DIR']}:mode=1777"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_the_secrets_that_it_names_and_no_other(name: str):
    service = SERVICES[name]
    text = str({key: value for key, value in service.items() if key != "secrets"})
    named = {re.sub(r"\$+\w+", "*", each) for each in re.findall(r"/run/secrets/([\w.$-]+)", text)}
    given = set(service.get("secrets", ()))
    assert all(any(fnmatch(secret, each) for secret in given) for each in named)
    if "/run/secrets'" not in text:  # the whole folder, to the script of roles
        assert {secret for secret in given if not any(fnmatch(secret, each) for each in named)} == set()


def test_nobody_comes_in_without_a_password(tmp_path):
    made = {path.name: path.read_text() for path in write_secrets(tmp_path, postgres="postgres:1", redis="redis:2")}
    (conf,) = [each for each in SERVICES["redis"]["command"] if each.startswith("/run/secrets/")]
    assert re.search(r"^requirepass \w{64}$", made[conf.removeprefix("/run/secrets/")], re.MULTILINE)
    environments = {name: each.get("environment", {}) for name, each in SERVICES.items()}
    assert "POSTGRES_PASSWORD_FILE" in environments["postgres"]
    assert "GF_SECURITY_ADMIN_PASSWORD__FILE" in environments["grafana"]
    assert {setting(name, "auth") for name in PROCESSES} == {"on"}
    opening = [key for each in environments.values() for key in each if "AUTH_METHOD" in key or "GF_AUTH" in key]
    assert opening == []
