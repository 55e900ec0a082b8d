"""The seed's command, `docker-compose.analytics.yml`, started whole by podman-compose with real stores.

Grafana is left out: no registry gives its image here. Minutes; skipped where podman or podman-compose is not installed.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.deploy.composed import ADDRESS, Composed, build_observers, composed
from tests.deploy.conftest import tool
from tests.deploy.kube_play import IMAGE, Podman
from tests.deploy.observers import eventually
from tta_analytics.settings import make_token

PROCESSES = ("aggregation", "reporting", "monitoring", "gateway")


@pytest.fixture(scope="module")
def stack(podman: Podman, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    tool("podman-compose")
    build_observers(podman)
    with composed(podman, tmp_path_factory.mktemp("composed")) as running:
        yield running


@pytest.fixture
def token(stack: Composed) -> str:
    return make_token((stack.secrets / "auth-secret-key").read_text().strip(), "ada", "admin", timedelta(hours=2))


@pytest.fixture
def headers(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_every_port_of_the_predecessor_answers_for_its_service(stack: Composed):
    found = {port: httpx.get(f"{stack.url(port)}/health", timeout=20).json() for port in (8095, 8096, 8097, 8098)}
    assert [each["service"] for each in found.values()] == ["aggregation", "reporting", "monitoring", "gateway"]
    assert {each["status"] for each in found.values()} == {"healthy"}


def test_the_whole_passes_its_check_with_prometheus(stack: Composed, token: str):
    """From a container on the same network, as an operator without Python here would do it."""
    eventually(lambda: up(stack) == {*PROCESSES, "alertmanager"})
    run = ["--rm", "--network", f"{stack.project}_mesh", "--env", f"TTA_TOKEN={token}", "--env", "COLUMNS=200"]
    asked = ["verify", "--url", "http://gateway:8098", "--prometheus", "http://prometheus:9090", "--slow", "60"]
    done = stack.podman("run", *run, IMAGE, *asked, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed" in done.stdout
    assert re.search(r"passed\s+.*[Pp]rometheus", done.stdout), done.stdout


def test_a_month_is_released_once(stack: Composed, headers: dict[str, str]):
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=40)).replace(day=1)
    body = {"period_start": month.strftime("%Y-%m-%dT00:00:00Z"), "grain": "month"}
    with httpx.Client(base_url=stack.url(8098), headers=headers, timeout=120) as client:
        found = {client.post("/api/v1/releases", json=body).raise_for_status().json()["release_id"] for _ in range(3)}
        assert len(found) == 1
        assert client.get("/api/v1/privacy/budget").json()["spent_micros"] > 0


async def test_a_player_s_crisis_reaches_who_listens_at_the_predecessor_s_port(
    stack: Composed, headers: dict[str, str]
):
    async with (
        connect(f"ws://{ADDRESS}:8097/alerts/stream", additional_headers=headers) as socket,
        httpx.AsyncClient(base_url=stack.url(8097), headers=headers, timeout=60) as client,
    ):
        signal = {"user_id": "in-need", "recent_messages": ["I want to kill myself tonight"]}
        (await client.post("/users/process", json=signal)).raise_for_status()
        async with asyncio.timeout(120):
            while json.loads(await socket.recv())["alert_type"] != "safety_concern":
                pass


def test_a_crisis_is_mailed_to_who_is_on_duty_and_seen_in_the_sink(stack: Composed, headers: dict[str, str]):
    contact = {"name": "on duty", "channel": "email", "address": "on-duty@example.org", "enabled": True}
    with httpx.Client(base_url=stack.url(8098), headers=headers, timeout=60) as client:
        made = client.post("/api/v1/contacts", json={"definition": contact}).raise_for_status().json()
        route = {"name": "night", "min_severity": "high", "contact_ids": [made["contact_id"]], "enabled": True}
        client.post("/api/v1/routes", json={"definition": route}).raise_for_status()
        signal = {"user_id": "in-need-at-night", "recent_messages": ["I am going to end my life tonight"]}
        client.post("/api/v1/signals", json={"signal": signal}).raise_for_status()
        (mail, *_) = eventually(lambda: mails_to("on-duty@example.org", stack))
        key = mail["MessageID"].partition("@")[0]
        eventually(lambda: key in client.get("/api/v1/deliveries", params={"states": "delivered"}).text)
    assert "in-need-at-night" not in json.dumps(mail)


def test_what_alertmanager_hears_becomes_an_alert_of_the_platform_and_a_mail(stack: Composed, headers: dict[str, str]):
    told = {
        "labels": {"alertname": "DiskFull", "severity": "critical", "job": "elsewhere"},
        "annotations": {"summary": "x"},
    }
    httpx.post(f"{stack.url(9093)}/api/v2/alerts", json=[told], timeout=20).raise_for_status()
    with httpx.Client(base_url=stack.url(8098), headers=headers, timeout=60) as client:
        eventually(lambda: "DiskFull" in client.get("/api/v1/alerts", params={"page_size": 100}).text)
    (mail, *_) = eventually(lambda: mails_to("operators@tta-analytics.local", stack))
    assert "DiskFull" in mail["Subject"]


@pytest.mark.parametrize("service", ["monitoring", "gateway", "postgres"])
def test_a_service_that_crashes_comes_back_by_itself_with_all_that_it_knew(
    stack: Composed, headers: dict[str, str], service: str
):
    number = stack.crash(service)
    eventually(lambda: stack.state(service)["Pid"] not in (0, number))
    for each in (service, *PROCESSES):
        stack.wait_healthy(each)
    with httpx.Client(base_url=stack.url(8098), headers=headers, timeout=60) as client:
        alerts = client.get("/api/v1/alerts", params={"page_size": 100}).raise_for_status().json()["alerts"]
        assert "safety_concern" in {each["alert_type"] for each in alerts}
        assert len(client.get("/api/v1/releases").raise_for_status().json()["releases"]) == 1


def up(stack: Composed) -> set[str]:
    """Return the jobs that Prometheus reads."""
    answer = httpx.get(f"{stack.url(9092)}/api/v1/query", params={"query": "up == 1"}, timeout=20).raise_for_status()
    return {each["metric"]["job"] for each in answer.json()["data"]["result"]}


def mails_to(address: str, stack: Composed) -> list[dict[str, Any]]:
    """Return what the sink holds for an address, newest first."""
    messages = httpx.get(f"{stack.url(8025)}/api/v1/messages", timeout=20).raise_for_status().json()["messages"]
    return [each for each in messages if {"Address": address} in each["To"]]
