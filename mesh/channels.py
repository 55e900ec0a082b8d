"""Calls to other services: retries where they are safe, deadlines and the caller's token passed on."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import MethodOptions

from mesh.health import liveness
from mesh.identity import current_token, time_left
from mesh.protos import methods
from mesh.renewing_channel import RenewingChannel
from mesh.settings import Settings
from mesh.statuses import OUR_ROOM, ROOM_HEADER
from mesh.tls import channel_credentials, client_files, stamp
from mesh.trace import TRACEPARENT, traceparent

Token = str | Callable[[], str] | None
"""A bearer token, or what makes a fresh one for each call; none passes on the token of the running call."""

_SAFE = (MethodOptions.NO_SIDE_EFFECTS, MethodOptions.IDEMPOTENT)


@cache
def service_config(process: str | None = None) -> str:
    """Return gRPC's service config: round robin over replicas that take calls, and retries where they are safe.

    Calls that the protos mark as idempotent are made again where a service is away. Every call is where it ended
    CANCELLED and nobody asked for that: so ends what a stopping server took off the wire and never began. Replicas of
    `process` are left when they say that they stop, before they do (docs/decisions/callers-leave-first.md).
    """
    names = [
        {"service": service, "method": method.name}
        for service, method in methods()
        if method.options.idempotency_level in _SAFE
    ]
    config: dict[str, Any] = {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {"name": names, "retryPolicy": _retries("UNAVAILABLE", "CANCELLED")},
            {"name": [{}], "retryPolicy": _retries("CANCELLED")},
        ],
        # Half of the tokens may be spent on failures in a row: as many calls as a stopping server may cancel at once.
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 1},
    }
    if process is not None:
        config["healthCheckConfig"] = {"serviceName": liveness(process)}
    return json.dumps(config)


def _retries(*codes: str) -> dict[str, Any]:
    return {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2.0,
        "retryableStatusCodes": codes,
    }


def channel(target: str, settings: Settings, *, token: Token = None, process: str | None = None) -> grpc.aio.Channel:
    """Return a channel to `target`. Close it when done; create it after any fork.

    Unary calls without a timeout take the running call's deadline, else `TTA_CALL_TIMEOUT`; streams take the deadline.
    `process` says whose replicas they are (`aggregation`), so that those that stop are left in time.
    """
    timeout = settings.call_timeout.total_seconds()
    interceptors = [
        _UnaryUnary(token, timeout),
        _StreamUnary(token, timeout),
        _UnaryStream(token, None),
        _StreamStream(token, None),
        *_tracing(settings),
    ]
    return _open(target, settings, interceptors, process)


def bare_channel(target: str, settings: Settings, process: str) -> grpc.aio.Channel:
    """Return a channel that adds nothing to its calls: each comes with its own timeout and metadata.

    For the gateway, where what interceptors cost is paid by every request. Add `ROOM` to the metadata.
    """
    return _open(target, settings, [], process)


ROOM = (ROOM_HEADER, str(OUR_ROOM))
"""The metadata that tells servers how long an error this side can read."""


def _open(target: str, settings: Settings, interceptors: list[Any], process: str | None) -> grpc.aio.Channel:
    options: list[tuple[str, Any]] = [
        ("grpc.service_config", service_config(process)),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.enable_retries", 1),
        # Ids and tokens go to the target, and not through what a machine's environment names as its proxy.
        ("grpc.enable_http_proxy", 0),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.max_receive_message_length", settings.max_message_bytes),
        ("grpc.max_send_message_length", settings.max_message_bytes),
        ("grpc.max_metadata_size", OUR_ROOM),
        ("grpc.absolute_max_metadata_size", 2 * OUR_ROOM),
        ("grpc.min_reconnect_backoff_ms", 200),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 5_000),
        # Names are looked up again when a connection ends, at most so often: in a rolling update new pods have new
        # addresses, and the usual half minute outlasts the old ones.
        ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ]
    if settings.tls_server_name is not None:
        options.append(("grpc.ssl_target_name_override", settings.tls_server_name))
    files = client_files(settings)
    if not files:
        return grpc.aio.insecure_channel(target, options, interceptors=interceptors)

    def secure() -> grpc.aio.Channel:
        return grpc.aio.secure_channel(target, channel_credentials(settings), options, interceptors=interceptors)

    return RenewingChannel(secure, lambda: stamp(files))


def _tracing(settings: Settings) -> list[Any]:
    if settings.otlp_endpoint is None:
        return []
    from opentelemetry.instrumentation.grpc import aio_client_interceptors

    return list(aio_client_interceptors())  # type: ignore[no-untyped-call]


class _Passing:
    """Adds token, deadline and trace of the running call to the call made within."""

    def __init__(self, token: Token, timeout: float | None) -> None:
        self._token = token
        self._timeout = timeout

    def _details(self, details: Any) -> grpc.aio.ClientCallDetails:
        metadata = grpc.aio.Metadata(*(details.metadata or ()))
        bearer = self._token() if callable(self._token) else self._token
        bearer = current_token() if bearer is None else bearer
        if bearer and metadata.get("authorization") is None:
            metadata.add("authorization", f"Bearer {bearer}")
        if parent := traceparent():
            metadata[TRACEPARENT] = parent
        metadata[ROOM_HEADER] = str(OUR_ROOM)
        left = time_left()
        limits = [limit for limit in (details.timeout, left) if limit is not None]
        timeout = min(limits) if limits else self._timeout
        return grpc.aio.ClientCallDetails(
            details.method, timeout, metadata, details.credentials, details.wait_for_ready
        )


class _UnaryUnary(_Passing, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await continuation(self._details(client_call_details), request)


class _StreamUnary(_Passing, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await continuation(self._details(client_call_details), request_iterator)


class _UnaryStream(_Passing, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return await continuation(self._details(client_call_details), request)


class _StreamStream(_Passing, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(self, continuation: Any, client_call_details: Any, request_iterator: Any) -> Any:
        return await continuation(self._details(client_call_details), request_iterator)
