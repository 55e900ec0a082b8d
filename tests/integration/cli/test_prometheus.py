"""TTA's metrics through a real Prometheus into monitoring, and what a server may do wrong."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server
from tta.analytics.v1 import monitoring_pb2

from mesh.refusal import FailedPrecondition, InvalidArgument, Refusal, Unavailable
from mesh.settings import SettingError
from tests.importing import Services, wire
from tests.servers import dying, free_port
from tta_analytics.client.connection import AsyncClient
from tta_analytics.settings import CommandSettings
from tta_analytics.sources.marks import Marks
from tta_analytics.sources.prometheus.api import Prometheus
from tta_analytics.sources.prometheus.importing import MetricsImport
from tta_analytics.sources.prometheus.series import QUERIES, Query, parse_query, personal
from tta_analytics.sources.tally import Tally

PROGRAM = shutil.which("prometheus")
CPU = QUERIES[-1]
STEP = timedelta(seconds=1)


@pytest.fixture(scope="module")
def game() -> Iterator[int]:
    """What TTA's services show: the port of their metrics."""
    registry = CollectorRegistry()
    cpu = Gauge("tta_system_cpu_usage_percent", "CPU.", ["service"], registry=registry)
    cpu.labels("player-api").set(42.5)
    cpu.labels("broken").set(float("nan"))
    Counter("tta_user_sessions", "Sessions.", ["player_id"], registry=registry).labels("ada").inc(3)
    server, thread = start_http_server(0, "127.0.0.1", registry)
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def prometheus_url(game: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if PROGRAM is None:
        pytest.skip("needs Prometheus: apt-get install prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    port = free_port()
    (folder / "prometheus.yml").write_text(
        "global: {scrape_interval: 2s, scrape_timeout: 2s}\n"
        f"scrape_configs: [{{job_name: tta, static_configs: [{{targets: ['127.0.0.1:{game}']}}]}}]\n"
    )
    command = [PROGRAM, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    command += [f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(dying(command), stdout=log, stderr=log)
        yield f"http://127.0.0.1:{port}"
        process.kill()
        process.wait(120)


async def scraped(url: str) -> None:
    """Wait until the server has values of the game."""
    async with asyncio.timeout(120), httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        while True:
            try:
                answer = await client.get("/api/v1/query", params={"query": "tta_system_cpu_usage_percent"})
                if answer.json()["data"]["result"]:
                    return
            except (httpx.TransportError, KeyError, ValueError):
                pass
            await asyncio.sleep(0.1)


async def imported(
    services: Services, url: str, query: Query = CPU, *, client: AsyncClient | None = None, **options: Any
) -> Tally:
    marks = Marks(services.settings.data_dir / "imports", "prometheus", "monitoring")
    async with Prometheus(url, token=None, timeout=options.pop("seconds", 5)) as server:
        ingest = (client or services.client).ingest("metrics")
        work = MetricsImport(server, marks, ingest, step=STEP, first_window=timedelta(seconds=10))
        return await work.run(query, options.pop("now", datetime.now(UTC)))


async def shown(services: Services) -> dict[str, Any]:
    async with AsyncClient(services.settings, token=services.settings.bearer()) as admin:
        answer = await admin.monitoring.ListMetrics(monitoring_pb2.ListMetricsRequest(name_prefix="tta_"))
    return {f"{one.metric_name} {one.labels.get('service', '')}".strip(): one for one in answer.metrics}


async def test_values_of_tta_s_services_become_metrics_with_their_labels(services: Services, prometheus_url: str):
    await scraped(prometheus_url)
    tally = await imported(services, prometheus_url, now=datetime.now(UTC) + timedelta(seconds=2))
    assert tally.stored >= 1
    assert set(tally.refusals) <= {"value: is no finite number, or outside the time asked for"}
    assert tally.left_out >= 1
    metrics = await shown(services)
    assert set(metrics) == {"tta_system_cpu_usage_percent player-api"}
    metric = metrics["tta_system_cpu_usage_percent player-api"]
    assert (metric.value, metric.unit) == (42.5, "percent")


async def test_every_query_that_is_read_without_a_choice_is_good_promql(services: Services, prometheus_url: str):
    await scraped(prometheus_url)
    for query in QUERIES:
        await imported(services, prometheus_url, query)


async def test_the_next_run_begins_after_the_last_value(services: Services, prometheus_url: str):
    await scraped(prometheus_url)
    now = datetime.now(UTC) + timedelta(seconds=2)
    assert (await imported(services, prometheus_url, now=now)).stored > 0
    assert (await imported(services, prometheus_url, now=now)).read == 0
    assert (await imported(services, prometheus_url, now=now + 3 * STEP)).stored == 3


async def test_a_series_with_a_label_that_names_a_person_is_left_out(services: Services, prometheus_url: str):
    await scraped(prometheus_url)
    tally = await imported(
        services,
        prometheus_url,
        Query("tta_sessions", "tta_user_sessions_total"),
        now=datetime.now(UTC) + timedelta(seconds=2),
    )
    assert tally.stored == 0
    assert set(tally.refusals) == {"labels: player_id names a person; sum it away in the expression"}
    assert await shown(services) == {}


async def test_a_wrong_expression_is_refused_in_prometheus_own_words(services: Services, prometheus_url: str):
    await scraped(prometheus_url)
    with pytest.raises(InvalidArgument, match="parse error"):
        await imported(services, prometheus_url, Query("tta_x", "sum by ("))


@asynccontextmanager
async def answering(body: Callable[[], bytes], status: str = "200 OK") -> AsyncIterator[str]:
    """Run a server that answers every request with the same bytes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        content = body()
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode())
        writer.write(content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


def matrix(*values: list[Any], **labels: str) -> bytes:
    data = {"resultType": "matrix", "result": [{"metric": labels, "values": list(values)}]}
    return json.dumps({"status": "success", "data": data}).encode()


@pytest.mark.parametrize(
    ("body", "status", "refused"),
    [
        (b"<html>not prometheus</html>", "200 OK", Unavailable),
        (b"[1, 2]", "200 OK", Unavailable),
        (b'{"status": "success"}', "200 OK", Unavailable),
        (b'{"status": "success", "data": {"resultType": "matrix", "result": 7}}', "200 OK", Unavailable),
        (matrix([1, "many"]), "200 OK", Unavailable),
        (matrix([1e300, "1"]), "200 OK", Unavailable),
        (b'{"status": "error", "errorType": "timeout"}', "503 Service Unavailable", Unavailable),
        (b"", "401 Unauthorized", FailedPrecondition),
        (b"moved", "302 Found", Unavailable),
    ],
)
async def test_an_answer_of_another_shape_is_a_refusal_and_moves_nothing(
    services: Services, body: bytes, status: str, refused: type[Refusal]
):
    async with answering(lambda: body, status) as url:
        with pytest.raises(refused):
            await imported(services, url)
    assert not list((services.settings.data_dir / "imports").glob("*"))


async def test_a_clock_a_day_ahead_gives_no_value_of_tomorrow(services: Services):
    now = datetime.now(UTC)
    tomorrow = (now + timedelta(days=1)).timestamp()
    async with answering(lambda: matrix([tomorrow, "1"], [now.timestamp() - 3, "2"], service="a")) as url:
        tally = await imported(services, url, now=now)
    assert (tally.stored, tally.left_out) == (1, 1)


async def test_a_server_that_hangs_or_is_away_is_one_refusal(services: Services):
    async with wire(1) as silent:
        silent.silent = True
        with pytest.raises(Unavailable, match="the next run goes on"):
            await imported(services, f"http://127.0.0.1:{silent.port}", seconds=0.3)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            await imported(services, f"http://127.0.0.1:{closed.getsockname()[1]}")


def test_labels_that_name_a_person_are_known_however_they_are_written():
    assert personal(["service", "playerId", "User", "session_type"]) == ["User", "playerId"]


def test_plain_http_beyond_loopback_must_be_asked_for(tmp_path: Path):
    with pytest.raises(SettingError, match="TTA_PROMETHEUS_URL"):
        CommandSettings(prometheus_url="http://prometheus:9091")
    assert CommandSettings(prometheus_url="http://prometheus:9091", prometheus_plain_http=True).prometheus_url
    assert CommandSettings(prometheus_url="https://prometheus:9091").prometheus_url


def test_this_platform_s_own_metrics_are_not_read_back():
    with pytest.raises(ValueError, match="tta_analytics_"):
        parse_query("tta_analytics_x=up")
