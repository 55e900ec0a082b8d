"""What the service measures of itself and its host: psutil, our own registry, and endpoints of the other services."""

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import CollectorRegistry

from monitoring_svc.adapters.channels.outbound import check_target
from monitoring_svc.domain.series import Point
from monitoring_svc.domain.thresholds import Thresholds
from monitoring_svc.ports import Failures

EVERY = 15.0
"""Seconds between measurements."""
MAX_SAMPLES = 2000
"""Samples taken from one endpoint."""

_CPU = Thresholds(85.0, 95.0)
_MEMORY = Thresholds(85.0, 95.0)
_DISK = Thresholds(85.0, 95.0)


class OwnMetrics:
    """Measures the host, this process and the mesh."""

    def __init__(
        self,
        registry: CollectorRegistry,
        targets: Sequence[str],
        data_dir: str,
        clock: Callable[[], datetime],
        failures: Failures,
    ) -> None:
        """Read `registry` and the metrics endpoints `targets`; raises InvalidArgument for one that may not be read."""
        for target in targets:
            check_target(target)
        self._registry = registry
        self._targets = targets
        self._data_dir = data_dir
        self._clock = clock
        self._failures = failures
        self._process = psutil.Process()
        self._host_name = socket.gethostname()
        self._before: dict[tuple[str, str], tuple[float, float]] = {}
        psutil.cpu_percent()
        self._process.cpu_percent()

    async def points(self) -> list[Point]:
        """Return what is measured now."""
        now = self._clock()
        points = await asyncio.to_thread(lambda: list(self._host(now)))
        points += self._from_samples("monitoring", _samples(self._registry.collect()), now)
        for target in self._targets:
            points += await self._scraped(target, now)
        return [replace(point, alarms=False) for point in points]

    def _host(self, now: datetime) -> Iterator[Point]:
        memory, disk = psutil.virtual_memory(), psutil.disk_usage(self._data_dir)
        host = {"host": self._host_name}
        own = {"service": "monitoring"} | host
        yield Point("host_cpu_percent", psutil.cpu_percent(), now, "percent", host, _CPU)
        yield Point("host_memory_percent", float(memory.percent), now, "percent", host, _MEMORY)
        yield Point("host_disk_percent", float(disk.percent), now, "percent", host, _DISK)
        yield Point("host_load_1m", psutil.getloadavg()[0], now, "processes", host)
        yield Point("process_cpu_percent", self._process.cpu_percent(), now, "percent", own)
        yield Point("process_resident_bytes", float(self._process.memory_info().rss), now, "bytes", own)
        yield Point("process_open_files", float(self._process.num_fds()), now, "files", own)

    async def _scraped(self, target: str, now: datetime) -> list[Point]:
        try:
            async with httpx.AsyncClient(timeout=5.0, follow_redirects=False, trust_env=False) as client:
                answer = (await client.get(target)).raise_for_status()
            families = list(text_string_to_metric_families(answer.text))
        except (httpx.HTTPError, ValueError) as error:
            self._failures.failed("scrape", error)
            return [Point("scrape_up", 0.0, now, "", {"target": target}, Thresholds(0.5, None, below=True))]
        samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in families
            for sample in family.samples[:MAX_SAMPLES]
        }
        up = Point("scrape_up", 1.0, now, "", {"target": target}, Thresholds(0.5, None, below=True))
        return [up, *self._from_samples(target, samples, now)]

    def _from_samples(
        self, source: str, samples: Mapping[tuple[str, tuple[tuple[str, str], ...]], float], now: datetime
    ) -> Iterator[Point]:
        """Turn counters of calls and their durations into rates and means over the last interval."""
        sums = dict.fromkeys(_SUMS.values(), 0.0)
        for (name, labels), value in samples.items():
            known = _SUMS.get(name)
            if known is not None and (known != "errors" or dict(labels).get("code") in _SERVER_FAULTS):
                sums[known] += value
        rates = {name: self._rate(source, name, value, now.timestamp()) for name, value in sums.items()}
        service = {"service": _service_of(source), "host": self._host_name}
        calls, errors, count, seconds = rates["calls"], rates["errors"], rates["count"], rates["seconds"]
        if calls is not None:
            yield Point("grpc_calls_per_second", calls, now, "calls per second", service)
        if errors is not None:
            yield Point("grpc_errors_per_second", errors, now, "calls per second", service)
        if count and seconds is not None:
            yield Point("grpc_call_seconds_mean", seconds / count, now, "seconds", service)

    def _rate(self, source: str, name: str, value: float, at: float) -> float | None:
        before = self._before.get((source, name))
        self._before[source, name] = (value, at)
        if before is None or at <= before[1] or value < before[0]:
            return None
        return (value - before[0]) / (at - before[1])


_SUMS = {
    "tta_analytics_grpc_requests_total": "calls",
    "tta_analytics_grpc_refused_total": "errors",
    "tta_analytics_grpc_request_seconds_sum": "seconds",
    "tta_analytics_grpc_request_seconds_count": "count",
}
"""Our counters -> what they add up to."""
_SERVER_FAULTS = ("INTERNAL", "UNAVAILABLE", "UNKNOWN", "DATA_LOSS", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED")


def _service_of(source: str) -> str:
    return source.removeprefix("http://").removeprefix("https://").partition("/")[0]


def _samples(families: Iterable[object]) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in getattr(family, "samples", ())
    }
