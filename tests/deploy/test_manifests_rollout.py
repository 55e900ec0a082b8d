"""A new version comes in without taking the old one away first."""

import tomllib

from tests.deploy.manifests import Manifests, containers
from tests.deploy.processes import PROCESSES, SERVICES, Started
from tests.deploy.tools import ROOT


def test_images_are_pinned_and_the_job_is_the_version_s(manifests: Manifests):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            name, _, tag = container["image"].rpartition(":")
            assert name, f"{container['image']} has no tag"
            assert tag != "latest"
            if name == "tta-analytics":
                assert tag == version
    assert manifests.names("Job") == {f"migrate-{version.replace('.', '-')}"}
    job = manifests.one("Job", f"migrate-{version.replace('.', '-')}")
    assert sorted(tuple(each["args"]) for each in containers(job)) == [("migrate", name) for name in SERVICES]


def test_the_rollout_waits_for_the_schema_and_never_takes_a_pod_away_first(manifests: Manifests):
    for name in SERVICES:
        deployment = manifests.one("Deployment", name)
        first, _ = containers(deployment, first=True)
        assert first["args"][:3] == ["migrate", name, "--wait"]
    for name in PROCESSES:
        rolling = manifests.one("Deployment", name)["spec"]["strategy"]["rollingUpdate"]
        assert (rolling["maxUnavailable"], rolling["maxSurge"]) == (0, 1)


def test_the_grace_period_covers_the_sleep_and_the_drain(manifests: Manifests, started: Started):
    for name in PROCESSES:
        drain = started(manifests.inside(name)).drain_timeout.total_seconds()
        pod = manifests.one("Deployment", name)["spec"]["template"]["spec"]
        sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert sleep >= 5
        assert pod["terminationGracePeriodSeconds"] >= sleep + drain + 10


def test_probes_are_native_on_the_plaintext_port_and_have_time(manifests: Manifests):
    for name in SERVICES:
        container = containers(manifests.one("Deployment", name))[0]
        health = int(manifests.environment(name)["TTA_HEALTH_PORT"])
        assert health in [port["containerPort"] for port in container["ports"]]
        wanted = {"startupProbe": "liveness", "readinessProbe": "readiness", "livenessProbe": "liveness"}
        for probe, what in wanted.items():
            assert container[probe]["grpc"] == {"port": health, "service": f"{name}-{what}"}
            assert container[probe]["timeoutSeconds"] >= 2
    container = containers(manifests.one("Deployment", "gateway"))[0]
    for probe, path in {"startupProbe": "/livez", "readinessProbe": "/readyz", "livenessProbe": "/livez"}.items():
        assert container[probe]["httpGet"] == {"path": path, "port": "metrics"}
        assert container[probe]["timeoutSeconds"] >= 2
