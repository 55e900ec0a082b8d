"""The only wiring of the gateway: settings in, an application out."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

import grpc
from opentelemetry.trace import TracerProvider
from redis.asyncio import Redis
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from gateway.app import App
from gateway.front import Parts
from gateway.health import Health
from gateway.identity.callers import Callers
from gateway.identity.sealing import Sealer
from gateway.identity.sessions import Sessions
from gateway.identity.sign_in import SignInPages, UsedAnywhere, UsedCodes, UsedHere
from gateway.identity.tickets import Tickets
from gateway.limits import Buckets, Limiter, SharedBuckets, Unlimited, shared_redis
from gateway.openapi.page import Reference
from gateway.pages.page import Pages
from gateway.pages.reading import Reading
from gateway.pages.site_map import FRAGMENTS
from gateway.pages.site_map import pages as all_pages
from gateway.policy import Policy
from gateway.settings import LEGACY, GatewaySettings
from gateway.site import chart_library, health_route, site, templates, utc_now
from gateway.spans import Spans
from gateway.streams.drain import Drain
from gateway.transcoding import image as images
from gateway.transcoding.bindings import router
from gateway.upstream import Upstream

PROCESSES: Mapping[str, str] = {
    **dict.fromkeys(
        ("IngestionService", "AggregationService", "PredictionService", "PrivacyService", "AggregationLegacyService"),
        "aggregation",
    ),
    **dict.fromkeys(
        ("MonitoringService", "AlertService", "RuleService", "NotificationService", "MonitoringLegacyService"),
        "monitoring",
    ),
    **dict.fromkeys(
        ("ReportService", "ScheduleService", "DashboardService", "AnalysisService", "ReportingLegacyService"),
        "reporting",
    ),
}
"""The process that serves each gRPC service. A service that is not named here is not for callers outside."""


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Gateway:
    """A wired gateway."""

    app: ASGIApp
    health: Health
    drain: Drain
    redis: Redis | None

    async def close(self) -> None:
        """Let go of what the wiring opened; channels belong to whoever made them."""
        if self.redis is not None:
            await self.redis.aclose()


def wire(
    settings: GatewaySettings,
    channels: Mapping[str, grpc.aio.Channel],
    callers: Callers,
    *,
    health_ports: Mapping[int, str] = LEGACY,
    more_routes: tuple[BaseRoute, ...] = (),
    tracer: TracerProvider | None = None,
) -> Gateway:
    """Wire a gateway over one channel per process, `aggregation`, `monitoring`, `reporting`."""
    image = images.load()
    policy = _policy(settings)
    upstream = Upstream(
        {f"tta.analytics.v1.{service}": channels[process] for service, process in PROCESSES.items()}, image.calls
    )
    redis = shared_redis(settings.redis_url) if settings.redis_url else None
    secret = _secret(settings)
    sessions = Sessions(Sealer(secret, "session"))
    health = Health(channels, time.monotonic)
    pages = SignInPages(
        settings=settings,
        used=_used(redis),
        sessions=sessions,
        callers=callers,
        origins=policy.origins,
        templates=templates(),
        clock=time.time,
    )
    reference = Reference(image, templates())
    routing = router(image.calls)
    places = Pages(
        all_pages(lambda service: health.document(service, utc_now())),
        templates(),
        lambda known: Reading(routing, upstream, known, policy.call_seconds),
        signed_in_only=settings.auth == "on",
        fragments=FRAGMENTS,
    )
    routes: list[BaseRoute] = [
        health_route(lambda service: health.document(service, utc_now()), health_ports),
        *pages.routes(),
        *reference.routes(),
        *places.routes(),
        chart_library(compress=settings.gateway_compress),
        *more_routes,
    ]
    drain = Drain()
    parts = Parts(
        router=routing,
        upstream=upstream,
        limiter=_limiter(settings, redis),
        sessions=sessions,
        tickets=Tickets(Sealer(secret, "ticket"), upstream, image, policy),
        policy=policy,
        caller=callers.name,
        pages=site(routes, templates(), compress=settings.gateway_compress),
        spans=Spans(tracer),
        drain=drain,
        clock=time.time,
    )
    return Gateway(App(parts), health, drain, redis)


def _policy(settings: GatewaySettings) -> Policy:
    return Policy(
        body_bytes=settings.gateway_body_bytes,
        call_seconds=settings.gateway_timeout.total_seconds(),
        heartbeat_seconds=settings.gateway_heartbeat.total_seconds(),
        origins=frozenset(settings.gateway_origins),
        hosts=_LOOPBACK if settings.auth == "off" and settings.address() in _LOOPBACK else frozenset(),
        sampled=settings.trace_share,
        compress=settings.gateway_compress,
    )


def _limiter(settings: GatewaySettings, redis: Redis | None) -> Limiter:
    if settings.gateway_rate == 0:
        return Unlimited()
    if redis is not None:
        return SharedBuckets(redis, settings.gateway_rate, settings.gateway_burst)
    return Buckets(settings.gateway_rate, settings.gateway_burst)


def _used(redis: Redis | None) -> UsedCodes:
    return UsedHere(time.time()) if redis is None else UsedAnywhere(redis)


def _secret(settings: GatewaySettings) -> bytes:
    for found in (settings.gateway_secret, settings.auth_secret_key):
        if found is not None:
            return found.get_secret_value().encode()
    return secrets.token_bytes(32)
