"""A running gateway: channels to the services, HTTP on all its ports, metrics and health on one of its own."""

import asyncio
import logging

import grpc

from gateway import bootstrap, serving
from gateway.identity.callers import Callers
from gateway.settings import LEGACY, GatewaySettings
from mesh import logs
from mesh.channels import bare_channel
from mesh.http import HttpServer, operations_app
from mesh.process import collect_rarely, told_to_stop, warn_if_open
from mesh.settings import SettingError
from mesh.supervision import watch_loop
from mesh.telemetry import READY
from mesh.tokens import Verifier
from mesh.tracing import start_tracing

_LOG = logging.getLogger(__name__)
_PROCESSES = ("aggregation", "monitoring", "reporting")


class RunningGateway:
    """A gateway that is being served."""

    def __init__(self, settings: GatewaySettings) -> None:
        """Bind the ports; raises SettingError where one is taken."""
        self._settings = settings
        address = settings.address()
        try:
            ports = [settings.gateway_port, *settings.gateway_legacy_ports]
            self._sockets = serving.listen(address, ports, shared=settings.port_shared)
            self._operations = HttpServer(
                operations_app("gateway", lambda: self._serving),
                "127.0.0.1" if settings.port_shared else address,
                settings.gateway_http_port,
            )
        except OSError as error:
            raise SettingError(
                "TTA_GATEWAY_PORT", f"a port at {address} can't be bound ({error}); choose a free one"
            ) from error
        self._serving = False
        self.ports: tuple[int, ...] = tuple(each.getsockname()[1] for each in self._sockets)
        """The HTTP ports: the gateway's own first, then the legacy ones."""
        self.http_port = self._operations.port
        """The port of metrics and health."""

    async def start(self) -> None:
        """Open the channels and serve."""
        settings = self._settings
        self._channels: dict[str, grpc.aio.Channel] = {
            name: bare_channel(settings.target(name), settings, name) for name in _PROCESSES
        }
        self._verifier = Verifier(settings) if settings.auth == "on" else None
        self._provider = start_tracing(settings, "gateway")
        self._gateway = bootstrap.wire(
            settings, self._channels, Callers(self._verifier), health_ports=self._health_ports(), tracer=self._provider
        )
        self._leaving = serving.Leaving(self._gateway.app)
        self._server = serving.server(
            self._leaving,
            trusted_proxies=settings.gateway_trusted_proxies,
            drain_seconds=int((settings.drain_timeout - settings.gateway_linger).total_seconds()),
            tls=_tls(settings),
        )
        await self._operations.start()
        self._tasks = [
            asyncio.create_task(self._server.serve(self._sockets), name="gateway"),
            asyncio.create_task(watch_loop(), name="event_loop"),
        ]
        self._serving = True
        READY.set(1)
        _LOG.info("started", extra={"address": settings.address(), "port": self.ports[0], "http_port": self.http_port})

    async def stop(self) -> None:
        """Stop in order: not ready, connections taken back, streams ended, running requests finished, all closed.

        Whoever asks the readiness is given `gateway_linger` to send its requests elsewhere: until then new ones are
        answered as ever.
        """
        self._serving = False
        READY.set(0)
        self._leaving.begun = True
        await asyncio.sleep(self._settings.gateway_linger.total_seconds())
        self._gateway.drain.begin()
        self._server.should_exit = True
        serve, watch = self._tasks
        await serve
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        for channel in self._channels.values():
            await channel.close()
        await self._gateway.close()
        if self._verifier is not None:
            await self._verifier.close()
        await self._operations.stop()
        if self._provider is not None:
            await asyncio.to_thread(self._provider.shutdown)
        _LOG.info("stopped")

    def _health_ports(self) -> dict[int, str]:
        """Return the service of each legacy port: by its number, else by its place in the setting."""
        asked = self._settings.gateway_legacy_ports
        in_order = dict(zip(asked, LEGACY.values(), strict=False))
        return {
            port: LEGACY.get(wanted) or in_order[wanted]
            for port, wanted in zip(self.ports[1:], asked, strict=True)
            if wanted in LEGACY or wanted in in_order
        }


def _tls(settings: GatewaySettings) -> dict[str, str] | None:
    if not settings.gateway_tls or settings.tls_certificate is None or settings.tls_key is None:
        return None
    return {"ssl_certfile": str(settings.tls_certificate), "ssl_keyfile": str(settings.tls_key)}


async def start(settings: GatewaySettings) -> RunningGateway:
    """Serve until `stop` is called on what is returned."""
    running = RunningGateway(settings)
    await running.start()
    return running


async def serve(settings: GatewaySettings) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return."""
    logs.configure(settings, "gateway")
    warn_if_open(settings)
    stopping = told_to_stop()
    running = await start(settings)
    collect_rarely()
    await stopping.wait()
    await running.stop()
