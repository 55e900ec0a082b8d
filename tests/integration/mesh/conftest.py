"""A served sample of real calls: the protos' own services with small handlers, so that every layer is exercised."""

import asyncio
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from tta.analytics.v1 import alert_pb2_grpc, ingestion_pb2_grpc

from mesh.channels import channel
from mesh.server import Service, start
from mesh.settings import Settings

SECRET = "a secret of forty bytes for token checks"


def token(role="admin", *, secret=SECRET, lasts=60.0, algorithm="HS256", headers=None, **claims):
    payload = {"sub": "someone", "role": role, "exp": datetime.now(UTC) + timedelta(seconds=lasts)} | claims
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(payload, secret, algorithm=algorithm, headers=headers)


class Alerts(alert_pb2_grpc.AlertServiceServicer):
    """Hands each call to the function that the test set."""

    get = stream = reveal = None

    async def GetAlert(self, request, context):
        return await self.get(request)

    async def StreamAlerts(self, request, context):
        async for answer in self.stream(request):
            yield answer

    async def RevealAlertSubject(self, request, context):
        return await self.reveal(request)


class Ingestion(ingestion_pb2_grpc.IngestionServiceServicer):
    """Hands each call to the function that the test set."""

    sessions = consent = None

    async def IngestSessions(self, request_iterator, context):
        return await self.sessions(request_iterator)

    async def SetConsent(self, request, context):
        return await self.consent(request)


class Sample:
    """A running server of two services, and channels to it."""

    def __init__(self, settings):
        self.settings = settings
        self.alerts, self.ingestion = Alerts(), Ingestion()
        self.is_ready = True
        self.drained, self.closed = asyncio.Event(), asyncio.Event()
        self.refusals = []
        self.running = None
        self._channels = []

    async def start(self, **fields):
        values = {
            "name": "monitoring",
            "port": 0,
            "http_port": 0,
            "register": self._register,
            "service_names": ("tta.analytics.v1.AlertService",),
            "ready": self._ready,
            "drain": self._drain,
            "close": self._close,
            "on_refusals": self._on_refusals,
        }
        self.running = await start(Service(**(values | fields)), self.settings)
        return self

    def channel(self, token=None, settings=None):
        made = channel(f"127.0.0.1:{self.running.port}", settings or self.settings, token=token)
        self._channels.append(made)
        return made

    def alerts_as(self, token=""):
        return alert_pb2_grpc.AlertServiceStub(self.channel(token))

    def ingestion_as(self, token=""):
        return ingestion_pb2_grpc.IngestionServiceStub(self.channel(token))

    async def stop(self):
        for made in self._channels:
            await made.close()
        await self.running.stop(1.0)

    def _register(self, server):
        alert_pb2_grpc.add_AlertServiceServicer_to_server(self.alerts, server)
        ingestion_pb2_grpc.add_IngestionServiceServicer_to_server(self.ingestion, server)

    async def _ready(self):
        return self.is_ready

    async def _close(self):
        self.closed.set()

    async def _drain(self):
        self.drained.set()

    async def _on_refusals(self, counts):
        self.refusals.extend(counts)


@pytest.fixture
def settings():
    return Settings(auth_secret_key=SECRET, bind="127.0.0.1")


@pytest.fixture
async def serve():
    """A function that serves a sample under the settings given."""
    samples = []

    async def served(settings, **fields):
        samples.append(await Sample(settings).start(**fields))
        return samples[-1]

    yield served
    for sample in samples:
        await sample.stop()


@pytest.fixture
async def sample(serve, settings):
    return await serve(settings)
