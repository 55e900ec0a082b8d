"""Health over gRPC, and who watches it: callers that leave a replica as soon as it says that it stops."""

from typing import Any

from grpc_health.v1 import health


def liveness(process: str) -> str:
    """Return the name whose health is SERVING from a process's start until it is told to stop, ready or not."""
    return f"{process}-liveness"


class Health(health.aio.HealthServicer):
    """gRPC's own health; it counts the callers that stay to hear whether a process goes on."""

    def __init__(self, process: str) -> None:
        """Count who watches the liveness of `process`."""
        super().__init__()
        self._liveness = liveness(process)
        self.watching = 0
        """Open streams of callers that will hear at once that the process stops."""

    async def Watch(self, request: Any, context: Any) -> None:  # noqa: N802 gRPC's name
        """Tell the health of a name now and whenever it changes."""
        counted = request.service == self._liveness
        self.watching += counted
        try:
            await super().Watch(request, context)
        finally:
            self.watching -= counted
