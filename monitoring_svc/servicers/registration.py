"""Every servicer of monitoring, and how a server gets to know them."""

from dataclasses import dataclass

import grpc
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    legacy_monitoring_pb2_grpc,
    monitoring_pb2,
    monitoring_pb2_grpc,
    notification_pb2,
    notification_pb2_grpc,
    rule_pb2,
    rule_pb2_grpc,
    subject_rights_pb2_grpc,
)

from monitoring_svc.servicers.alerts import AlertServicer
from monitoring_svc.servicers.legacy import LegacyServicer
from monitoring_svc.servicers.monitoring import MonitoringServicer
from monitoring_svc.servicers.notifications import NotificationServicer
from monitoring_svc.servicers.once import Once
from monitoring_svc.servicers.rules import RuleServicer
from monitoring_svc.servicers.subject_rights import SubjectRightsServicer


@dataclass(frozen=True, slots=True)
class Servicers:
    """One servicer a gRPC service."""

    monitoring: MonitoringServicer
    alerts: AlertServicer
    rules: RuleServicer
    notifications: NotificationServicer
    rights: SubjectRightsServicer
    legacy: LegacyServicer

    @property
    def names(self) -> tuple[str, ...]:
        """Full names of the gRPC services."""
        services = (
            *("MonitoringService", "AlertService", "RuleService", "NotificationService"),
            *("SubjectRightsService", "MonitoringLegacyService"),
        )
        return tuple(f"tta.analytics.v1.{name}" for name in services)

    def answer_once(self, once: Once) -> None:
        """Put every unary write under its request id."""
        once.cover(self.monitoring, monitoring_pb2.DESCRIPTOR.services_by_name["MonitoringService"])
        once.cover(self.alerts, alert_pb2.DESCRIPTOR.services_by_name["AlertService"])
        once.cover(self.rules, rule_pb2.DESCRIPTOR.services_by_name["RuleService"])
        once.cover(self.notifications, notification_pb2.DESCRIPTOR.services_by_name["NotificationService"])

    def register(self, server: grpc.aio.Server) -> None:
        """Add every servicer to the server."""
        monitoring_pb2_grpc.add_MonitoringServiceServicer_to_server(self.monitoring, server)
        alert_pb2_grpc.add_AlertServiceServicer_to_server(self.alerts, server)
        rule_pb2_grpc.add_RuleServiceServicer_to_server(self.rules, server)
        subject_rights_pb2_grpc.add_SubjectRightsServiceServicer_to_server(self.rights, server)
        legacy_monitoring_pb2_grpc.add_MonitoringLegacyServiceServicer_to_server(self.legacy, server)
        notification_pb2_grpc.add_NotificationServiceServicer_to_server(self.notifications, server)
