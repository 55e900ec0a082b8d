"""Stand-ins for the three processes: real gRPC servers that speak the real protos, with answers written in the test."""

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import grpc
import httpx
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tta.analytics import v1

from gateway import bootstrap, serving
from gateway.identity.callers import Callers
from gateway.settings import GatewaySettings
from gateway.transcoding import image as images
from gateway.transcoding.image import Call
from mesh.server import Service, start

IMAGE = images.load()

for module in pkgutil.iter_modules(v1.__path__):
    if module.name.endswith("_pb2"):
        importlib.import_module(f"{v1.__name__}.{module.name}")


def ours(message: Descriptor) -> type[Message]:
    """Return the generated class of a message type."""
    return message_factory.GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(message.full_name))


def serialize(message: Message) -> bytes:
    return message.SerializeToString()


@dataclass
class Seen:
    """A call as it reached the service."""

    name: str
    requests: list[Any]
    metadata: dict[str, Any]
    seconds_left: float | None


@dataclass
class Services:
    """Answers any call: with what `answers` holds by its name, else with an empty message."""

    answers: dict[str, Any] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    open_streams: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    unready: set[str] = field(default_factory=set)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), 60)

    async def notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def one(self, call: Call, requests: list[Any], context: Any) -> Any:
        await self._record(call, requests, context)
        answer = self.answers.get(call.name, ours(call.response)())
        if callable(answer):
            answer = answer(requests[0] if requests else None, context)
        return await answer if inspect.isawaitable(answer) else answer

    async def many(self, call: Call, request: Any, context: Any) -> AsyncIterator[Any]:
        self.open_streams += 1
        await self._record(call, [request], context)
        try:
            answer = self.answers.get(call.name)
            if answer is not None:
                async for message in answer(request, context):
                    yield message
        finally:
            self.open_streams -= 1
            await self.notify()

    async def _record(self, call: Call, requests: list[Any], context: Any) -> None:
        metadata = {each.key: each.value for each in context.invocation_metadata()}
        self.seen.append(Seen(call.name, requests, metadata, context.time_remaining()))
        await self.notify()


class Handler(grpc.GenericRpcHandler):
    def __init__(self, services: Services) -> None:
        self._services = services
        self._calls = {call.path: call for call in IMAGE.calls}

    def service(self, details: Any) -> Any:
        call = self._calls.get(details.method)
        return self.of(call) if call else None

    def of(self, call: Call) -> Any:
        return self._stream(call) if call.server_streaming else self._unary(call)

    def register(self, server: grpc.aio.Server) -> None:
        """Add every call as generated code does."""
        for call in self._calls.values():
            server.add_registered_method_handlers(call.service, {call.name: self.of(call)})

    def _stream(self, call: Call) -> Any:
        async def serve(request: Any, context: Any) -> AsyncIterator[Any]:
            async for message in self._services.many(call, request, context):
                yield message

        return grpc.unary_stream_rpc_method_handler(serve, ours(call.request).FromString, serialize)

    def _unary(self, call: Call) -> Any:
        async def single(request: Any, context: Any) -> Any:
            return await self._services.one(call, [request], context)

        async def several(requests: Any, context: Any) -> Any:
            return await self._services.one(call, [each async for each in requests], context)

        make = grpc.stream_unary_rpc_method_handler if call.client_streaming else grpc.unary_unary_rpc_method_handler
        handler = several if call.client_streaming else single
        return make(handler, ours(call.request).FromString, serialize)


class _Health(health_pb2_grpc.HealthServicer):
    def __init__(self, services: Services) -> None:
        self._services = services

    async def Check(self, request: Any, context: Any) -> Any:
        down = request.service.removesuffix("-readiness") in self._services.unready
        kinds = health_pb2.HealthCheckResponse
        return kinds(status=kinds.NOT_SERVING if down else kinds.SERVING)


@asynccontextmanager
async def running_services() -> AsyncIterator[tuple[Services, int]]:
    """Run the stand-ins on a free port."""
    services = Services()
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Handler(services),))
    health_pb2_grpc.add_HealthServicer_to_server(_Health(services), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield services, port
    finally:
        await server.stop(None)


@dataclass
class Running:
    """A gateway over the stand-ins."""

    services: Services
    ports: list[int]
    client: httpx.AsyncClient
    settings: GatewaySettings
    gateway: bootstrap.Gateway

    def url(self, path: str, *, port: int = 0, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.ports[port]}{path}"


@asynccontextmanager
async def running_gateway(
    verifier: Any = None, *, services: tuple[Services, int] | None = None, **values: Any
) -> AsyncIterator[Running]:
    """Run a gateway on four free ports over stand-ins: 8098's, then those of aggregation, reporting, monitoring."""
    async with AsyncExitStack() as stack:
        behind, port = services or await stack.enter_async_context(running_services())
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        settings = GatewaySettings(**values)
        sockets = serving.listen("127.0.0.1", [0, 0, 0, 0])
        ports = [each.getsockname()[1] for each in sockets]
        gateway = bootstrap.wire(
            settings,
            dict.fromkeys(("aggregation", "monitoring", "reporting"), channel),
            Callers(verifier),
            health_ports=dict(zip(ports[1:], ("aggregation", "reporting", "monitoring"), strict=True)),
        )
        server = serving.server(gateway.app, drain_seconds=1)
        task = asyncio.ensure_future(server.serve(sockets))
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{ports[0]}", trust_env=False, timeout=60
            ) as client:
                yield Running(behind, ports, client, settings, gateway)
        finally:
            server.should_exit = True
            await task
            await gateway.close()
            await channel.close()


@asynccontextmanager
async def guarded_gateway(**values: Any) -> AsyncIterator[Running]:
    """Run a gateway over stand-ins behind the mesh's own server: identity, access, validation, errors."""
    services = Services()
    settings = GatewaySettings(bind="127.0.0.1", drain_timeout=timedelta(0), **values)

    async def ready() -> bool:
        return True

    behind = await start(
        Service(
            name="monitoring",
            port=0,
            register=Handler(services).register,
            service_names=(),
            ready=ready,
            http_port=0,
        ),
        settings,
    )
    try:
        async with running_gateway(services=(services, behind.port), gateway_burst=10_000, **values) as running:
            yield running
    finally:
        await behind.stop(0)
