"""Files that settings name, the secrets behind them, and who holds which."""

from tests.deploy.manifests import Manifests, containers
from tests.deploy.processes import PROCESSES, SERVICES


def test_every_file_that_a_setting_names_is_mounted_and_every_mounted_secret_is_read(manifests: Manifests):
    keys = {each["secretKey"] for secret in manifests.of("ExternalSecret") for each in secret["spec"]["data"]}
    for each in manifests.of("Secret"):
        keys |= set(each.get("data", {}))
    for workload in manifests.workloads():
        name = workload["metadata"]["labels"]["app.kubernetes.io/name"]
        if name not in (*PROCESSES, "migrate"):
            continue
        (volume,) = [each for each in workload["spec"]["template"]["spec"]["volumes"] if each["name"] == "secrets"]
        files = {f"/secrets/{each['path']}" for each in volume["secret"]["items"]}
        named = {
            each["value"]
            for container in containers(workload, first=True)
            for each in container["env"]
            if each["name"].endswith("_FILE")
        }
        assert files == named
        assert {each["key"] for each in volume["secret"]["items"]} <= keys


def test_secrets_go_only_to_the_processes_that_open_what_they_lock(manifests: Manifests):
    def held(name: str) -> set[str]:
        (volume,) = [
            each
            for each in manifests.one("Deployment", name)["spec"]["template"]["spec"]["volumes"]
            if each["name"] == "secrets"
        ]
        return {each["key"] for each in volume["secret"]["items"]}

    assert held("gateway") == {"auth-secret-key", "redis-url"}
    assert not {"pseudonym-key", "seal-key"} & held("reporting")
    for name in SERVICES:
        assert {key for key in held(name) if key.endswith("-database-url")} == {f"{name}-database-url"}
