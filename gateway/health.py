"""Whether the services behind are ready, asked over gRPC and remembered for a moment."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

_REMEMBERED = 1.0  # seconds: a crowd of probes costs the services one question
_PATIENCE = 1.0  # seconds until a service that does not answer counts as away


class Health:
    """Asks the readiness of each process."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel], clock: Callable[[], float]) -> None:
        """Take the channel of each process by name (`aggregation`); `clock` is monotonic, in seconds."""
        self._stubs: dict[str, Any] = {name: health_pb2_grpc.HealthStub(each) for name, each in channels.items()}
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    async def ready(self, process: str) -> bool:
        """Tell whether a process says that it is ready."""
        then, known = self._known.get(process, (float("-inf"), False))
        if self._clock() - then < _REMEMBERED:
            return known
        known = await self._ask(process)
        self._known[process] = (self._clock(), known)
        return known

    async def _ask(self, process: str) -> bool:
        request = health_pb2.HealthCheckRequest(service=f"{process}-readiness")
        try:
            answer = await self._stubs[process].Check(request, timeout=_PATIENCE)
        except grpc.aio.AioRpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    async def document(self, service: str, now: datetime) -> dict[str, Any]:
        """Return the health of one process, or of the `gateway` with all that it leads to."""
        wanted = list(self._stubs) if service == "gateway" else [service]
        found = dict(zip(wanted, await asyncio.gather(*map(self.ready, wanted)), strict=True))
        words = {name: "serving" if ready else "not_serving" for name, ready in found.items()}
        return {
            "status": "healthy" if all(found.values()) else "degraded",
            "service": service,
            "dependencies": words if service == "gateway" else {"grpc": words[service]},
            "timestamp": now.isoformat(),
        }
