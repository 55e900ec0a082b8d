"""Prometheus, Alertmanager and Grafana of compose find each other, and what they read is mounted where they look."""

from urllib.parse import urlsplit

import pytest
import yaml

from tests.deploy.composition import SERVICES, mounted, ports
from tests.deploy.rule_files import FILES, FOLDER
from tests.deploy.tools import ROOT

PROMETHEUS = yaml.safe_load((FOLDER / "prometheus/prometheus.yml").read_text())
GRAFANA = FOLDER / "grafana/provisioning"


def addresses() -> list[str]:
    """Return whom the configurations name: the alert managers, the platform's webhook, the data sources."""
    managers = [each for how in PROMETHEUS["alerting"]["alertmanagers"] for each in how["static_configs"]]
    routing = yaml.safe_load((FOLDER / "alertmanager/alertmanager.yml").read_text())
    hooks = [hook for receiver in routing["receivers"] for hook in receiver.get("webhook_configs", ())]
    sources = yaml.safe_load((GRAFANA / "datasources/prometheus.yml").read_text())["datasources"]
    targets = [f"http://{target}" for each in managers for target in each["targets"]]
    return [*targets, *(hook["url"] for hook in hooks), *(source["url"] for source in sources)]


@pytest.mark.parametrize("address", addresses())
def test_whom_a_configuration_names_is_a_service_that_listens_there(address: str):
    named = urlsplit(address)
    assert named.scheme == "http"
    assert named.port in ports(str(named.hostname)).values()


def test_prometheus_reads_every_rule():
    found = {path for pattern in PROMETHEUS["rule_files"] for path in (FOLDER / "prometheus").glob(pattern)}
    assert sorted(found) == FILES


@pytest.mark.parametrize("name", ["prometheus", "alertmanager"])
def test_the_configuration_that_the_command_names_is_mounted(name: str):
    (file,) = [each.partition("=")[2] for each in SERVICES[name]["command"] if each.startswith("--config.file=")]
    assert ROOT / mounted(name, file) == FOLDER / f"{name}/{name}.yml"
    kept = next(each.partition("=")[2] for each in SERVICES[name]["command"] if each.startswith("--storage"))
    assert mounted(name, kept) == name


def test_grafana_finds_the_data_source_and_the_dashboards():
    assert ROOT / mounted("grafana", "/etc/grafana/provisioning") == GRAFANA
    (provider,) = yaml.safe_load((GRAFANA / "dashboards/dashboards.yml").read_text())["providers"]
    assert ROOT / mounted("grafana", provider["options"]["path"]) == FOLDER / "grafana/dashboards"
