"""How many alerts and signals a second, none lost."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import psutil
from tta.analytics.v1 import (
    alert_pb2,
    alert_pb2_grpc,
    common_pb2,
    monitoring_pb2,
    monitoring_pb2_grpc,
    rule_pb2,
    rule_pb2_grpc,
)

from benchmarks.alerts.latency import spread
from tests.integration.monitoring.processes import Process

CALLERS = 16
BATCH = 500


async def rate(process: Process, seconds: float) -> dict[str, Any]:
    """Have 16 callers raise as many alerts as they can; none may be lost."""
    memory, sizes = psutil.Process(process.pid), list[int]()
    accepted: list[str] = []
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def caller(number: int) -> None:
        stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
        count = 0
        while (at := time.perf_counter()) < end:
            count += 1
            signal = monitoring_pb2.Signal(user_id=f"{at}-{number}-{count}", sentiment_score=0.1)
            answer = await stub.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
            accepted.append(answer.fired[0].alert_id)
            took.append(time.perf_counter() - at)
            if len(took) % 100 == 0:
                sizes.append(memory.memory_info().rss)

    before = await head(process)
    begin = time.perf_counter()
    await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    elapsed = time.perf_counter() - begin
    events = await head(process) - before
    return {
        "alerts_per_second": round(len(accepted) / elapsed),
        "lost": len(set(accepted)) - events if events < len(set(accepted)) else 0,
        "memory_growth_second_half_mb": growth(sizes),
        **spread(took),
    }


def growth(sizes: list[int]) -> float:
    """Return by how many MB a process grew in the second half of its readings."""
    return round((sizes[-1] - sizes[len(sizes) // 2]) / 2**20, 1)


async def head(process: Process) -> int:
    """Return the last position of the log."""
    stub = alert_pb2_grpc.AlertServiceStub(process.channel("admin"))
    cursor = (await stub.ListAlerts(alert_pb2.ListAlertsRequest(page_size=1))).cursor
    return int(cursor.partition(".")[0])


async def batched(process: Process, seconds: float) -> dict[str, Any]:
    """Stream batches of signals under the built-in rules and ten rules in CEL; one in a hundred signals fires."""
    rules = rule_pb2_grpc.RuleServiceStub(process.channel("admin"))
    for number in range(10):
        definition = rule_pb2.RuleDefinition(
            rule_id=f"bench-{number}",
            title="Benchmark",
            condition=f"engagement_score < 0.0{number} && session_duration_minutes > 30.0 || sentiment_score < -0.9",
            severity=common_pb2.SEVERITY_MEDIUM,
            alert_type=common_pb2.ALERT_TYPE_USER_ENGAGEMENT,
            enabled=True,
        )
        await rules.CreateRule(rule_pb2.CreateRuleRequest(definition=definition))
    stub = monitoring_pb2_grpc.MonitoringServiceStub(process.channel())
    memory = psutil.Process(process.pid)
    begin, end = time.perf_counter(), time.perf_counter() + seconds
    sizes: list[int] = []

    async def batches(caller: int) -> AsyncIterator[monitoring_pb2.IngestSignalsRequest]:
        count = 0
        while time.perf_counter() < end:
            count += 1
            signals = [
                monitoring_pb2.Signal(
                    user_id=f"{begin}-{caller}-{count}-{number}",
                    engagement_score=0.1 if number % 100 == 0 else 0.8,
                    session_duration_minutes=25,
                    sentiment_score=0.6,
                )
                for number in range(BATCH)
            ]
            yield monitoring_pb2.IngestSignalsRequest(signals=signals)
            sizes.append(memory.memory_info().rss)

    answers = await asyncio.gather(*(stub.IngestSignals(batches(caller), timeout=600) for caller in range(2)))
    elapsed = time.perf_counter() - begin
    accepted = sum(answer.accepted for answer in answers)
    opened = sum(answer.alerts_opened for answer in answers)
    return {
        "signals_per_second": round(accepted / elapsed),
        "alerts": opened,
        "lost": accepted // 100 - opened,
        "memory_growth_second_half_mb": growth(sizes),
    }
