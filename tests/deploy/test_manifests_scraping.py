"""What the Prometheus operator finds."""

from tests.deploy.manifests import Manifests, selects


def test_every_service_monitor_finds_a_port_called_metrics(manifests: Manifests):
    for monitor in manifests.of("ServiceMonitor"):
        selector = monitor["spec"]["selector"]
        services = [each for each in manifests.of("Service") if selects(selector, each["metadata"]["labels"])]
        ports = {port["name"] for service in services for port in service["spec"]["ports"]}
        assert {each["port"] for each in monitor["spec"]["endpoints"]} <= ports
