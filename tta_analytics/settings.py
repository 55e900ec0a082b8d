"""Settings of the command line: where the services are, and who it is."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from mesh.identity import make_token
from mesh.setting_types import Duration
from mesh.settings import SettingError, Settings, load
from tta_analytics.secrets_folder import existing_secret_files
from tta_analytics.simulation import PLAYERS

TOKEN_LIFETIME = timedelta(minutes=30)
SCHEMES = {
    "neo4j_uri": ("bolt", "neo4j", "bolt+s", "neo4j+s", "bolt+ssc", "neo4j+ssc"),
    "game_redis_url": ("redis", "rediss"),
    "prometheus_url": ("https", "http"),
}
"""How the addresses of TTA's stores begin."""


class CommandSettings(Settings):
    """What the commands need beside the shared settings."""

    token: SecretStr | None = Field(
        default=None,
        description="Bearer token of the command line. Not set: one is made from `TTA_AUTH_SECRET_KEY`, or from the "
        "secret that `tta-analytics up` keeps in `TTA_DATA_DIR`.",
    )

    demo_players: int = Field(default=PLAYERS, ge=1, le=1_000_000, description="Players of the simulated population.")
    demo_months: int = Field(default=3, ge=1, le=24, description="Full months before today that the demo simulates.")

    neo4j_uri: str | None = Field(
        default=None, description="Bolt address of TTA's graph for `import neo4j`: `bolt://host:7687` or `neo4j://...`."
    )
    neo4j_user: str = Field(default="neo4j", description="Who reads the graph; needs read access only.")
    neo4j_password: SecretStr | None = Field(
        default=None, description="Password of `TTA_NEO4J_USER`. Not set: the graph is asked without credentials."
    )
    neo4j_database: str | None = Field(default=None, description="Database of the graph. Not set: the server's own.")
    neo4j_timeout: Duration = Field(
        default=timedelta(seconds=60), description="How long the graph may take for one page."
    )

    game_redis_url: str | None = Field(
        default=None,
        repr=False,
        description="Redis of TTA's services for `import redis`: `redis://user:password@host:6379/0`. Only read.",
    )

    prometheus_url: str | None = Field(
        default=None,
        description="TTA's Prometheus for `import prometheus`: `https://host:9091`. Plain http is for loopback, and "
        "for a trusted network where `TTA_PROMETHEUS_PLAIN_HTTP` says so.",
    )
    prometheus_plain_http: bool = Field(default=False, description="Let `TTA_PROMETHEUS_URL` be http elsewhere too.")
    prometheus_token: SecretStr | None = Field(
        default=None, description="Bearer token for TTA's Prometheus, where it asks for one."
    )

    @field_validator(*SCHEMES)
    @classmethod
    def _addresses_name_a_host(cls, address: str | None, info: ValidationInfo) -> str | None:
        schemes = SCHEMES[str(info.field_name)]
        try:
            parts = urlsplit(address or f"{schemes[0]}://host")
            understood = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number, a bracket that does not close
            understood = False
        if not understood:
            raise ValueError(f"is no address; write {schemes[0]}://host:port")
        return address

    @model_validator(mode="after")
    def _prometheus_is_https_but_for_loopback(self) -> Self:
        loopback = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/.*)?"
        url = self.prometheus_url
        if url is None or url.startswith("https://") or re.fullmatch(loopback, url):
            return self
        if not (self.prometheus_plain_http and url.startswith("http://")):
            raise SettingError(
                "TTA_PROMETHEUS_URL", "is neither https nor loopback; TTA_PROMETHEUS_PLAIN_HTTP=true allows http"
            )
        return self

    def bearer(self, role: str = "admin") -> str | None:
        """Return the token to call with; none where there is neither a token nor a secret."""
        if self.token is not None:
            return self.token.get_secret_value()
        if self.auth_secret_key is None:
            return None
        return make_token(
            self.auth_secret_key.get_secret_value(),
            "tta-analytics",
            role,
            TOKEN_LIFETIME,
            issuer=self.auth_issuer,
            audience=self.auth_audience,
        )


def command_settings() -> CommandSettings:
    """Load the settings; secrets that `up` made fill in what the environment leaves out."""
    data_dir = Path(os.environ.get("TTA_DATA_DIR") or CommandSettings.model_fields["data_dir"].get_default())
    for variable, path in existing_secret_files(data_dir).items():
        if not os.environ.get(variable) and not os.environ.get(variable.removesuffix("_FILE")):
            os.environ[variable] = path
    return load(CommandSettings)
