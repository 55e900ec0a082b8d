"""Replicas: budgets, autoscalers, spread, resources."""

import re

from mesh.settings import Settings
from tests.deploy.manifests import Manifests, containers, labels, selects
from tests.deploy.processes import PROCESSES, SERVICES
from tests.deploy.tools import ROOT

SCALER = "HorizontalPodAutoscaler"
LONGEST_WINDOW, LONGEST_PERIOD = 3600, 1800
"""Seconds: an API server refuses more."""


def test_a_disruption_budget_has_one_bound_and_leaves_room_to_drain(manifests: Manifests):
    for budget in manifests.of("PodDisruptionBudget"):
        spec = budget["spec"]
        assert ("maxUnavailable" in spec) != ("minAvailable" in spec)
        assert spec.get("maxUnavailable") == 1
        held = {name for name, pod in manifests.pods().items() if selects(spec["selector"], labels(pod))}
        assert held == {budget["metadata"]["name"]}


def test_an_autoscaler_owns_the_number_of_an_existing_deployment(manifests: Manifests):
    for scaler in manifests.of("HorizontalPodAutoscaler"):
        spec = scaler["spec"]
        name = scaler["metadata"]["name"]
        assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
        deployment = manifests.one("Deployment", name)
        assert 2 <= spec["minReplicas"] <= spec["maxReplicas"]
        assert "replicas" not in deployment["spec"]
        assert all("cpu" in each["resources"]["requests"] for each in containers(deployment))


def test_an_autoscaler_adds_replicas_before_a_core_is_full_and_takes_them_away_slowly(manifests: Manifests):
    for scaler in manifests.of("HorizontalPodAutoscaler"):
        (metric,) = scaler["spec"]["metrics"]
        assert (metric["type"], metric["resource"]["name"]) == ("Resource", "cpu")
        target = metric["resource"]["target"]
        assert target["type"] == "AverageValue", "a share would be one of what is requested, not of a core"
        assert 0.5 <= quantity(target["averageValue"]) <= 0.9
        down = scaler["spec"]["behavior"]["scaleDown"]
        assert 300 <= down["stabilizationWindowSeconds"] <= LONGEST_WINDOW
        assert all(0 < each["periodSeconds"] <= LONGEST_PERIOD and each["value"] > 0 for each in down["policies"])


def test_the_guide_asks_for_connections_for_every_replica_that_may_run(parsed):
    most = {each["metadata"]["name"]: each["spec"]["maxReplicas"] for each in parsed["production"].of(SCALER)}
    pool = Settings.model_fields["database_pool_size"].default
    # While a version comes in there is one more of each; monitoring keeps one more for its log.
    wanted = sum((most[name] + 1) * (pool + (name == "monitoring")) for name in SERVICES)
    (told,) = re.findall(r"`max_connections` of (\d+) or more", (ROOT / "docs/operations.md").read_text())
    assert wanted + 20 <= int(told) <= 2 * wanted


def test_production_keeps_two_of_each_process_apart(built, manifests: Manifests, overlay):
    if overlay == "dev":
        assert manifests.of("HorizontalPodAutoscaler") == []
        return
    assert manifests.names("HorizontalPodAutoscaler") == manifests.names("PodDisruptionBudget") == set(PROCESSES)
    for name in PROCESSES:
        spread = manifests.one("Deployment", name)["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
        assert all(each["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": name} for each in spread)
        assert all(each["maxSkew"] == 1 for each in spread)
        assert all(each["matchLabelKeys"] == ["pod-template-hash"] for each in spread), "old pods would count"


def quantity(written: str) -> float:
    """Return what a quantity of Kubernetes says, in cores or bytes."""
    number, unit = re.fullmatch(r"(\d+)([a-zA-Z]*)", str(written)).groups()  # type: ignore[union-attr]
    return int(number) * {"": 1, "m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}[unit]


def test_what_a_container_asks_for_is_of_the_size_of_a_process_and_below_its_limit(deployment: Manifests):
    for workload in deployment.workloads():
        for container in containers(workload, first=True):
            asked, limit = container["resources"]["requests"], container["resources"]["limits"]
            assert 0.05 <= quantity(asked["cpu"]) <= 1, "one event loop uses one core"
            assert 2**25 <= quantity(asked["memory"]) <= quantity(limit["memory"]) <= 2**33, workload["metadata"]
            assert all(quantity(limit[name]) >= quantity(asked[name]) for name in limit)


def test_resources_come_with_their_reason():
    for name in PROCESSES:
        text = (ROOT / f"deploy/k8s/base/{name}.yaml").read_text()
        assert re.search(r"# .*(Memory|CPU)", text.partition("kind: Deployment")[0]), name
