"""Files that settings name, the secrets behind them, who holds which, and where processes write."""

import re

from mesh.settings import PREFIX
from tests.deploy.kubelet import Inside
from tests.deploy.manifests import Manifests, template, volumes
from tests.deploy.processes import PROCESSES, SERVICES, Started


def named_files(inside: Inside) -> dict[str, str]:
    """Return the files that settings of a container name: path -> setting, written as keys of secrets are."""
    return {
        value: name.removeprefix(PREFIX).removesuffix("_FILE").lower().replace("_", "-")
        for name, value in inside.variables.items()
        if name.endswith("_FILE")
    }


def test_every_file_that_a_setting_names_is_mounted_and_is_the_setting_s(deployment: Manifests):
    for inside in deployment.insides():
        if inside.ours:
            for path, setting in named_files(inside).items():
                _, key = inside.files[path]
                of_the_service = f"{inside.args[1]}-{setting}"
                assert key in (setting, of_the_service) or setting.endswith(f"-{key}"), (inside.workload, setting)


def test_every_secret_that_is_mounted_is_read_by_some_container(deployment: Manifests):
    for workload in deployment.pods():
        read, mounted = set(), set()
        for inside in deployment.insides():
            if inside.workload == workload and inside.ours:
                read |= set(named_files(inside)) | (set(inside.variables.values()) & set(inside.files))
                mounted |= set(inside.files)
        assert read == mounted, workload


def test_every_key_that_is_mounted_is_one_that_its_secret_has(deployment: Manifests):
    keys = deployment.secrets()
    for inside in deployment.insides():
        for secret, key in inside.files.values():
            assert key in keys[secret], (inside.workload, secret)


def test_secrets_go_only_to_the_processes_that_open_what_they_lock(manifests: Manifests):
    held = {name: {key for _, key in manifests.inside(name).files.values()} for name in PROCESSES}
    locks = {"pseudonym-key", "seal-key", "audit-key"}
    assert held["gateway"].isdisjoint(locks)
    assert held["reporting"] & locks == {"audit-key"}
    for name in PROCESSES:
        databases = {key for key in held[name] if key.endswith("-database-url")}
        assert databases == ({f"{name}-database-url"} if name in SERVICES else set())


def test_files_of_secrets_are_for_the_process_s_group_and_nobody_else(deployment: Manifests):
    for workload in deployment.workloads():
        context = template(workload)["spec"]["securityContext"]
        for volume in volumes(workload).values():
            if "secret" in volume:
                assert context["fsGroup"] == context["runAsGroup"]
                assert volume["secret"]["defaultMode"] & 0o777 == 0o440, workload["metadata"]["name"]


def test_a_process_writes_to_folders_of_its_own(deployment: Manifests, started: Started):
    """The root can't be written to: a folder that is not mounted would be found missing at the first write."""
    for inside in deployment.insides():
        assert "/tmp" in inside.writable, inside.workload
        if inside.ours and inside.args[0] in ("serve", "import") and inside.args[1] != "gateway":
            assert str(started(inside).data_dir) in inside.writable, inside.workload


def test_every_folder_that_a_store_is_told_of_is_mounted(parsed: dict[str, Manifests]):
    for inside in parsed["dev"].insides():
        if not inside.ours:
            folders = [value for value in inside.variables.values() if re.fullmatch(r"/[\w/-]+", value)]
            for folder in set(folders) - set(inside.files):
                assert any(folder.startswith(f"{each}/") for each in inside.writable), folder
