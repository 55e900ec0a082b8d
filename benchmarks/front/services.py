"""The service behind the gateway: one unary call and one stream of alerts, behind the real interceptors.

Prints its port, then serves until its input closes. With TTA_OTLP_ENDPOINT unset it makes no spans.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc

from benchmarks.asked import command_line
from mesh.process import collect_rarely, run
from mesh.server import Service, start
from mesh.settings import Settings

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAGE = alert_pb2.ListAlertsResponse(
    alerts=[
        alert_pb2.Alert(
            alert_id=f"a-{number}",
            alert_type="ALERT_TYPE_SAFETY_CONCERN",
            severity="SEVERITY_HIGH",
            state="ALERT_STATE_FIRING",
            title="A player may be in danger",
            message="A rule fired on the last message. Somebody should reach the player now.",
            subject_pseudonym="ab" * 32,
            rule_id="crisis-language",
            count=number,
            data={"score": 0.75},
            triggered_at=NOW,
            last_fired_at=NOW,
        )
        for number in range(3)
    ],
    cursor="1042",
)


LONG = 1000
LONG_PAGE = alert_pb2.ListAlertsResponse(alerts=[PAGE.alerts[number % 3] for number in range(LONG)])


class Alerts(alert_pb2_grpc.AlertServiceServicer):
    """Lists three alerts, or a thousand; streams one a second to whoever listens, stamped with the moment it left."""

    def __init__(self) -> None:
        self._turn = asyncio.Condition()
        self._event = alert_pb2.StreamAlertsResponse()
        self.open = 0

    async def ListAlerts(self, request: Any, context: Any) -> Any:  # noqa: N802
        return LONG_PAGE if request.page_size == LONG else PAGE

    async def StreamAlerts(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802
        self.open += 1
        try:
            yield alert_pb2.StreamAlertsResponse(cursor="0")
            while True:
                async with self._turn:
                    await self._turn.wait()
                yield self._event
        finally:
            self.open -= 1

    async def publish(self) -> None:
        position = 0
        while True:
            await asyncio.sleep(1)
            position += 1
            alert = PAGE.alerts[0]
            self._event = alert_pb2.StreamAlertsResponse(
                event={"position": position, "alert": alert, "note": str(time.time())}, cursor=str(position)
            )
            async with self._turn:
                self._turn.notify_all()


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Takes spans and forgets them."""

    async def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
        return trace_service_pb2.ExportTraceServiceResponse()


async def main() -> None:
    settings = Settings()
    alerts = Alerts()

    async def ready() -> bool:
        return True

    def register(server: grpc.aio.Server) -> None:
        alert_pb2_grpc.add_AlertServiceServicer_to_server(alerts, server)

    service = Service("monitoring", 0, register, (), ready, background=(alerts.publish,), http_port=0)
    running = await start(service, settings)
    collector = grpc.aio.server()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Collector(), collector)
    collector_port = collector.add_insecure_port("127.0.0.1:0")
    await collector.start()
    collect_rarely()  # as the services' own processes do
    print(running.port, collector_port, flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "open":
            print(alerts.open, flush=True)
    await running.stop(0)
    await collector.stop(None)


if __name__ == "__main__":
    command_line("benchmarks.front.services", __doc__).parse_args()
    run(main())
