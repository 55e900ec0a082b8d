"""A real monitoring server on a real database, and what talks to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    legacy_monitoring_pb2_grpc,
    monitoring_pb2,
    monitoring_pb2_grpc,
    notification_pb2_grpc,
    rule_pb2_grpc,
    subject_rights_pb2_grpc,
)

from mesh.channels import channel
from mesh.server import RunningServer, start
from monitoring_svc.adapters.store import log_postgres
from monitoring_svc.bootstrap import Monitoring, Parts, bootstrap
from monitoring_svc.bootstrap import alerts as bootstrapped_alerts
from monitoring_svc.settings import MonitoringSettings
from tests.prepared import prepared
from tests.tokens import lasting_token

KEY = "0123456789abcdef0123456789abcdef"
CRISIS = "I am going to kill myself tonight"


@dataclass
class Running:
    """One replica and stubs of an admin and of the game."""

    settings: MonitoringSettings
    wired: Monitoring
    server: RunningServer
    channels: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        admin = self.channel(lasting_token(self.settings, "ada", role="admin"))
        game = self.channel(lasting_token(self.settings, "game"))
        self.alerts = alert_pb2_grpc.AlertServiceStub(admin)
        self.rules = rule_pb2_grpc.RuleServiceStub(admin)
        self.notifications = notification_pb2_grpc.NotificationServiceStub(admin)
        self.rights = subject_rights_pb2_grpc.SubjectRightsServiceStub(admin)
        self.operations = monitoring_pb2_grpc.MonitoringServiceStub(admin)
        self.game = monitoring_pb2_grpc.MonitoringServiceStub(game)
        self.legacy = legacy_monitoring_pb2_grpc.MonitoringLegacyServiceStub(admin)
        self.legacy_game = legacy_monitoring_pb2_grpc.MonitoringLegacyServiceStub(game)

    def channel(self, token: str) -> Any:
        made = channel(f"127.0.0.1:{self.server.port}", self.settings, token=token)
        self.channels.append(made)
        return made

    async def signal(self, user_id: str, *messages: str, **fields: Any) -> monitoring_pb2.ProcessSignalResponse:
        proto = monitoring_pb2.Signal(user_id=user_id, recent_messages=messages, **fields)
        return await self.game.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=proto))

    async def events(self, count: int, cursor: str = "0", **filters: Any) -> list[alert_pb2.AlertEvent]:
        """Return the first `count` events after a cursor."""
        found: list[alert_pb2.AlertEvent] = []
        call = self.alerts.StreamAlerts(alert_pb2.StreamAlertsRequest(cursor=cursor, **filters))
        try:
            async with asyncio.timeout(60):
                async for message in call:
                    if message.HasField("event"):
                        found.append(message.event)
                    if len(found) >= count:
                        return found
        finally:
            call.cancel()
        return found

    async def stop(self) -> None:
        for one in self.channels:
            await one.close()
        await self.server.stop(1.0)


Launch = Callable[..., Any]


@pytest.fixture
def lasting_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process pause within a transaction, and its database take for an answer, as long as a busy machine needs.

    In service such a pause ends after five seconds. Tests of that have a fixture of their own under this name.
    """
    monkeypatch.setattr(bootstrapped_alerts, "IDLE_SECONDS", 60)
    monkeypatch.setitem(log_postgres._SETTINGS, "idle_in_transaction_session_timeout", "60s")
    monkeypatch.setattr(log_postgres, "ANSWER_SECONDS", 60.0)


@pytest.fixture
async def launch(lasting_transactions: None) -> AsyncIterator[Launch]:
    """Start replicas: `await launch(url, parts, setting=value)`; they stop with the test."""
    running: list[Running] = []

    async def start_one(url: str, parts: Parts | None = None, **settings: Any) -> Running:
        values: dict[str, Any] = {
            "database_url": url,
            "auth_secret_key": KEY,
            "pseudonym_key": KEY,
            "seal_key": KEY,
            "audit_key": KEY,
            "monitoring_port": 0,
            "monitoring_http_port": 0,
            "bind": "127.0.0.1",
            "crisis_semantic": "off",
            "signal_consent": "unless_refused",
        }
        loaded = MonitoringSettings(**(values | settings))
        await prepared(url, "monitoring_svc")
        wired = await bootstrap(loaded, parts)
        one = Running(loaded, wired, await start(wired.service, loaded))
        wired.address[0] = f"127.0.0.1:{one.server.port}"
        running.append(one)
        return one

    yield start_one
    for one in running:
        await one.stop()


@pytest.fixture
async def monitoring(database_url: str, launch: Launch) -> Running:
    """One replica: each test runs once on SQLite and once on PostgreSQL."""
    one: Running = await launch(database_url)
    return one


@pytest.fixture
async def on_postgres(postgres_url: str, launch: Launch) -> Running:
    """One replica on PostgreSQL."""
    one: Running = await launch(postgres_url)
    return one


async def eventually(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Return what `condition` returns once it is true; it is asked until then."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)
