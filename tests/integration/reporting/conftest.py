"""The reporting process in this process, on a real database, called over gRPC; other services are fakes."""

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import grpc
import pytest

from benchmarks.report_snapshots import snapshot
from mesh.channels import channel
from mesh.refusal import Unavailable
from mesh.server import start
from mesh.workers import NumericPool
from reporting_svc import bootstrap
from reporting_svc.adapters.render.theme import Theme
from reporting_svc.adapters.workshop import PooledWorkshop
from reporting_svc.domain.snapshot import Filters, Grain
from reporting_svc.ports import Attachment, Needs, Post, Sources
from reporting_svc.settings import ReportingSettings
from tests.prepared import prepared
from tests.tokens import lasting_token


@dataclass
class SimulatedSources(Sources):
    """Answers a simulated year; can be told to be away."""

    away: int = 0
    asked: list[tuple[Needs, Filters]] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def snapshot(self, needs, start, end, filters, notices):
        self.asked.append((needs, filters))
        if self.gate is not None:
            await self.gate.wait()
        if self.away:
            self.away -= 1
            raise Unavailable("aggregation_unavailable", "Aggregation does not answer.")
        whole = snapshot(filters.grain, 12 if filters.grain is Grain.MONTH else 40, filters)
        kept = tuple(one for one in whole.releases if start <= one.start < end)
        return replace(
            whole,
            taken_at=datetime.now(UTC),
            start=start,
            end=end,
            releases=kept if needs.releases else (),
            retention=whole.retention if needs.retention else None,
            metrics=whole.metrics if needs.operations else (),
            care=whole.care if needs.operations else None,
            notices=notices,
        )


@dataclass
class CollectedPost(Post):
    """Keeps what was handed over; can be told to be away."""

    sent: list[tuple[str, str, str, str, str, Attachment | None]] = field(default_factory=list)
    away: int = 0
    refusals: list[Exception | None] = field(default_factory=list)
    """What the next calls meet, one after the other; None lets one through."""

    async def send(self, request_id, contact_id, email_address, title, text, attachment):
        if self.away:
            self.away -= 1
            raise Unavailable("monitoring_unavailable", "Monitoring does not answer.")
        if self.refusals and (refusal := self.refusals.pop(0)):
            raise refusal
        self.sent.append((request_id, contact_id, email_address, title, text, attachment))


@pytest.fixture
def sources():
    return SimulatedSources()


@pytest.fixture
def post():
    return CollectedPost()


@pytest.fixture(scope="session")
def workshop():
    """One worker process for the whole run."""
    shop = PooledWorkshop(NumericPool(1), NumericPool(0), 1, Theme())
    yield shop
    shop.close()


@pytest.fixture
def settings(database_url, tmp_path):
    return ReportingSettings(
        database_url=database_url,
        data_dir=tmp_path,
        auth_secret_key=secrets.token_hex(32),
        audit_key=secrets.token_hex(32),
        reporting_port=0,
        reporting_http_port=0,
        bind="127.0.0.1",
        report_workers=1,
        numeric_workers=0,
    )


@pytest.fixture
async def reporting(settings, sources, post, workshop):
    await prepared(settings.database("reporting"), "reporting_svc")
    return await bootstrap.bootstrap(settings, bootstrap.Parts(sources=sources, post=post, workshop=workshop))


@pytest.fixture
async def server(reporting, settings):
    running = await start(reporting.service, settings)
    yield running
    await running.stop(1)


@pytest.fixture
async def dial(server, settings):
    """Open channels to the process: role and name -> a channel with such a token."""
    channels: list[grpc.aio.Channel] = []

    def open_channel(role="researcher", name="ada"):
        token = lasting_token(settings, name, role=role)
        channels.append(channel(f"127.0.0.1:{server.port}", settings, token=token))
        return channels[-1]

    yield open_channel
    for one in channels:
        await one.close()
