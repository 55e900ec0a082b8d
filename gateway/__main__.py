"""The gateway as a process: `python -m gateway [serve [--workers N]]`."""

import sys

from gateway.process import serve
from gateway.settings import GatewaySettings
from mesh.server import run
from mesh.settings import load
from mesh.worker_processes import Shared, serve_workers, workers_of


async def serve_by(settings: GatewaySettings, workers: int) -> int:
    """Serve by several processes that share rate limits and used codes in Redis; return the exit code."""
    legacy = {f"gateway_legacy_ports:{number}": port for number, port in enumerate(settings.gateway_legacy_ports)}
    shared = Shared("gateway", "gateway", {"gateway_port": settings.gateway_port} | legacy, needs_bus=True)
    return await serve_workers(shared, settings, workers)


def main(arguments: list[str]) -> None:
    """Serve until told to stop; exit code 2 with one line where the command is not known."""
    if arguments in ([], ["serve"]):
        run(serve(load(GatewaySettings)))
    elif workers := workers_of(arguments):
        raise SystemExit(run(serve_by(load(GatewaySettings), workers)))
    else:
        raise SystemExit("usage: python -m gateway [serve [--workers N]]")


if __name__ == "__main__":
    main(sys.argv[1:])
