"""Settings of every process: `TTA_*` variables, validated once at start.

A secret may be given in a file: `TTA_X_FILE` names the file that holds what `TTA_X` would.
"""

import os
import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from mesh.setting_types import Duration, Names, Port, parse_keys

PREFIX = "TTA_"
OLDER_NAMES = {"auth_secret_key": "JWT_SECRET_KEY"}
"""Field -> the variable that TTA's other services still use for it; read where ours is not set."""


class SettingError(Exception):
    """A setting that is wrong or missing: names the variable and says what would be right."""

    def __init__(self, variable: str, message: str) -> None:
        """Say of `variable` (`TTA_...`) what is wrong and what would be right."""
        super().__init__(f"{variable}: {message}")


class _Environment(PydanticBaseSettingsSource):
    """The process environment, with `_FILE` variants and the older names."""

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name in self.settings_cls.model_fields:
            value = read_variable(name, os.environ)
            if value is not None:
                values[name] = value
        return values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return read_variable(field_name, os.environ), field_name, False


def read_variable(name: str, environment: Mapping[str, str]) -> str | None:
    """Return what the environment says of the field `name`: directly, in a file, or under its older name.

    An empty value counts as not set. Raises SettingError where both forms are set or the file can't be read.
    """
    variable = PREFIX + name.upper()
    direct, file = environment.get(variable) or None, environment.get(f"{variable}_FILE") or None
    if direct is not None and file is not None:
        raise SettingError(variable, f"is set twice, here and in {variable}_FILE; keep one")
    if file is not None:
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{variable}_FILE", f"can't be read ({error}); name a readable text file") from error
    if direct is None and name in OLDER_NAMES:
        return environment.get(OLDER_NAMES[name]) or None
    return direct


class Settings(BaseSettings):
    """What all processes share. A service adds its own fields in a subclass."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    database_url: str | None = Field(
        default=None,
        repr=False,
        description="Where the service keeps its tables: `postgresql://user:password@host:port/name`, or "
        "`sqlite:////path/to/file.db`. Not set: one SQLite file per service in `TTA_DATA_DIR`.",
    )
    database_pool_size: int = Field(default=10, ge=1, le=200, description="Connections to the database per process.")
    redis_url: str | None = Field(
        default=None,
        repr=False,
        description="`redis://host:port/0`, the bus between replicas of one service. Not set: in-process bus.",
    )
    data_dir: Path = Field(default=Path(".tta-analytics"), description="Folder of SQLite files and exports.")

    auth: Literal["on", "off"] = Field(
        default="on",
        description="`off` for trusted networks only: every caller is `anonymous` and the process binds loopback.",
    )
    auth_secret_key: SecretStr | None = Field(
        default=None,
        description="Secret of HS256 tokens, 32 bytes or more; the older JWT_SECRET_KEY is read too.",
    )
    auth_jwks_url: str | None = Field(
        default=None, description="https address of the public keys of RS256 and ES256 tokens."
    )
    auth_issuer: str | None = Field(default=None, description="Tokens must carry this `iss`.")
    auth_audience: str | None = Field(default=None, description="Tokens must carry this `aud`.")
    auth_off_bind: str | None = Field(
        default=None,
        description="Address to listen on while `TTA_AUTH=off`, instead of loopback, where the gateway answers to this "
        "machine's own names alone.",
    )
    pseudonym_key: SecretStr | None = Field(
        default=None,
        description="Keys of the pseudonyms, `VERSION:SECRET` separated by commas. The highest version is active, or "
        "the one with a star, as in `1*:OLD,2:NEW`; a bare secret is version 1. 32 bytes or more each.",
    )
    seal_key: SecretStr | None = Field(
        default=None, description="Keys that seal ids, written like `TTA_PSEUDONYM_KEY`. 32 bytes or more each."
    )
    audit_key: SecretStr | None = Field(default=None, description="Key of the audit chains, 32 bytes or more.")

    bind: str = Field(default="0.0.0.0", description="Address to listen on.")  # noqa: S104 a container listens on all
    aggregation_port: Port = Field(default=50095, description="gRPC port of aggregation.")
    reporting_port: Port = Field(default=50096, description="gRPC port of reporting.")
    monitoring_port: Port = Field(default=50097, description="gRPC port of monitoring.")
    aggregation_http_port: Port = Field(default=9195, description="Metrics and health of aggregation.")
    reporting_http_port: Port = Field(default=9196, description="Metrics and health of reporting.")
    monitoring_http_port: Port = Field(default=9197, description="Metrics and health of monitoring.")
    gateway_http_port: Port = Field(default=9198, description="Metrics and health of the gateway.")
    health_port: Port | None = Field(
        default=None,
        description="Another gRPC port, without TLS, that answers health and nothing else: for probes beside mTLS.",
    )
    port_shared: bool = Field(
        default=False,
        description="Whether other processes listen on the same ports; `serve --workers` sets it for its workers.",
    )
    aggregation_target: str | None = Field(
        default=None, description="gRPC target of aggregation. Not set: its port on localhost."
    )
    reporting_target: str | None = Field(
        default=None, description="gRPC target of reporting. Not set: its port on localhost."
    )
    monitoring_target: str | None = Field(
        default=None, description="gRPC target of monitoring. Not set: its port on localhost."
    )

    tls_certificate: Path | None = Field(
        default=None, description="PEM certificate chain of this process, as server and as client; reloaded on change."
    )
    tls_key: Path | None = Field(default=None, description="PEM key of `TTA_TLS_CERTIFICATE`.")
    tls_authority: Path | None = Field(
        default=None,
        description="PEM certificates that must have signed the certificates of servers called. Turns TLS on.",
    )
    tls_client_authority: Path | None = Field(
        default=None, description="PEM certificates that must have signed those of clients. Turns mTLS on."
    )
    tls_client_names: Names = Field(
        default=(), description="Names (CN or DNS) in client certificates that act as a service without a token."
    )
    tls_server_name: str | None = Field(
        default=None, description="Name expected in the certificates of servers called, where it is not their address."
    )

    max_message_bytes: int = Field(default=16 << 20, ge=1 << 16, le=1 << 30, description="Largest gRPC message.")
    max_concurrent_calls: int = Field(default=4000, ge=1, description="Calls and streams open at once per process.")
    call_timeout: Duration = Field(
        default=timedelta(seconds=10), description="Deadline of a call between services that has no other."
    )
    drain_timeout: Duration = Field(
        default=timedelta(seconds=20), description="How long a stopping process lets running calls finish."
    )
    numeric_workers: int = Field(
        default=1, ge=0, le=64, description="Worker processes for numerics; 0 computes in a thread."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    otlp_endpoint: str | None = Field(
        default=None, description="OTLP gRPC address of the trace collector. Not set: no traces leave the process."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment; nothing else."""
        return init_settings, _Environment(settings_cls)

    @field_validator("auth_secret_key", "audit_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < 32:
            raise ValueError("is shorter than 32 bytes; make one with `openssl rand -base64 48`")
        return value

    @field_validator("pseudonym_key", "seal_key")
    @classmethod
    def _keys_parse(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            parse_keys(value.get_secret_value())
        return value

    @field_validator("auth_jwks_url")
    @classmethod
    def _https_but_for_loopback(cls, value: str | None) -> str | None:
        loopback = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?/.*"
        if value is not None and not value.startswith("https://") and not re.fullmatch(loopback, value):
            raise ValueError("is neither https nor loopback; keys fetched in the clear can be forged")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"(postgresql|postgres|sqlite)(\+\w+)?://", value):
            raise ValueError(
                "is no database address; write postgresql://user:password@host:port/name or sqlite:////file"
            )
        return value

    def database(self, service: str) -> str:
        """Return the database address of a service: the one set, else its own SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url
        return f"sqlite:///{(self.data_dir / f'{service}.db').absolute()}"

    def target(self, service: str) -> str:
        """Return the gRPC target of `aggregation`, `reporting` or `monitoring`."""
        target: str | None = getattr(self, f"{service}_target")
        return target or f"127.0.0.1:{getattr(self, f'{service}_port')}"

    def address(self) -> str:
        """Return the address to listen on: loopback while authentication is off, unless told otherwise."""
        return (self.auth_off_bind or "127.0.0.1") if self.auth == "off" else self.bind

    def secret(self, field: str) -> bytes:
        """Return a single secret, `audit_key` for one; raises SettingError where it is not set."""
        value: SecretStr | None = getattr(self, field)
        if value is None:
            raise SettingError(PREFIX + field.upper(), "is not set; make one with `openssl rand -base64 48`")
        return value.get_secret_value().encode()

    def keys(self, field: str) -> tuple[dict[int, bytes], int]:
        """Return the versioned keys of `pseudonym_key` or `seal_key`, and the active version."""
        return parse_keys(self.secret(field).decode())


_S = TypeVar("_S", bound=Settings)


def load(cls: type[_S]) -> _S:
    """Return the settings of the environment; prints one line per wrong value and exits with code 2."""
    try:
        return cls()
    except SettingError as error:
        lines = [str(error)]
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(str(part) for part in item['loc'][:1]).upper()}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_url=False, include_input=False)
        ]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    raise SystemExit(2)
