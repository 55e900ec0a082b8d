"""The processes that the manifests run: their names, ports and settings."""

from aggregation_svc.settings import AggregationSettings
from gateway.settings import GatewaySettings
from mesh.settings import Settings
from monitoring_svc.settings import MonitoringSettings
from reporting_svc.settings import ReportingSettings

SERVICES = ("aggregation", "monitoring", "reporting")
PROCESSES = (*SERVICES, "gateway")
PORT = {"aggregation": 50095, "reporting": 50096, "monitoring": 50097}
READS: dict[str, type[Settings]] = {
    "aggregation": AggregationSettings,
    "monitoring": MonitoringSettings,
    "reporting": ReportingSettings,
    "gateway": GatewaySettings,
}
