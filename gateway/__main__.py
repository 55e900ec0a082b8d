"""The gateway as a process: `python -m gateway [serve [--workers N]]`."""

import secrets
import sys
from collections.abc import Mapping

from gateway.process import serve
from gateway.settings import GatewaySettings
from mesh.command import Process


def ports(settings: GatewaySettings) -> Mapping[str, int]:
    """Return the ports that workers share: the gateway's own and the legacy ones, which are one setting."""
    legacy = {f"gateway_legacy_ports:{number}": port for number, port in enumerate(settings.gateway_legacy_ports)}
    return {"gateway_port": settings.gateway_port} | legacy


def alike(settings: GatewaySettings) -> Mapping[str, str]:
    """Return a secret for all workers where none is set: a session or ticket of one must hold at the others."""
    unset = settings.gateway_secret is None and settings.auth_secret_key is None
    return {"gateway_secret": secrets.token_hex(32)} if unset else {}


PROCESS = Process(
    package="gateway",
    name="gateway",
    settings=GatewaySettings,
    serve=serve,
    ports=ports,
    needs_bus=True,
    alike=alike,
    has_tables=False,
)

if __name__ == "__main__":
    PROCESS.main(sys.argv[1:])
