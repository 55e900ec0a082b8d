import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from tests.deploy.observers import eventually
from tests.deploy.test_observability import process_on
from tests.platform import Platform
from tta_analytics.verify import run
from tta_analytics.verify.checks import Check, Failed, Outcome, Result, Skipped, run_all
from tta_analytics.verify.coverage import uncalled
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.junit import junit
from tta_analytics.verify.looking import healthy
from tta_analytics.verify.run import METRIC, Run
from tta_analytics.verify.suite import Suite

PATIENT = ("--slow", "60", "--patience", "4")
"""On machines that are busy otherwise."""


def outcomes(file: Path) -> dict[str, str]:
    cases = ElementTree.parse(file).getroot().iter("testcase")
    return {case.get("name", ""): next((child.tag for child in case), "") for case in cases}


def test_a_sound_deployment_passes_and_keeps_nothing_of_the_check(deployed: Platform, tmp_path: Path):
    done = deployed.command("verify", "--url", deployed.url, "--junit", str(tmp_path / "v.xml"), *PATIENT)
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes(tmp_path / "v.xml")
    assert sorted(name for name, outcome in found.items() if outcome == "skipped") == [
        "Grafana is well",
        "Prometheus reads all processes and evaluates the rules",
    ]
    headers = {"authorization": f"Bearer {deployed.command('token').stdout.strip()}"}
    with httpx.Client(base_url=deployed.url, headers=headers, timeout=30) as client:
        alerts = client.get("/api/v1/alerts").json()["alerts"]
        assert {each["state"] for each in alerts} == {"resolved"}
        now = datetime.now(UTC)
        silences = client.get("/api/v1/silences").json()["silences"]
        assert all(datetime.fromisoformat(each["ends_at"]) <= now for each in silences)
        for kind in ("reports", "schedules", "dashboards", "contacts", "routes"):
            assert client.get(f"/api/v1/{kind}").json()[kind] == []
        assert client.get("/api/v1/escalation-policies").json()["policies"] == []
        assert {each["built_in"] for each in client.get("/api/v1/rules").json()["rules"]} == {True}
        assert client.get("/api/v1/privacy/budget").json()["spent_micros"] == 0
        assert client.get("/api/v1/deliveries").json()["deliveries"] == []


def test_what_a_token_may_not_do_is_skipped(deployed: Platform, tmp_path: Path):
    token = deployed.command("token", "--role", "researcher").stdout.strip()
    options = ["--url", deployed.url, "--token", token, "--junit", str(tmp_path / "v.xml"), *PATIENT]
    done = deployed.command("verify", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes(tmp_path / "v.xml")
    assert found["consent, a session and progress are taken in and read back"] == "skipped"
    assert found["every reading call answers"] == "system-out"


class Wrong(Deployment):
    """A deployment one of whose calls answers otherwise than it should."""

    def __init__(self, url: str, token: str, method: str, path: str, change: Callable[[Any], Any]) -> None:
        super().__init__(url, token)
        self._method, self._path, self._change = method, re.compile(path), change

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await super().raw(method, path, **options)
        if method == self._method and self._path.fullmatch(path.partition("?")[0]):
            return httpx.Response(200, json=self._change(answer.json()))
        return answer


def without(name: str) -> Callable[[Any], Any]:
    return lambda answer: {**answer, name: []}


def saying(**fields: Any) -> Callable[[Any], Any]:
    return lambda answer: {**answer, **fields}


WRONG: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "a release answers by its id and is not charged twice": ("GET", "/api/v1/releases/[^/]+", saying(period={})),
    "what must not be released is refused and costs nothing": ("POST", "/api/v1/behavior:aggregate", saying()),
    "a rise is found with its slope": ("POST", "/api/v1/trends", saying(direction="falling")),
    "a difference is told with its size": ("POST", "/api/v1/baselines:compare", saying(verdict="lower")),
    "a rise is forecast": ("POST", "/api/v1/forecasts", without("points")),
    "the spent budget is within its cap": ("GET", "/api/v1/privacy/budget", saying(cap_micros=1)),
    "consent, a session and progress are taken in and read back": (
        "GET",
        "/api/v1/consents/[^/]+",
        saying(research=True),
    ),
    "decisions of many are set and told": ("GET", "/api/v1/consents/[^/]+/history", without("changes")),
    "a player's export holds what was sent": ("POST", ".*:export", without("parts")),
    "a metric is listed, streamed and rolled up": ("GET", "/api/v1/metrics", without("metrics")),
    "crisis language is recognised in a dry run": ("POST", "/api/v1/rules:test", saying(holds=True)),
    "an alert of Alertmanager's comes and clears": ("GET", "/api/v1/alerts/[^/]+", saying(silenced=False)),
    "a rule is made, changed and deleted": ("GET", "/api/v1/rules", without("rules")),
    "contacts, routes and escalation policies are kept": ("GET", "/api/v1/routes", without("routes")),
    "a schedule runs when it is told": ("GET", "/api/v1/schedules/[^/]+", saying(version=1)),
    "a dashboard is built, rendered and deleted": ("POST", "/api/v1/dashboards:preview", without("sections")),
    "the predecessor's paths answer": ("GET", "/cohorts/analysis", lambda answer: {"total_cohorts": 0}),
    "the predecessor's metrics, signals and alerts work": ("GET", "/alerts/active", without("alerts")),
}
"""Check -> the call that answers wrongly, and what it says."""


async def checked(at: Deployment, *names: str) -> dict[str, Result]:
    """Run these checks, or all, and what they need before and after."""
    checks = Suite(at, run_id=secrets.token_hex(6), slow_seconds=60).checks()
    needed = {*names, "a silence holds back what is told of this check", "nothing that was written is left"}

    def heard(result: Result) -> None:
        print(result.outcome, result.name, result.detail)

    if "a player's export holds what was sent" in names:
        needed.add("consent, a session and progress are taken in and read back")
    try:
        return {each.name: each for each in await run_all([c for c in checks if not names or c.name in needed], heard)}
    finally:
        await at.aclose()


async def test_where_a_month_is_released_every_call_is_made_and_nothing_is_spent(deployed: Platform, released: str):
    async def spent() -> int:
        at = Deployment(deployed.url, released)
        found: int = (await at.call("GET", "/api/v1/privacy/budget"))["lifetime_spent_micros"]
        await at.aclose()
        return found

    before = await spent()
    found = await checked(Deployment(deployed.url, released))
    assert {name: each.detail for name, each in found.items() if each.outcome is Outcome.FAILED} == {}
    assert found["every call of the API was made"].outcome is Outcome.PASSED
    assert "cells of" in found["a release answers by its id and is not charged twice"].detail
    assert await spent() == before > 0


@pytest.mark.parametrize("role", ["therapist", "service", "operator", "scheduler", "player"])
async def test_whatever_a_token_may_nothing_fails_and_nothing_is_left(deployed: Platform, role: str):
    token = deployed.command("token", "--role", role).stdout.strip()
    found = await checked(Deployment(deployed.url, token))
    assert {name: each.detail for name, each in found.items() if each.outcome is Outcome.FAILED} == {}
    assert found["nothing that was written is left"].outcome is Outcome.PASSED


@pytest.mark.parametrize("check", WRONG)
async def test_a_call_that_answers_wrongly_fails_its_check_and_is_cleaned_up_after(
    deployed: Platform, released: str, check: str
):
    found = await checked(Wrong(deployed.url, released, *WRONG[check]), check)
    assert found[check].outcome is Outcome.FAILED, found[check]
    assert found["nothing that was written is left"].outcome is Outcome.PASSED


class Spending(Deployment):
    """A deployment in which so often something is spent between two looks at the budget."""

    def __init__(self, url: str, token: str, times: int) -> None:
        super().__init__(url, token)
        self._times, self._spent = times, 0

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = await super().raw(method, path, **options)
        if path != "/api/v1/privacy/budget":
            return answer
        found = answer.json()
        told = {**found, "lifetime_spent_micros": found["lifetime_spent_micros"] + self._spent}
        self._spent = min(self._spent + 1, self._times)
        return httpx.Response(200, json=told)


@pytest.mark.parametrize(("times", "outcome"), [(1, Outcome.PASSED), (99, Outcome.FAILED)])
async def test_what_others_spend_meanwhile_is_no_cost_of_a_refusal(
    deployed: Platform, released: str, times: int, outcome: Outcome
):
    check = "what must not be released is refused and costs nothing"
    assert (await checked(Spending(deployed.url, released, times), check))[check].outcome is outcome


class Losing(Deployment):
    """A deployment that loses the first values of a metric on their way to the owner of the series."""

    def __init__(self, url: str, token: str, path: str, answer: dict[str, Any]) -> None:
        super().__init__(url, token)
        self._path, self._answer, self.lost = path, answer, 0

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        if path == self._path and not self.lost:
            self.lost += 1
            return httpx.Response(200, json=self._answer)
        return await super().raw(method, path, **options)


@pytest.mark.parametrize(
    ("check", "path", "answer"),
    [
        (
            "a metric is listed, streamed and rolled up",
            "/api/v1/metrics:ingest",
            {"accepted": 2, "alerts": 0},
        ),
        (
            "the predecessor's metrics, signals and alerts work",
            "/metrics/process",
            {"status": "processed", "metric": METRIC},
        ),
    ],
)
async def test_a_value_that_is_lost_on_its_way_is_sent_again(
    deployed: Platform, released: str, monkeypatch: pytest.MonkeyPatch, check: str, path: str, answer: dict[str, Any]
):
    monkeypatch.setattr(run, "AGAIN_SECONDS", 0.0)
    at = Losing(deployed.url, released, path, answer)
    suite = Suite(at, run_id=secrets.token_hex(6), slow_seconds=60)
    for labels in ({}, suite.run.labels):  # what an earlier run left
        earlier = {"metric_name": METRIC, "value": 0.1, "labels": labels}
        await at.call("POST", "/api/v1/metrics", {"metric": earlier})
    needed = {check, "a silence holds back what is told of this check", "nothing that was written is left"}
    found = await run_all([each for each in suite.checks() if each.name in needed], lambda _: None)
    await at.aclose()
    assert at.lost
    assert {each.name: each.detail for each in found if each.outcome is not Outcome.PASSED} == {}


async def test_an_answer_of_another_shape_fails_its_check_and_no_other():
    async def misshapen() -> str:
        nothing: Any = None
        return str(nothing["spent_micros"])

    async def passes() -> str:
        return ""

    found = await run_all([Check("a", "one", misshapen), Check("a", "two", passes)], lambda _: None)
    assert [each.outcome for each in found] == [Outcome.FAILED, Outcome.PASSED]


def test_calls_are_known_by_their_templates():
    operations = {("GET", "/a/{id}"), ("POST", "/a/{id}:run"), ("GET", "/a"), ("DELETE", "/a/{id}")}
    called = {("GET", "/a/1"), ("POST", "/a/1:run"), ("GET", "/a/1/b")}
    assert uncalled(operations, called) == [("DELETE", "/a/{id}"), ("GET", "/a")]


def test_a_service_that_is_away_is_found(deployed: Platform, tmp_path: Path):
    child = process_on(int(deployed.settings["TTA_REPORTING_HTTP_PORT"]))
    child.suspend()
    try:
        done = deployed.command("verify", "--url", deployed.url, "--junit", str(tmp_path / "v.xml"), "--slow", "60")
    finally:
        child.resume()
    assert done.returncode == 1
    found = outcomes(tmp_path / "v.xml")
    assert found["the gateway and all services are healthy"] == "failure"
    assert found["a report is made, downloaded and deleted"] == "failure"
    assert found["crisis language is recognised in a dry run"] == "system-out"
    assert found["an alert arrives over WebSocket and SSE, is acknowledged and resolved"] == "system-out"


async def test_a_service_that_is_too_busy_for_one_probe_is_not_away(deployed: Platform):
    child = process_on(int(deployed.settings["TTA_MONITORING_HTTP_PORT"]))
    said: list[str] = []

    class Busy(Deployment):
        async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
            answer = await super().raw(method, path, **options)
            said.append(answer.json()["status"])
            child.resume()
            return answer

    at = Busy(deployed.url, None)
    child.suspend()
    try:
        # What a probe found is kept for a second.
        eventually(lambda: httpx.get(f"{deployed.url}/health", timeout=60).json()["status"] != "healthy")
        assert "monitoring serving" in await healthy(Run(at, "0"))
    finally:
        child.resume()
        await at.aclose()
    assert said[0] != "healthy"


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
