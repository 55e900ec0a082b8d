"""Services, the ports that pods open, and the ports that processes listen on."""

import re

from gateway.settings import LEGACY, GatewaySettings
from tests.deploy.manifests import Manifests, Object, containers, labels, selects
from tests.deploy.processes import PORT, PROCESSES, SERVICES, Started


def opened(workload: Object) -> dict[str, int]:
    """Return the ports that a workload's containers say they open, by name."""
    return {port["name"]: port["containerPort"] for each in containers(workload) for port in each.get("ports", ())}


def behind(manifests: Manifests, service: Object) -> Object:
    """Return the one workload whose pods a Service reaches."""
    selector = {"matchLabels": service["spec"]["selector"]}
    reached = [each for each in manifests.workloads() if selects(selector, labels(manifests.pods()[name_of(each)]))]
    assert len(reached) == 1, name_of(service)
    return reached[0]


def name_of(thing: Object) -> str:
    return str(thing["metadata"]["name"])


def test_pods_open_the_ports_that_their_processes_listen_on(manifests: Manifests, started: Started):
    for name in PROCESSES:
        settings = started(manifests.inside(name))
        listens = {"metrics": getattr(settings, f"{name}_http_port")}
        if isinstance(settings, GatewaySettings):
            legacy = ("legacy-aggr", "legacy-rep", "legacy-mon")
            listens |= {"http": settings.gateway_port, **dict(zip(legacy, settings.gateway_legacy_ports, strict=True))}
        else:
            listens |= {"grpc": getattr(settings, f"{name}_port"), "health": settings.health_port}
        assert opened(manifests.one("Deployment", name)) == listens


def test_every_service_reaches_the_pods_whose_name_it_bears(deployment: Manifests):
    reached = {name_of(each): name_of(behind(deployment, each)) for each in deployment.of("Service")}
    assert reached.pop("legacy") == "gateway"
    assert {*PROCESSES} <= set(reached)
    assert all(service == workload for service, workload in reached.items()), reached
    for each in deployment.of("Service"):
        assert each["metadata"]["labels"]["app.kubernetes.io/name"] == name_of(behind(deployment, each))


def test_every_service_reaches_a_port_that_its_pods_open_under_the_same_number(deployment: Manifests):
    """Callers of a headless service dial pods themselves: its number must be theirs. Pages alone move, to 80."""
    for service in deployment.of("Service"):
        ports = opened(behind(deployment, service))
        for each in service["spec"]["ports"]:
            same = 80 if (name_of(service), each["name"]) == ("gateway", "http") else ports[each["targetPort"]]
            assert each["port"] == same, (name_of(service), each["name"])


def test_the_predecessor_s_ports_are_named_after_whose_they_were(deployment: Manifests):
    legacy = deployment.one("Service", "legacy")["spec"]["ports"]
    assert {each["port"]: each["name"] for each in legacy} == LEGACY


def test_no_service_sends_callers_to_pods_that_are_not_ready(deployment: Manifests):
    assert not any(each["spec"].get("publishNotReadyAddresses") for each in deployment.of("Service"))


def test_ports_are_numbers_that_exist_and_names_that_are_short_enough(deployment: Manifests):
    for workload in deployment.workloads():
        for name, number in opened(workload).items():
            assert 0 < number < 65536
            assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", name)
    for service in deployment.of("Service"):
        assert all(0 < port["port"] < 65536 for port in service["spec"]["ports"])


def test_services_of_the_mesh_are_headless_so_that_callers_see_every_pod(manifests: Manifests, started: Started):
    for name in SERVICES:
        assert manifests.one("Service", name)["spec"]["clusterIP"] == "None"
        for caller in PROCESSES:
            assert started(manifests.inside(caller)).target(name) == f"dns:///{name}:{PORT[name]}"
