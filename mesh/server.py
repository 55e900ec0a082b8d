"""One gRPC server with all that belongs to it: health, reflection, interceptors, metrics over HTTP, an orderly end."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from mesh import logs
from mesh.health import Health, liveness
from mesh.http import HttpServer, operations_app
from mesh.interceptors.access import Access
from mesh.interceptors.around import AroundCalls
from mesh.interceptors.errors import Errors
from mesh.interceptors.methods import Methods
from mesh.interceptors.refusals import OnRefusals, RefusalCounter
from mesh.interceptors.room import Room
from mesh.paging import key_tokens
from mesh.process import collect_rarely, told_to_stop, warn_if_open
from mesh.settings import SettingError, Settings
from mesh.statuses import OUR_ROOM
from mesh.supervision import supervised, watch_loop
from mesh.telemetry import READY
from mesh.tls import server_credentials
from mesh.tokens import Verifier, shared_key
from mesh.tracing import server_interceptors, start_tracing

_LOG = logging.getLogger(__name__)
_READINESS_SECONDS = 2.0
_QUIET_SECONDS = 0.2
"""Without a call for so long, a stopping server has been left by its callers: many times what a word takes to them."""
_MOST_QUIET_SECONDS = 2.0
_OVERDUE_SECONDS = 5.0
"""Beyond its budget, gRPC's server is waited for no longer: what memory holds must be kept before a stop is over."""
_SPREAD = (("grpc.max_connection_age_ms", 300_000),)
"""Connections are asked to come anew after five minutes: they spread over workers, and callers look names up again and
find replicas that were added. Open streams go on."""
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def _nothing() -> None:
    """Have nothing to do."""


@dataclass(frozen=True)
class Service:
    """What a process serves."""

    name: str
    """`aggregation`: its settings are `aggregation_http_port` and so on."""
    port: int
    """gRPC port; 0 takes a free one."""
    register: Callable[[grpc.aio.Server], None]
    """Adds the servicers to the server."""
    service_names: tuple[str, ...]
    """Full names of the gRPC services, for health and reflection."""
    ready: Callable[[], Awaitable[bool]]
    """Whether the process can work now; asked every two seconds."""
    background: tuple[Callable[[], Awaitable[None]], ...] = ()
    """Work that runs as long as the process; what fails is logged and started again."""
    drain: Callable[[], Awaitable[None]] = _nothing
    """Ends the open streams with their resume cursor, and begun work; called once, when no new call is taken any more.

    Streams of requests end by themselves: a further message is refused.
    """
    on_refusals: OnRefusals | None = None
    """What to do with counted refusals of permission, once a minute."""
    http_port: int | None = None
    """Port of metrics and health; not given: the setting's."""
    close: Callable[[], Awaitable[None]] = _nothing
    """Gives back connections and pools; called last."""
    bound: Callable[[int], None] | None = None
    """Told the gRPC port that reaches this very process: its own where the other one is shared between workers."""


class RunningServer:
    """A service that is being served."""

    def __init__(self, service: Service, settings: Settings) -> None:
        """Prepare; `start` binds the ports."""
        self._service, self._settings = service, settings
        self._refusals = RefusalCounter()
        self._verifier = Verifier(settings)
        key_tokens(shared_key(settings, "page tokens"))
        self._provider = start_tracing(settings, service.name)
        self._health = Health(service.name)
        self._around = AroundCalls(
            Access(settings, self._verifier),
            Errors(self._refusals),
            Room(settings.max_concurrent_calls),
            stopping=lambda: self._draining,
        )
        self._ready = self._draining = False
        self._tasks: list[asyncio.Task[None]] = []
        self._server = self._build()
        self._probes: grpc.aio.Server | None = None
        self._http: HttpServer | None = None
        self.port = 0
        """The gRPC port."""
        self.http_port = 0
        """The port of metrics and health."""
        self.health_port = 0
        """The port for probes, where one is set."""

    async def start(self) -> None:
        """Bind the ports and serve; raises SettingError where a port is taken."""
        address = self._settings.address()
        credentials = server_credentials(self._settings)
        host = f"[{address}]" if ":" in address else address
        where = f"{host}:{self._service.port}"

        def listen(where: str) -> int:
            if credentials is None:
                return self._server.add_insecure_port(where)
            return self._server.add_secure_port(where, credentials)

        shared = self._settings.port_shared
        try:
            self.port = listen(where)
            if self._service.bound is not None:
                self._service.bound(listen(f"{host}:0") if shared else self.port)
            if self._settings.health_port is not None:
                self._probes = grpc.aio.server(options=[("grpc.so_reuseport", int(shared))])
                health_pb2_grpc.add_HealthServicer_to_server(self._health, self._probes)
                self.health_port = self._probes.add_insecure_port(f"{host}:{self._settings.health_port}")
            # A worker's metrics and health are asked for by its parent alone.
            at = "127.0.0.1" if shared else address
            self._http = HttpServer(operations_app(self._service.name, lambda: self._ready), at, self._http_port())
        except (RuntimeError, OSError) as error:
            variable = f"TTA_{self._service.name.upper()}_PORT"
            raise SettingError(variable, f"a port at {address} can't be bound ({error}); choose a free one") from error
        self.http_port = self._http.port
        for name in self._names():
            await self._health.set(name, _NOT_SERVING)
        await self._health.set(liveness(self._service.name), _SERVING)
        await self._server.start()
        if self._probes is not None:
            await self._probes.start()
        await self._http.start()
        await self._look()
        self._spawn("readiness", self._watch_readiness)
        self._spawn("event_loop", watch_loop)
        if self._service.on_refusals is not None:
            self._spawn("refusals", self._report_refusals)
        for work in self._service.background:
            self._spawn(getattr(work, "__qualname__", "background"), work)
        _LOG.info("started", extra={"address": address, "port": self.port, "http_port": self.http_port})

    async def stop(self, grace: float | None = None) -> None:
        """Stop in order: not ready, left by callers, streams ended with their cursor, calls finished, all closed."""
        if self._draining:
            return
        self._draining, self._ready = True, False
        READY.set(0)
        grace = self._settings.drain_timeout.total_seconds() if grace is None else grace
        try:
            async with asyncio.timeout(grace + _OVERDUE_SECONDS):
                await self._leave(grace)
        except TimeoutError:
            _LOG.warning("leaving_timed_out", extra={"seconds": grace + _OVERDUE_SECONDS})
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._service.on_refusals is not None and (counts := self._refusals.take(everything=True)):
            await self._service.on_refusals(counts)
        if self._probes is not None:
            await self._probes.stop(0)
        if self._http is not None:
            await self._http.stop()
        await self._verifier.close()
        await self._service.close()
        if self._provider is not None:
            await asyncio.to_thread(self._provider.shutdown)
        _LOG.info("stopped")

    async def _leave(self, grace: float) -> None:
        """Answer the calls that began and take no more. One budget for all: an orchestrator kills who takes longer."""
        end = asyncio.get_running_loop().time() + grace
        await self._health.enter_graceful_shutdown()
        await self._left_by_callers(min(_MOST_QUIET_SECONDS, grace / 4))
        left = max(end - asyncio.get_running_loop().time(), 0.0)
        await asyncio.gather(self._drain(left), self._server.stop(left))

    async def _left_by_callers(self, seconds: float) -> None:
        """Serve on until those who heard that this process stops send nothing any more.

        What is on the wire while gRPC's server shuts down is cancelled: it waits for calls that began, not for those.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._health.watching:
                    begun = self._around.begun
                    await asyncio.sleep(_QUIET_SECONDS)
                    if self._around.begun == begun:
                        return

    async def _drain(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._service.drain()
        except TimeoutError:
            _LOG.warning("drain_timed_out", extra={"seconds": seconds})

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        await self._server.wait_for_termination()

    def _build(self) -> grpc.aio.Server:
        settings = self._settings
        server = grpc.aio.server(
            interceptors=server_interceptors(self._provider),
            options=[
                ("grpc.max_receive_message_length", settings.max_message_bytes),
                ("grpc.max_send_message_length", settings.max_message_bytes),
                ("grpc.max_metadata_size", OUR_ROOM),
                ("grpc.absolute_max_metadata_size", 2 * OUR_ROOM),
                ("grpc.so_reuseport", int(settings.port_shared)),
                *_SPREAD,
                # Calls that arrived and were not looked at yet. Beyond its own 1,000 gRPC cancels some without a word:
                # those of a replica that died come all at once.
                ("grpc.server.max_pending_requests", settings.max_concurrent_calls),
                ("grpc.server.max_pending_requests_hard_limit", settings.max_concurrent_calls),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.keepalive_timeout_ms", 10_000),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ],
            # Room refuses before, and counts whom; this bounds those who have not sent their message yet.
            maximum_concurrent_rpcs=2 * settings.max_concurrent_calls,
        )
        methods = Methods(self._around.wrap)
        # It takes methods as a server does.
        taking = cast(grpc.aio.Server, methods)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, taking)
        self._service.register(taking)
        names = (*self._service.service_names, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflecting = reflection.aio.ReflectionServicer(names)
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(reflecting, taking)  # type: ignore[no-untyped-call]
        server.add_generic_rpc_handlers((methods,))
        return server

    def _http_port(self) -> int:
        if self._service.http_port is not None:
            return self._service.http_port
        port: int = getattr(self._settings, f"{self._service.name}_http_port")
        return port

    def _names(self) -> Sequence[str]:
        return ("", *self._service.service_names, f"{self._service.name}-readiness")

    def _spawn(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(supervised(name, work), name=name))

    async def _look(self) -> None:
        """Ask whether the process can work, and tell whoever watches."""
        try:
            async with asyncio.timeout(5 * _READINESS_SECONDS):
                ready = await self._service.ready()
        except Exception as error:  # noqa: BLE001 whatever keeps it from answering, it is not ready
            _LOG.warning("readiness_failed", exc_info=error)
            ready = False
        if self._draining:
            return
        if ready != self._ready:
            _LOG.info("readiness", extra={"state": "ready" if ready else "not_ready"})
        self._ready = ready
        READY.set(ready)
        for name in self._names():
            await self._health.set(name, _SERVING if ready else _NOT_SERVING)

    async def _watch_readiness(self) -> None:
        while True:
            await asyncio.sleep(_READINESS_SECONDS)
            await self._look()

    async def _report_refusals(self) -> None:
        report = self._service.on_refusals
        while report is not None:
            await asyncio.sleep(5.0)
            if counts := self._refusals.take():
                try:
                    await report(counts)
                except BaseException:
                    self._refusals.put_back(counts)
                    raise


async def start(service: Service, settings: Settings) -> RunningServer:
    """Serve until `stop` is called on what is returned. For tests, and for several services in one loop."""
    running = RunningServer(service, settings)
    await running.start()
    return running


async def serve(service: Service, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return."""
    logs.configure(settings, service.name)
    warn_if_open(settings)
    stopping = told_to_stop()
    running = await start(service, settings)
    collect_rarely()
    try:
        await stopping.wait()
    finally:
        await running.stop()
