"""The gateway as a process: `python -m gateway`."""

from gateway.process import serve
from gateway.settings import GatewaySettings
from mesh.server import run
from mesh.settings import load


def main() -> None:
    """Serve until told to stop."""
    run(serve(load(GatewaySettings)))


if __name__ == "__main__":
    main()
