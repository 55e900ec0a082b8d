"""From a signal to its alert on every subscriber's stream."""

import asyncio
import time
from collections.abc import Iterable
from statistics import quantiles
from typing import Any

import psutil
from tta.analytics.v1 import alert_pb2, alert_pb2_grpc, monitoring_pb2

from benchmarks.alerts.callers import Caller
from benchmarks.alerts.listeners import Listeners

MESSAGE = (
    "I was at work all day and then we went home and made dinner, and it rained again so the game with my friends was "
    "called off. I have thought about it for a long time and I am going to kill myself tonight."
)[:200].ljust(200, ".")
"""A message of 200 characters that the crisis rules decide."""

PROCESS_SIGNAL = "/tta.analytics.v1.MonitoringService/ProcessSignal"
RESTING = 5.0
"""Percent of a core that a service takes which sends nothing."""


def spread(seconds: list[float]) -> dict[str, float]:
    """Return p50 and p99 in milliseconds, of what was measured: nothing is extrapolated."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49] * 1000, 2), "p99_ms": round(cuts[98] * 1000, 2)}


def listeners(process: Any, count: int) -> Listeners:
    """Return so many subscribers to a service, that follow alerts from now on."""
    return Listeners(process.target, process.token("admin"), count)


async def arrivals(
    process: Any, subscribers: int, *, alerts: int, per_second: float, message: str = "", stalled: bool = False
) -> list[float]:
    """Send alerts at a pace; return the seconds from writing each signal until each subscriber had read its alert.

    With `stalled`, one subscriber more stops reading before the first signal, until the others have everything.
    """
    sent: dict[str, float] = {}
    sleeper = await _stops_reading(process) if stalled else None
    async with listeners(process, subscribers) as listening, Caller(process.target, process.token()) as caller:
        begin = time.perf_counter()

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
            signal = monitoring_pb2.Signal(user_id=f"{begin}-{number}", sentiment_score=0.1)
            if message:
                signal.ClearField("sentiment_score")
                signal.recent_messages.append(message)
            request = monitoring_pb2.ProcessSignalRequest(signal=signal).SerializeToString()
            at = time.perf_counter()
            answer = monitoring_pb2.ProcessSignalResponse.FromString(await caller.call(PROCESS_SIGNAL, request))
            sent[answer.fired[0].alert_id] = at

        await asyncio.gather(*(one(number) for number in range(alerts)))
        await listening.all_have(set(sent))
        took = [arrival - sent[alert_id] for alert_id in sent for arrival in listening.arrived[alert_id]]
    if sleeper is not None:
        await _catch_up(sleeper, set(sent))
    await _looked_at(process, sent)
    return took


async def _stops_reading(process: Any) -> Any:
    """Ask for the whole history and read one event; return when the service has filled what it may."""
    stream = alert_pb2_grpc.AlertServiceStub(process.channel("admin")).StreamAlerts(
        alert_pb2.StreamAlertsRequest(cursor="0")
    )
    await stream.read()
    service = psutil.Process(process.pid)
    while await asyncio.to_thread(service.cpu_percent, 0.2) > RESTING:
        pass
    return stream


async def _looked_at(process: Any, alert_ids: Iterable[str]) -> None:
    """Acknowledge, as people do: what nobody looks at is told again every 30 s, to all who are measured next."""
    stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
    for alert_id in alert_ids:
        await stub.AcknowledgeAlert(alert_pb2.AcknowledgeAlertRequest(alert_id=alert_id))


async def _catch_up(sleeper: Any, alert_ids: set[str]) -> None:
    """Have the one that did not read receive everything."""
    seen: set[str] = set()
    async with asyncio.timeout(120):
        while alert_ids - seen:
            seen.add((await sleeper.read()).event.alert_id)
    sleeper.cancel()


async def latency(process: Any, subscribers: int, **pace: Any) -> dict[str, float]:
    """Return p50 and p99 of `arrivals`."""
    return spread(await arrivals(process, subscribers, **pace))


async def crisis(target: Any, alerts: int) -> list[float]:
    """Return what crisis messages took with one subscriber at 20 alerts a second."""
    return await arrivals(target, 1, alerts=alerts, per_second=20, message=MESSAGE)
