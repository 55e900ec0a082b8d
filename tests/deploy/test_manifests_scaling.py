"""Replicas: budgets, autoscalers, spread, resources."""

import re

from tests.deploy.manifests import Manifests, containers, labels, selects
from tests.deploy.processes import PROCESSES
from tests.deploy.tools import ROOT


def test_a_disruption_budget_has_one_bound_and_leaves_room_to_drain(manifests: Manifests):
    for budget in manifests.of("PodDisruptionBudget"):
        spec = budget["spec"]
        assert ("maxUnavailable" in spec) != ("minAvailable" in spec)
        assert spec.get("maxUnavailable") == 1
        assert any(selects(spec["selector"], labels(pod)) for pod in manifests.pods().values())


def test_an_autoscaler_owns_the_number_of_an_existing_deployment(manifests: Manifests):
    for scaler in manifests.of("HorizontalPodAutoscaler"):
        spec = scaler["spec"]
        deployment = manifests.one("Deployment", spec["scaleTargetRef"]["name"])
        assert 2 <= spec["minReplicas"] <= spec["maxReplicas"]
        assert "replicas" not in deployment["spec"]
        assert all("cpu" in each["resources"]["requests"] for each in containers(deployment))


def test_production_keeps_two_of_each_process_apart(built, manifests: Manifests, overlay):
    if overlay == "dev":
        assert manifests.of("HorizontalPodAutoscaler") == []
        return
    assert manifests.names("HorizontalPodAutoscaler") == manifests.names("PodDisruptionBudget") == set(PROCESSES)
    for name in PROCESSES:
        spread = manifests.one("Deployment", name)["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert {each["topologyKey"] for each in spread} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
        assert all(each["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": name} for each in spread)


def test_resources_come_with_their_reason():
    for name in PROCESSES:
        text = (ROOT / f"deploy/k8s/base/{name}.yaml").read_text()
        assert re.search(r"# .*(Memory|CPU)", text.partition("kind: Deployment")[0]), name
