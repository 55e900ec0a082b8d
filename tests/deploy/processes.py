"""The processes that the manifests run: their names, ports and settings, and a start on what a pod gives them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregation_svc.settings import AggregationSettings
from gateway.settings import GatewaySettings
from mesh.settings import PREFIX, Settings
from monitoring_svc.settings import MonitoringSettings
from reporting_svc.settings import ReportingSettings
from tests.deploy.kubelet import Inside
from tta_analytics.settings import CommandSettings

SERVICES = ("aggregation", "monitoring", "reporting")
PROCESSES = (*SERVICES, "gateway")
PORT = {"aggregation": 50095, "reporting": 50096, "monitoring": 50097}
READS: dict[str, type[Settings]] = {
    "aggregation": AggregationSettings,
    "monitoring": MonitoringSettings,
    "reporting": ReportingSettings,
    "gateway": GatewaySettings,
}
Started = Callable[[Inside], Settings]
"""Reads the settings as the process of a container does."""
ADDRESSES = {  # in Secrets that people make
    ("import-neo4j", "uri"): "bolt://graph:7687",
    ("import-redis", "url"): "redis://cache:6379/0",
    ("import-prometheus", "url"): "https://prometheus:9091",
}


def settings_of(inside: Inside, platform: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings that a process of ours reads in its container; `platform` is what its own secret holds.

    Raises what the process would: SettingError or ValidationError where it would not start.
    """
    for variable in list(os.environ):
        if variable.startswith(PREFIX):
            monkeypatch.delenv(variable)
    for path, (secret, key) in inside.files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(ADDRESSES.get((secret, key)) or platform.get(key) or "what stands there is of no account")
    for variable, value in inside.variables.items():
        monkeypatch.setenv(variable, f"{folder}{value}" if variable.endswith("_FILE") else value)
    return (CommandSettings if inside.args[0] in {"import", "release"} else READS[inside.args[1]])()
