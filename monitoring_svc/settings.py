"""Settings of the monitoring process."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr

from mesh.setting_types import Duration, Names, Port
from mesh.settings import Settings
from monitoring_svc.domain.crisis.semantics import Thresholds


class MonitoringSettings(Settings):
    """What monitoring needs beside what all processes share."""

    crisis_deadline: Duration = Field(
        default=timedelta(milliseconds=200),
        description="How long a signal waits for the semantic crisis layer; after it the rule layer's decision stands.",
    )
    crisis_semantic: Literal["on", "off"] = Field(
        default="on",
        description="Whether the semantic crisis layer takes part (extra crisis-model); the rules always do.",
    )
    crisis_semantic_moderate: float = Field(
        default=0.64,
        ge=0,
        le=1,
        description="Least value of the semantic head for a moderate crisis. Lower hears more and alarms more falsely.",
    )
    crisis_semantic_high: float = Field(
        default=0.64, ge=0, le=1, description="The same for a crisis of high severity; see the crisis model card."
    )
    crisis_semantic_imminent: float = Field(
        default=0.64, ge=0, le=1, description="The same for an imminent crisis; see the crisis model card."
    )
    signal_consent: Literal["unless_refused", "required"] = Field(
        default="required",
        description="Whose signals may raise alerts other than safety concerns: only those who said yes to analytics, "
        "or all who have not said no. Crisis language, and rules of type `safety_concern`, speak of every player.",
    )
    smtp_host: str | None = Field(default=None, description="Mail server. Not set: e-mails wait in the outbox.")
    smtp_port: Port = Field(default=587, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the way to the mail server is protected; `none` for loopback only."
    )
    smtp_username: str | None = Field(default=None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    smtp_sender: str = Field(default="tta-analytics@localhost", description="From address of e-mails.")
    outbound_private: bool = Field(
        default=False, description="Whether webhooks may reach private addresses (10.0.0.0/8 and their kin)."
    )
    stream_kept: int = Field(
        default=4096,
        ge=16,
        le=1_000_000,
        description="Alert events kept in memory for streams; older from the database.",
    )
    alert_retention: Duration = Field(
        default=timedelta(days=365), description="How long resolved alerts and their events are kept."
    )
    metric_staleness: Duration = Field(
        default=timedelta(minutes=5), description="After so long without a point a metric is stale."
    )
    metric_series: int = Field(default=2000, ge=1, description="Series that one caller may have.")
    metric_retention: Duration = Field(
        default=timedelta(days=90), description="How long hourly roll-ups are kept; longer windows ten times as long."
    )
    scrape_targets: Names = Field(
        default=(),
        description="Metrics endpoints of other services to read every 15 s, as in http://127.0.0.1:9195/metrics.",
    )
    advertise: str | None = Field(
        default=None,
        description="gRPC target under which other replicas reach this one. Not set: 127.0.0.1 and the port.",
    )


def thresholds_of(settings: MonitoringSettings) -> Thresholds:
    """The semantic crisis layer's thresholds as set."""
    return Thresholds(
        settings.crisis_semantic_moderate, settings.crisis_semantic_high, settings.crisis_semantic_imminent
    )
