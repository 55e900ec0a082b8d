"""What the Prometheus operator finds."""

from pydantic import TypeAdapter

from mesh.setting_types import Duration
from tests.deploy.manifests import Manifests, selects
from tests.deploy.processes import PROCESSES


def seconds(duration: str) -> float:
    return TypeAdapter(Duration).validate_python(duration).total_seconds()


def test_every_process_is_scraped_once_by_the_monitor_of_its_name(manifests: Manifests, overlay: str):
    assert manifests.names("ServiceMonitor") == (set() if overlay == "dev" else set(PROCESSES))
    for monitor in manifests.of("ServiceMonitor"):
        spec = monitor["spec"]
        (endpoint,) = spec["endpoints"]
        services = [each for each in manifests.of("Service") if selects(spec["selector"], each["metadata"]["labels"])]
        found = [
            each["metadata"]["name"]
            for each in services
            if endpoint["port"] in {port["name"] for port in each["spec"]["ports"]}
        ]
        assert found == [monitor["metadata"]["name"]]
        assert "namespaceSelector" not in spec, "without one it looks in its own namespace"


def test_a_scrape_asks_where_the_metrics_are_and_ends_before_the_next(manifests: Manifests):
    for monitor in manifests.of("ServiceMonitor"):
        (endpoint,) = monitor["spec"]["endpoints"]
        assert endpoint.get("path", "/metrics") == "/metrics"
        assert seconds(endpoint["scrapeTimeout"]) <= seconds(endpoint["interval"]) <= 60
