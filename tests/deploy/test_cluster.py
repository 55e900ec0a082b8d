"""Two replicas of each process as the production manifests start them, over mTLS, with a real Envoy in front."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import grpc
import httpx
import pytest
import yaml
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mesh.identity import make_token
from scripts.deployment_secrets import write_secrets
from tests.deploy.front import Gateway, envoy
from tests.deploy.load import under_load
from tests.deploy.manifests import Manifests, containers
from tests.deploy.pods import PROCESSES, SERVICES, Cluster, Pod
from tests.integration.monitoring.conftest import eventually
from tests.servers import PostgresServer, RedisServer, running_postgres, running_redis


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module")
def cluster(built, postgres: PostgresServer, redis: RedisServer, tmp_path_factory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    where = f"127.0.0.1:{postgres.port}"
    write_secrets(folder / "secrets", postgres=where, redis=f"127.0.0.1:{redis.port}")
    (folder / "secrets" / "redis-url").write_text(redis.url)
    asyncio.run(make_databases(postgres.url()))
    for name in SERVICES:
        (folder / "secrets" / f"{name}-database-url").write_text(f"postgresql://{name}@{where}/{name}")
    manifests = Manifests(list(yaml.safe_load_all(built["production"].read_text())))
    cluster = Cluster(manifests, folder, folder / "secrets")
    try:
        cluster.migrate()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


async def make_databases(url: str) -> None:
    """Do what roles.sh does: a role and a database a service."""
    connection = await asyncpg.connect(url)
    for name in SERVICES:
        await connection.execute(f"CREATE ROLE {name} LOGIN")
        await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
        await connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    await connection.close()


@pytest.fixture(scope="module")
def front(cluster: Cluster) -> Iterator[str]:
    """The address of Envoy."""
    with envoy(cluster.folder, [Gateway(pod.port(), pod.port("HTTP_")) for pod in cluster.pods["gateway"]]) as url:
        yield url


@pytest.fixture
def headers(cluster: Cluster) -> dict[str, str]:
    secret = (cluster.secrets / "auth-secret-key").read_text().strip()
    return {"authorization": f"Bearer {make_token(secret, 'ada', 'admin', timedelta(hours=2))}"}


async def serving(probe: grpc.aio.Channel, request: health_pb2.HealthCheckRequest) -> bool:
    answer = await health_pb2_grpc.HealthStub(probe).Check(request, timeout=60)
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


async def test_every_probe_of_the_services_is_answered_without_a_certificate(cluster: Cluster):
    for name in SERVICES:
        container = containers(cluster.manifests.one("Deployment", name))[0]
        for pod in cluster.pods[name]:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{pod.health_port}") as probe:
                for what in ("startupProbe", "readinessProbe", "livenessProbe"):
                    request = health_pb2.HealthCheckRequest(service=container[what]["grpc"]["service"])
                    await eventually(partial(serving, probe, request))


def test_every_probe_of_the_gateway_is_answered(cluster: Cluster):
    container = containers(cluster.manifests.one("Deployment", "gateway"))[0]
    for pod in cluster.pods["gateway"]:
        for what in ("startupProbe", "readinessProbe", "livenessProbe"):
            url = f"http://127.0.0.1:{pod.port('HTTP_')}{container[what]['httpGet']['path']}"
            assert httpx.get(url, timeout=60).status_code == 200


async def test_nobody_enters_the_mesh_without_a_certificate(cluster: Cluster):
    for name in SERVICES:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{cluster.pods[name][0].port()}") as stranger:
            with pytest.raises(grpc.aio.AioRpcError) as error:
                await health_pb2_grpc.HealthStub(stranger).Check(health_pb2.HealthCheckRequest(), timeout=20)
        assert error.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)


def test_the_whole_passes_its_check_through_envoy(cluster: Cluster, front: str, headers):
    token = headers["authorization"].removeprefix("Bearer ")
    command = [
        sys.executable,
        "-m",
        "tta_analytics",
        "verify",
        "--url",
        front,
        "--token",
        token,
        "--slow",
        "30",
        "--patience",
        "4",
    ]
    environment = cluster.pods["gateway"][0].environment
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_month_is_released_once_whichever_replica_is_asked(front: str, headers):
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=40)).replace(day=1, hour=0, minute=0, second=0)
    body = {"period_start": month.strftime("%Y-%m-%dT00:00:00Z"), "grain": "month"}
    with httpx.Client(base_url=front, headers=headers, timeout=120) as client:
        found, spent = set(), set()
        for _ in range(4):
            found.add(client.post("/api/v1/releases", json=body).raise_for_status().json()["release_id"])
            spent.add(client.get("/api/v1/privacy/budget").json()["spent_micros"])
        assert len(found) == len(spent) == 1
        assert min(spent) > 0


def test_every_process_of_the_manifests_took_part(cluster: Cluster):
    assert set(cluster.pods) == set(PROCESSES) == cluster.manifests.names("Deployment")


def listed(pod: Pod) -> float:
    """Return how often a replica was asked for the list of alerts."""
    lines = httpx.get(f"http://127.0.0.1:{pod.port('HTTP_')}/metrics", timeout=60).text.splitlines()
    asked = re.compile(r"tta_analytics_(gateway|grpc)_requests_total\{.*\"(ListAlerts|GET /api/v1/alerts)\".*\} (\S+)")
    return sum(float(found[3]) for line in lines if (found := asked.fullmatch(line)))


def test_envoy_spreads_requests_over_the_gateways_and_these_over_the_replicas(cluster: Cluster, front: str, headers):
    asked = [*cluster.pods["gateway"], *cluster.pods["monitoring"]]

    def spread() -> bool:
        before = [listed(pod) for pod in asked]
        for _ in range(20):
            httpx.get(f"{front}/api/v1/alerts", headers=headers, timeout=60).raise_for_status()
        return all(listed(pod) >= then + 5 for pod, then in zip(asked, before, strict=True))

    # A replica that is held up is left alone for a while.
    assert any(spread() for _ in range(10))


async def rolled(pod: Pod) -> None:
    """Replace a replica: stop it as the kubelet does, start it again, wait until it is ready."""
    await asyncio.to_thread(pod.stop)
    pod.start()
    await asyncio.to_thread(pod.wait_ready)
    # Callers of its peers find it again within their longest pause between attempts.
    await asyncio.sleep(6)


async def test_a_rolling_restart_of_everything_under_load_fails_no_request(cluster: Cluster, front: str, headers):
    async with under_load(front, headers) as load:
        for name in ("monitoring", "gateway", "aggregation", "reporting"):
            for pod in cluster.pods[name]:
                await rolled(pod)
    assert load.failed == []
    assert load.answered > 100


async def test_with_one_replica_killed_the_other_answers(cluster: Cluster, front: str, headers):
    for name in ("gateway", "monitoring"):
        victim = cluster.pods[name][0]
        assert victim.process is not None
        victim.process.kill()
        victim.process.wait(120)
        async with httpx.AsyncClient(base_url=front, headers=headers, timeout=60) as client:
            answers = [(await client.get("/api/v1/alerts")).status_code for _ in range(20)]
        assert answers == [200] * 20
        victim.start()
        await asyncio.to_thread(victim.wait_ready)
