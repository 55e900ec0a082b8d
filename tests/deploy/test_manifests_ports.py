"""Services, the ports that pods open, and the ports that processes listen on."""

import re

from tests.deploy.manifests import Manifests, containers, labels, selects
from tests.deploy.processes import PORT, SERVICES


def test_every_service_reaches_a_port_that_some_pod_opens(manifests: Manifests):
    for service in manifests.of("Service"):
        wanted = {"matchLabels": service["spec"]["selector"]}
        workloads = [each for each in manifests.workloads() if selects(wanted, labels(each["spec"]["template"]))]
        assert len(workloads) == 1, service["metadata"]["name"]
        opened = {port["name"] for each in containers(workloads[0]) for port in each.get("ports", ())}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= opened


def test_ports_are_numbers_that_exist_and_names_that_are_short_enough(manifests: Manifests):
    for workload in manifests.workloads():
        for container in containers(workload, first=True):
            for port in container.get("ports", ()):
                assert 0 < port["containerPort"] < 65536
                assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", port["name"])
    for service in manifests.of("Service"):
        assert all(0 < port["port"] < 65536 for port in service["spec"]["ports"])


def test_services_of_the_mesh_are_headless_so_that_callers_see_every_pod(manifests: Manifests):
    assert all(manifests.one("Service", name)["spec"]["clusterIP"] == "None" for name in SERVICES)
    for name in SERVICES:
        assert manifests.settings()[f"TTA_{name.upper()}_TARGET"] == f"dns:///{name}:{PORT[name]}"
