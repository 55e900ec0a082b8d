"""The image, built and run; and the development overlay in containers, with PostgreSQL and Redis beside it.

The stores' own images are Debian's PostgreSQL and Redis on the same base (tests/deploy/stand_ins): what is tried is
our image and our manifests. Minutes; skipped where podman is not installed.
"""

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from websockets.asyncio.client import connect

from tests.deploy.front import Gateway, envoy
from tests.deploy.kube_play import IMAGE, PORTS, USER, Played, Podman, network, played
from tests.deploy.load import under_load
from tests.deploy.manifests import Manifests
from tta_analytics.settings import make_token

LARGEST_IMAGE_MB = 1080


@pytest.fixture(scope="module")
def stack(podman: Podman, built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("stack")
    shutil.copytree(built["dev"].with_name("k8s"), folder / "k8s")
    manifests = Manifests(list(yaml.safe_load_all(built["dev"].read_text())))
    with network(podman) as name, played(podman, manifests, folder, name) as running:
        yield running


@pytest.fixture
def token(stack: Played) -> str:
    secret = (stack.folder / "k8s/overlays/dev/secrets/auth-secret-key").read_text().strip()
    return make_token(secret, "ada", "admin", timedelta(hours=2))


@pytest.fixture
def headers(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def front(stack: Played) -> Iterator[str]:
    gateways = [Gateway(8098, PORTS["gateway"], stack.address(pod)) for pod in stack.pods["gateway"]]
    with envoy(stack.folder, gateways) as url:
        yield url


def test_the_image_is_labelled_small_and_starts_as_nobody_on_a_root_that_it_cannot_write(podman: Podman):
    (image,) = json.loads(podman("image", "inspect", IMAGE).stdout)
    assert image["Config"]["User"] == f"{USER}:{USER}"
    assert image["Config"]["Entrypoint"] == ["tta-analytics"]
    assert {"title", "version", "licenses"} <= {name.rpartition(".")[2] for name in image["Config"]["Labels"]}
    assert image["Size"] / 1e6 < LARGEST_IMAGE_MB
    closed = ["--rm", "--read-only", "--cap-drop", "all", "--network", "none", "--security-opt", "no-new-privileges"]
    assert "serve" in podman("run", *closed, IMAGE, "--help").stdout
    who = podman("run", *closed, "--entrypoint", "id", IMAGE, "-u").stdout.strip()
    assert who == str(USER)
    refused = podman("run", *closed, "--entrypoint", "touch", IMAGE, "/opt/tta/x", check=False)
    assert "Read-only file system" in refused.stderr


def test_the_image_has_all_that_the_processes_open_and_its_bytecode(podman: Podman):
    code = (
        "import importlib, io, pathlib, sys\n"
        "import neo4j, numpy, opendp.prelude as dp, plotly, pyarrow, pyarrow.parquet, weasyprint\n"
        "for name in ('aggregation_svc', 'monitoring_svc', 'reporting_svc', 'gateway'):\n"
        "    importlib.import_module(f'{name}.bootstrap')\n"
        "from sklearn.cluster import KMeans\n"
        "from sklearn.ensemble import HistGradientBoostingClassifier\n"
        "from monitoring_svc.adapters.crisis_encoder import SentenceEncoder\n"
        "from reporting_svc.adapters.bucket import open_bucket\n"
        "assert SentenceEncoder().encode(['I can not go on.']).shape == (2, 384)\n"
        "open_bucket('reports', endpoint='https://objects.example.org', region='x', key_id='a', secret='b')\n"
        "rows = numpy.random.default_rng(1).random((200, 4))\n"
        "KMeans(3, n_init=1).fit(rows)\n"
        "HistGradientBoostingClassifier().fit(rows, rows[:, 0] > 0.5)\n"
        "dp.enable_features('contrib')\n"
        "assert isinstance(dp.m.make_laplace(dp.atom_domain(T=int), dp.absolute_distance(T=int), scale=1.0)(1), int)\n"
        "file = io.BytesIO()\n"
        "pyarrow.parquet.write_table(pyarrow.table({'a': [1, 2]}), file, compression='zstd')\n"
        "assert pyarrow.parquet.ParquetFile(file).read().num_rows == 2\n"
        "assert (pathlib.Path(plotly.__file__).parent / 'package_data/plotly.min.js').stat().st_size > 1_000_000\n"
        "assert numpy.__cached__ and pathlib.Path(numpy.__cached__).exists()\n"
        "print(weasyprint.HTML(string='<h1>x</h1>').write_pdf()[:5].decode())"
    )
    closed = ["--rm", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "all", "--network", "none"]
    assert podman("run", *closed, "--entrypoint", "/opt/tta/bin/python", IMAGE, "-c", code).stdout.strip() == "%PDF-"


def test_every_process_runs_unprivileged_in_its_container(stack: Played):
    for workload in PORTS:
        for pod in stack.pods[workload]:
            container = stack.container(pod)
            assert container["Config"]["User"] == f"{USER}:{USER}"
            assert container["HostConfig"]["ReadonlyRootfs"]
            assert container["EffectiveCaps"] in ([], None)


def test_the_image_s_own_check_of_the_whole_passes(stack: Played, podman: Podman, token: str):
    run = ["--rm", "--network", stack.network, "--env", f"TTA_TOKEN={token}", "--env", "COLUMNS=200"]
    done = podman("run", *run, IMAGE, "verify", "--url", "http://gateway:8098", "--slow", "60", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_month_is_released_once(front: str, headers: dict[str, str]):
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=40)).replace(day=1)
    body = {"period_start": month.strftime("%Y-%m-%dT00:00:00Z"), "grain": "month"}
    with httpx.Client(base_url=front, headers=headers, timeout=120) as client:
        found = {client.post("/api/v1/releases", json=body).raise_for_status().json()["release_id"] for _ in range(3)}
        assert len(found) == 1
        assert client.get("/api/v1/privacy/budget").json()["spent_micros"] > 0


async def test_an_alert_reaches_who_listens_and_is_there_after_its_replica_was_killed(
    stack: Played, front: str, headers: dict[str, str], podman: Podman
):
    """A signal of crisis; the replica of monitoring that may have taken it is killed; the alert is there."""
    listening = connect(f"{front.replace('http', 'ws')}/api/v1/alerts/stream", additional_headers=headers)
    async with httpx.AsyncClient(base_url=front, headers=headers, timeout=60) as client, listening as socket:
        signal = {"user_id": "in-need", "recent_messages": ["I want to kill myself tonight"]}
        (await client.post("/api/v1/signals", json={"signal": signal})).raise_for_status()
        async with asyncio.timeout(120):
            while True:
                heard = json.loads(await socket.recv())
                if "safety_concern" in json.dumps(heard):
                    break
        for workload in ("monitoring", "gateway"):
            victim = stack.pods[workload][0]
            await asyncio.to_thread(podman, "kill", f"{victim}-{workload}")
            listed = [await client.get("/api/v1/alerts", params={"states": "firing"}) for _ in range(20)]
            assert [each.status_code for each in listed] == [200] * 20
            assert any(each["alert_type"] == "safety_concern" for each in listed[-1].json()["alerts"])
            await asyncio.to_thread(podman, "start", f"{victim}-{workload}")
            await asyncio.to_thread(stack.wait_ready, victim)


async def test_every_pod_of_the_services_is_replaced_under_load_and_no_request_fails(
    stack: Played, front: str, headers: dict[str, str]
):
    """As a Deployment does it: a new pod, with a new address, is ready before an old one goes.

    Gateways are restarted under load in test_cluster: Envoy knows them by address here, and podman gives new ones.
    """
    async with under_load(front, headers) as load:
        for workload in ("monitoring", "aggregation", "reporting"):
            for old, number in zip(list(stack.pods[workload]), (2, 3), strict=True):
                new = await asyncio.to_thread(stack.play, workload, number)
                await asyncio.to_thread(stack.wait_ready, new)
                await asyncio.to_thread(stack.take_down, old)
    assert load.failed == []
    assert load.answered > 100
