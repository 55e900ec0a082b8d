"""The gateway as a process: `python -m gateway [serve [--workers N]]`."""

import sys
from collections.abc import Mapping

from gateway.process import serve
from gateway.settings import GatewaySettings
from mesh.command import Process


def ports(settings: GatewaySettings) -> Mapping[str, int]:
    """Return the ports that workers share: the gateway's own and the legacy ones, which are one setting."""
    legacy = {f"gateway_legacy_ports:{number}": port for number, port in enumerate(settings.gateway_legacy_ports)}
    return {"gateway_port": settings.gateway_port} | legacy


PROCESS = Process(
    package="gateway",
    name="gateway",
    settings=GatewaySettings,
    serve=serve,
    ports=ports,
    needs_bus=True,
    has_tables=False,
)

if __name__ == "__main__":
    PROCESS.main(sys.argv[1:])
