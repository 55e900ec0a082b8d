from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from tests.deploy.test_observability import process_on
from tests.platform import Platform, running_platform
from tta_analytics.verify.checks import Check, Failed, Outcome, Skipped, run_all
from tta_analytics.verify.junit import junit


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform"), TTA_CRISIS_SEMANTIC="off") as running:
        yield running


def outcomes(file: Path) -> dict[str, str]:
    cases = ElementTree.parse(file).getroot().iter("testcase")
    return {case.get("name", ""): next((child.tag for child in case), "") for case in cases}


def test_a_sound_deployment_passes_and_keeps_nothing_of_the_check(platform: Platform, tmp_path: Path):
    done = platform.command("verify", "--url", platform.url, "--junit", str(tmp_path / "v.xml"), "--slow", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes(tmp_path / "v.xml")
    assert sorted(name for name, outcome in found.items() if outcome == "skipped") == [
        "Grafana is well",
        "Prometheus reads all processes and evaluates the rules",
    ]
    headers = {"authorization": f"Bearer {platform.command('token').stdout.strip()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=30) as client:
        alerts = client.get("/api/v1/alerts").json()["alerts"]
        assert {each["state"] for each in alerts} == {"resolved"}
        now = datetime.now(UTC)
        silences = client.get("/api/v1/silences").json()["silences"]
        assert all(datetime.fromisoformat(each["ends_at"]) <= now for each in silences)
        assert client.get("/api/v1/reports").json()["reports"] == []
        assert client.get("/api/v1/privacy/budget").json()["spent_micros"] == 0
        assert client.get("/api/v1/deliveries").json()["deliveries"] == []


def test_what_a_token_may_not_do_is_skipped(platform: Platform, tmp_path: Path):
    token = platform.command("token", "--role", "researcher").stdout.strip()
    options = ["--url", platform.url, "--token", token, "--junit", str(tmp_path / "v.xml"), "--slow", "20"]
    done = platform.command("verify", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes(tmp_path / "v.xml")
    assert found["consent, a session and progress are taken in and read back"] == "skipped"
    assert found["every reading call answers"] == "system-out"


def test_a_service_that_is_away_is_found(platform: Platform, tmp_path: Path):
    child = process_on(int(platform.settings["TTA_REPORTING_HTTP_PORT"]))
    child.suspend()
    try:
        done = platform.command("verify", "--url", platform.url, "--junit", str(tmp_path / "v.xml"), "--slow", "60")
    finally:
        child.resume()
    assert done.returncode == 1
    found = outcomes(tmp_path / "v.xml")
    assert found["the gateway and all services are healthy"] == "failure"
    assert found["a report is made, downloaded and deleted"] == "failure"
    assert found["crisis language is recognised in a dry run"] == "system-out"
    assert found["an alert arrives over WebSocket and SSE, is acknowledged and resolved"] == "system-out"


async def test_every_check_runs_whatever_came_of_those_before_and_junit_tells_it_all():
    async def passes() -> str:
        return "42 & more"

    async def fails() -> str:
        raise Failed("it said <no>")

    async def skips() -> str:
        raise Skipped("not here")

    async def breaks() -> str:
        raise httpx.ConnectError("refused")

    checks = [Check("a", "one", fails), Check("a", "two", passes), Check("b", "three", skips), Check("b", "4", breaks)]
    heard: list[str] = []
    results = await run_all(checks, lambda result: heard.append(result.name))
    assert heard == ["one", "two", "three", "4"]
    assert [each.outcome for each in results] == [Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED, Outcome.FAILED]
    suites = list(ElementTree.fromstring(junit(results, "http://x")))
    assert [(each.get("name"), each.get("tests"), each.get("failures"), each.get("skipped")) for each in suites] == [
        ("a", "2", "1", "0"),
        ("b", "2", "1", "1"),
    ]
    assert suites[0][0][0].get("message") == "it said <no>"
