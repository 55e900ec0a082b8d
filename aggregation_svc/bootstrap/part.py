"""One gRPC service of the process, with the work that goes on beside it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor

Work = Callable[[], Awaitable[None]]
"""What runs beside the calls, or closes something."""


@dataclass(frozen=True, slots=True)
class Part:
    """One gRPC service: what it is, who answers it, and what runs and ends with it."""

    descriptor: ServiceDescriptor
    """`aggregation_pb2.DESCRIPTOR.services_by_name["AggregationService"]`."""
    add: Callable[[Any, grpc.aio.Server], None]
    """The generated function that adds a servicer to a server."""
    servicer: Any
    background: tuple[Work, ...] = ()
    drain: Work | None = None
    """Lets begun work come to its end, as far as the time for it reaches."""
    closing: tuple[Work, ...] = ()

    @property
    def name(self) -> str:
        """Full name, for health and reflection."""
        name: str = self.descriptor.full_name
        return name

    def register(self, server: grpc.aio.Server) -> None:
        """Add the servicer to the server."""
        self.add(self.servicer, server)
