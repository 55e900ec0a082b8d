"""Settings of the gateway."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator

from mesh.setting_types import Duration, Names, Port, split_names
from mesh.settings import Settings

LEGACY = {8095: "aggregation", 8096: "reporting", 8097: "monitoring"}
"""The predecessor's ports, and the service whose health each answers."""

Ports = Annotated[tuple[Port, ...], BeforeValidator(split_names)]
"""A comma-separated list of ports."""


class GatewaySettings(Settings):
    """What the gateway takes beside the shared settings."""

    gateway_port: Port = Field(default=8098, description="HTTP port of the gateway.")
    gateway_legacy_ports: Ports = Field(
        default=(),
        description="Further HTTP ports, for the predecessor's callers: `8095,8096,8097`. "
        "`/health` answers there for aggregation, reporting and monitoring: by these numbers, else in this order.",
    )
    gateway_body_bytes: int = Field(default=4 << 20, ge=1024, le=64 << 20, description="Largest request body.")
    gateway_timeout: Duration = Field(
        default=timedelta(seconds=30),
        description="Deadline of a call, passed on to the services; a body must have come whole within it too.",
    )
    gateway_heartbeat: Duration = Field(
        default=timedelta(seconds=15), description="How often an idle stream of events says that it lives."
    )
    gateway_linger: Duration = Field(
        default=timedelta(0),
        description="How long a stopping gateway says that it is not ready and still answers, so that a proxy in front "
        "sees it out before its ports close. Part of `TTA_DRAIN_TIMEOUT`.",
    )
    gateway_rate: float = Field(
        default=100.0, ge=0, description="Requests a second per caller, on average; 0 for no limit."
    )
    gateway_burst: float = Field(default=200.0, ge=1, description="Requests at once per caller.")
    gateway_origins: Names = Field(
        default=(), description="Origins of other sites whose pages may call the API: `https://play.example.org`."
    )
    gateway_trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies whose X-Forwarded headers count: `10.0.0.0/8`. Not set: none.",
    )
    gateway_secret: SecretStr | None = Field(
        default=None,
        description="Secret that seals page sessions and stream tickets, 32 bytes or more, the same on all gateways. "
        "Not set: derived from `TTA_AUTH_SECRET_KEY`, else a new one at each start.",
    )
    gateway_session_time: Duration = Field(
        default=timedelta(hours=8), description="How long a session lasts that a sign-in link opened."
    )
    gateway_tls: bool = Field(
        default=False, description="Whether the gateway itself speaks TLS, with `TTA_TLS_CERTIFICATE` and its key."
    )
    gateway_compress: bool = Field(default=True, description="Whether large answers are compressed.")
    trace_share: float = Field(default=0.05, ge=0, le=1, description="Share of new traces that are recorded.")

    @field_validator("gateway_linger")
    @classmethod
    def _leave_time_to_finish(cls, linger: timedelta, others: ValidationInfo) -> timedelta:
        drain: timedelta | None = others.data.get("drain_timeout")
        if linger and drain is not None and linger >= drain:
            raise ValueError("leaves running requests no time; choose less than TTA_DRAIN_TIMEOUT")
        return linger
