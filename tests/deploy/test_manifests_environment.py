"""What each process reads from its environment: it starts on it, and no secret stands there."""

import base64
import re
from urllib.parse import urlsplit

from mesh.settings import PREFIX
from tests.deploy.kubelet import POD_IP
from tests.deploy.manifests import Manifests
from tests.deploy.processes import PROCESSES, READS, SERVICES, Started
from tta_analytics.settings import CommandSettings

SECRET = re.compile(r"(PASSWORD|SECRET|TOKEN|KEY|CREDENTIALS?)(_FILE)?$")


def test_every_setting_is_known_to_the_process_that_reads_it(deployment: Manifests):
    variable = {name: {f"{PREFIX}{field.upper()}" for field in reads.model_fields} for name, reads in READS.items()}
    everywhere = set().union(*variable.values())
    shared = set(deployment.settings())
    assert shared <= everywhere
    for inside in deployment.insides():
        if inside.ours:
            own = {name.removesuffix("_FILE") for name in inside.variables} - shared - {"POD_IP"}
            reads = {f"{PREFIX}{field.upper()}" for field in CommandSettings.model_fields}
            assert own <= variable.get(inside.args[1], reads), inside.workload


def test_every_process_starts_on_what_its_container_finds_and_asks_for_tokens(deployment: Manifests, started: Started):
    found = [started(inside) for inside in deployment.insides() if inside.ours]
    assert len(found) >= 2 * len(SERVICES) + len(PROCESSES)
    assert {each.auth for each in found} == {"on"}


def test_every_process_is_given_what_all_share(manifests: Manifests):
    for name in PROCESSES:
        assert manifests.settings().items() <= manifests.inside(name).variables.items()


def test_whoever_keeps_tables_opens_the_database_of_its_own_role(deployment: Manifests, started: Started):
    opened = [each for each in deployment.insides() if each.ours and each.args[1] in SERVICES]
    assert {each.args[0] for each in opened} == {"serve", "migrate"}
    for inside in opened:
        assert urlsplit(started(inside).database_url or "").username == inside.args[1], inside.workload


def test_a_replica_of_monitoring_is_reached_at_its_own_address(manifests: Manifests, started: Started):
    settings = started(manifests.inside("monitoring"))
    assert settings.advertise == f"{POD_IP}:{settings.monitoring_port}"  # type: ignore[attr-defined]


def test_no_secret_stands_in_an_environment_variable(deployment: Manifests):
    for inside in deployment.insides():
        for name, value in inside.variables.items():
            assert not SECRET.search(name) or value in inside.files, (inside.workload, name)
            assert not re.search(r"://[^/]*:[^/]*@", value), (inside.workload, name)
    for name, data in deployment.config().items():
        assert not re.search(r"://[^/\s]*:[^/\s]*@", " ".join(data.values())), name


def test_no_variable_is_filled_from_a_secret(deployment: Manifests):
    assert "secretKeyRef" not in str(deployment.workloads())
    assert "secretRef" not in str(deployment.workloads())


def test_the_stores_ask_for_a_password(parsed: dict[str, Manifests]):
    postgres, redis = (parsed["dev"].inside(name) for name in ("postgres", "redis"))
    _, key = postgres.files[postgres.variables["POSTGRES_PASSWORD_FILE"]]
    assert key == "postgres-password"
    assert "POSTGRES_HOST_AUTH_METHOD" not in postgres.variables
    secret, key = redis.files[redis.args[-1]]
    configuration = base64.b64decode(parsed["dev"].one("Secret", secret)["data"][key]).decode()
    assert re.search(r"^requirepass \S{32,}$", configuration, re.MULTILINE)
