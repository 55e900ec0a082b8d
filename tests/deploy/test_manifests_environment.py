"""What each process reads from its environment."""

import re

from mesh.settings import PREFIX, Settings
from tests.deploy.manifests import Manifests, Object, containers
from tests.deploy.processes import PROCESSES, READS, SERVICES


def is_ours(container: Object) -> bool:
    return str(container["image"]).startswith("tta-analytics:")


def test_every_setting_is_known_to_the_process_that_reads_it(manifests: Manifests):
    shared = set(Settings.model_fields)
    for name in PROCESSES:
        known = {f"{PREFIX}{field.upper()}" for field in READS[name].model_fields}
        own = {each["name"] for each in containers(manifests.one("Deployment", name))[0]["env"]} - {"POD_IP"}
        assert {variable.removesuffix("_FILE") for variable in own} <= known
    anywhere = {f"{PREFIX}{field.upper()}" for reads in READS.values() for field in (*reads.model_fields, *shared)}
    assert set(manifests.settings()) <= anywhere
    ours = [each for workload in manifests.workloads() for each in containers(workload, first=True) if is_ours(each)]
    assert len(ours) == 2 * len(SERVICES) + len(PROCESSES)
    assert {each["name"].removesuffix("_FILE") for container in ours for each in container["env"]} <= anywhere | {
        "POD_IP"
    }


def test_no_secret_stands_in_an_environment_variable(manifests: Manifests):
    secret = {f"{PREFIX}{name.upper()}" for reads in READS.values() for name in reads.model_fields}
    secret = {name for name in secret if name.endswith(("_KEY", "_SECRET", "_PASSWORD", "_TOKEN"))} - {"TTA_TLS_KEY"}
    secret |= {"TTA_DATABASE_URL", "TTA_REDIS_URL"}
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            for each in container.get("env", ()):
                assert each["name"] not in secret
                assert "secretKeyRef" not in each.get("valueFrom", {})
                assert not re.search(r"://[^/]*:[^/]*@", each.get("value", ""))
            assert not any("secretRef" in source for source in container.get("envFrom", ()))
    for config in manifests.of("ConfigMap"):
        assert not secret & set(config["data"])
