"""A new version comes in without taking the old one away first."""

import tomllib

from pydantic import TypeAdapter

from mesh import migrations
from mesh.setting_types import Duration
from tests.deploy.manifests import Manifests, containers, labels, selects, template
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


def seconds(duration: str) -> float:
    return TypeAdapter(Duration).validate_python(duration).total_seconds()


def test_the_rollout_waits_for_the_schema_and_never_takes_a_pod_away_first(manifests: Manifests):
    (job,) = manifests.of("Job")
    assert migrations.PATIENCE.total_seconds() < job["spec"]["activeDeadlineSeconds"]
    for name in SERVICES:
        first, _ = containers(manifests.one("Deployment", name), first=True)
        assert first["args"][:3] == ["migrate", name, "--wait"]
        assert 300 <= seconds(first["args"][3]) <= job["spec"]["activeDeadlineSeconds"]
    for name in PROCESSES:
        spec = manifests.one("Deployment", name)["spec"]
        assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}


def test_a_rollout_runs_at_once_and_can_be_undone(manifests: Manifests):
    for deployment in manifests.of("Deployment"):
        assert not deployment["spec"].get("paused", False)
        assert deployment["spec"].get("revisionHistoryLimit", 10) >= 2


def test_pods_restart_as_their_kind_demands(deployment: Manifests):
    for workload in deployment.workloads():
        policy = template(workload)["spec"].get("restartPolicy", "Always")
        ends = workload["kind"] in ("Job", "CronJob")
        assert policy in (("OnFailure", "Never") if ends else ("Always",)), workload["metadata"]["name"]
        assert not workload["spec"].get("suspend", False)


def test_the_pods_of_a_stateful_set_have_names_in_its_own_service(manifests: Manifests):
    for stateful in manifests.of("StatefulSet"):
        service = manifests.one("Service", stateful["spec"]["serviceName"])
        assert selects({"matchLabels": service["spec"]["selector"]}, labels(template(stateful)))


def test_a_process_has_a_minute_to_start_and_is_not_killed_for_one_late_answer(manifests: Manifests):
    for name in PROCESSES:
        container = containers(manifests.one("Deployment", name))[0]
        start, alive = container["startupProbe"], container["livenessProbe"]
        assert start["periodSeconds"] * start["failureThreshold"] >= 60
        assert alive.get("failureThreshold", 3) >= 3
        assert alive["periodSeconds"] >= alive["timeoutSeconds"]


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
