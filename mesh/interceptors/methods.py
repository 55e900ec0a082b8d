"""All methods of a server in one table, each wrapped once when it is added."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grpc

Wrap = Callable[[str, Any], Any]
"""The path and the handler of a method -> the handler with everything around it."""


class Methods(grpc.GenericRpcHandler):
    """Takes handlers from the generated functions as a server would, and answers for all of them.

    gRPC's asyncio server (1.85) keeps a waiting task for each method that is registered with it, and walks through all
    of them at every call: with 50 methods that costs more than our own work. What it finds here costs one look-up.
    """

    def __init__(self, wrap: Wrap) -> None:
        """Wrap every handler by `wrap`."""
        self._wrap = wrap
        self._by_path: dict[str, Any] = {}

    def add_registered_method_handlers(self, service_name: str, method_handlers: Mapping[str, Any]) -> None:
        """Take the methods of a service."""
        for name, handler in method_handlers.items():
            path = f"/{service_name}/{name}"
            self._by_path[path] = self._wrap(path, handler)

    def add_generic_rpc_handlers(self, generic_rpc_handlers: Sequence[grpc.GenericRpcHandler]) -> None:
        """Take nothing: generated code gives the same methods a second time, by name."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """Return the handler of a call, none where there is no such method."""
        return self._by_path.get(handler_call_details.method)
