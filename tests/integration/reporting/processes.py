"""Reporting as processes of their own, to be stopped and killed, beside simulated services that they call over gRPC."""

import asyncio
import os
import secrets
import signal
import sys
from datetime import timedelta
from pathlib import Path

import grpc
from tta.analytics.v1 import (
    aggregation_pb2,
    aggregation_pb2_grpc,
    common_pb2,
    monitoring_pb2,
    monitoring_pb2_grpc,
    notification_pb2,
    notification_pb2_grpc,
)

from benchmarks.report_snapshots import snapshot
from mesh.channels import channel
from mesh.protos import timestamp
from reporting_svc.settings import ReportingSettings
from tests.servers import free_port
from tests.tokens import lasting_token

ROOT = Path(__file__).resolve().parents[3]
KEY = secrets.token_hex(32)


def message(release, *, whole):
    """Return a simulated release as aggregation would answer it."""
    made = aggregation_pb2.Release(
        release_id=release.release_id,
        kind=aggregation_pb2.RELEASE_KIND_COHORTS,
        period=common_pb2.Period(start=timestamp(release.start), grain=common_pb2.GRAIN_MONTH),
        epsilon_micros=1_000_000,
    )
    for cell in release.cells.values() if whole else ():
        target = made.cells.add(
            therapeutic_focus=cell.key[0], session_frequency=cell.key[1], engagement_level=cell.key[2]
        )
        target.subjects.CopyFrom(estimate(cell.players))
        for name, figures in cell.figures.items():
            measure = target.measures.add(measure=aggregation_pb2.Measure.Value(f"MEASURE_{name.upper()}"))
            measure.mean.CopyFrom(estimate(figures.mean))
            measure.count.value = figures.count
            measure.spread = figures.spread
        for name, figure in cell.outcomes.items():
            outcome = target.outcomes.add(
                outcome_category=common_pb2.OutcomeCategory.Value(f"OUTCOME_CATEGORY_{name.upper()}")
            )
            outcome.subjects.CopyFrom(estimate(figure))
    return made


def estimate(figure):
    return common_pb2.Estimate(
        value=figure.value, lower=figure.lower, upper=figure.upper, privacy_margin=figure.privacy_margin
    )


class Gate:
    """Holds calls until it is opened, and tells how many stand before it."""

    def __init__(self):
        self._open = asyncio.Event()
        self._open.set()
        self._came = asyncio.Condition()
        self._waiting = 0

    def close(self):
        self._open.clear()

    def open(self):
        self._open.set()

    async def passed(self):
        async with self._came:
            self._waiting += 1
            self._came.notify_all()
        try:
            await self._open.wait()
        finally:
            self._waiting -= 1

    async def held(self, count):
        """Wait until so many calls stand before it."""
        async with asyncio.timeout(60), self._came:
            await self._came.wait_for(lambda: self._waiting >= count)


class Aggregation(aggregation_pb2_grpc.AggregationServiceServicer):
    """Answers a simulated year of monthly releases."""

    def __init__(self):
        self.releases = {one.release_id: one for one in snapshot().releases}
        self.gate = Gate()

    async def ListReleases(self, request, context):
        await self.gate.passed()
        since, until = request.since.seconds, request.until.seconds
        kept = [one for one in self.releases.values() if since <= one.start.timestamp() < until]
        return aggregation_pb2.ListReleasesResponse(releases=[message(one, whole=False) for one in kept])

    async def GetRelease(self, request, context):
        return message(self.releases[request.release_id], whole=True)

    async def GetRetention(self, request, context):
        await context.abort(grpc.StatusCode.NOT_FOUND, "no retention")


class Monitoring(monitoring_pb2_grpc.MonitoringServiceServicer):
    """Answers one metric with a short history."""

    async def ListMetrics(self, request, context):
        one = monitoring_pb2.Metric(metric_name="cpu_percent", value=12.0, unit="percent", labels={"host": "a"})
        one.recorded_at.GetCurrentTime()
        return monitoring_pb2.ListMetricsResponse(metrics=[one])

    async def ListMetricRollups(self, request, context):
        answer = monitoring_pb2.ListMetricRollupsResponse()
        for day in range(5):
            point = answer.rollups.add(mean=10 + day, minimum=8, maximum=20, labels={"host": "a"})
            point.window_start.FromDatetime(request.end.ToDatetime() - timedelta(days=5 - day))
        return answer

    async def GetCareFigures(self, request, context):
        return monitoring_pb2.GetCareFiguresResponse(interventions=3)


class Post(notification_pb2_grpc.NotificationServiceServicer):
    """Keeps the keys under which documents came."""

    def __init__(self):
        self.keys = []
        self.gate = Gate()

    async def SendDocument(self, request, context):
        self.keys.append(request.request_id)
        await self.gate.passed()
        return notification_pb2.SendDocumentResponse(delivery_ids=["d"])


class Others:
    """The services that reporting calls, in this process."""

    def __init__(self):
        self.aggregation = Aggregation()
        self.post = Post()
        self._server = grpc.aio.server()
        aggregation_pb2_grpc.add_AggregationServiceServicer_to_server(self.aggregation, self._server)
        monitoring_pb2_grpc.add_MonitoringServiceServicer_to_server(Monitoring(), self._server)
        notification_pb2_grpc.add_NotificationServiceServicer_to_server(self.post, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    async def __aenter__(self):
        await self._server.start()
        return self

    async def __aexit__(self, *_):
        await self._server.stop(0)


class Replica:
    """One reporting process."""

    def __init__(self, url, others, folder, **settings):
        self.port = free_port()
        values = {
            "database_url": url,
            "data_dir": folder,
            "auth_secret_key": KEY,
            "audit_key": KEY,
            "reporting_port": self.port,
            "reporting_http_port": free_port(),
            "aggregation_target": f"127.0.0.1:{others.port}",
            "monitoring_target": f"127.0.0.1:{others.port}",
            "bind": "127.0.0.1",
            "report_workers": 1,
            "report_lease": "2s",
        } | settings
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TTA_")}
        self.environment |= {f"TTA_{name.upper()}": str(value) for name, value in values.items()}
        self.environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'generated'}"
        self.settings = ReportingSettings(auth_secret_key=KEY)
        self.process = None
        self._channel = None

    async def start(self):
        if self._channel is not None:
            await self._channel.close()
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "reporting_svc"),
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(300):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    break
        token = lasting_token(self.settings, "ada", role="admin")
        self._channel = channel(f"127.0.0.1:{self.port}", self.settings, token=token)
        await asyncio.wait_for(self._channel.channel_ready(), 300)
        return self._channel

    async def signal(self, number):
        """Send a signal; a kill waits until the process is gone."""
        self.process.send_signal(number)
        if number in {signal.SIGKILL, signal.SIGTERM}:
            await self.process.wait()

    async def end(self):
        if self._channel is not None:
            await self._channel.close()
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
