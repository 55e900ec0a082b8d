import asyncio
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from tests.deploy.test_observability import process_on
from tests.platform import Platform, running_platform
from tta_analytics.verify.alerts import fired, silenced
from tta_analytics.verify.checks import Check, Failed, Outcome, Result, Skipped, run_all
from tta_analytics.verify.cleaning import clean_up
from tta_analytics.verify.coverage import uncalled
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.junit import junit
from tta_analytics.verify.run import SLOTS, Run
from tta_analytics.verify.suite import Suite

PATIENT = ("--slow", "60", "--patience", "4")
"""On machines that are busy otherwise."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform"), TTA_CRISIS_SEMANTIC="off") as running:
        yield running


def outcomes(file: Path) -> dict[str, str]:
    cases = ElementTree.parse(file).getroot().iter("testcase")
    return {case.get("name", ""): next((child.tag for child in case), "") for case in cases}


def test_a_sound_deployment_passes_and_keeps_nothing_of_the_check(platform: Platform, tmp_path: Path):
    done = platform.command("verify", "--url", platform.url, "--junit", str(tmp_path / "v.xml"), *PATIENT)
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
        for kind in ("reports", "schedules", "dashboards", "contacts", "routes"):
            assert client.get(f"/api/v1/{kind}").json()[kind] == []
        assert client.get("/api/v1/escalation-policies").json()["policies"] == []
        assert {each["built_in"] for each in client.get("/api/v1/rules").json()["rules"]} == {True}
        assert client.get("/api/v1/privacy/budget").json()["spent_micros"] == 0
        assert client.get("/api/v1/deliveries").json()["deliveries"] == []


def test_what_a_token_may_not_do_is_skipped(platform: Platform, tmp_path: Path):
    token = platform.command("token", "--role", "researcher").stdout.strip()
    options = ["--url", platform.url, "--token", token, "--junit", str(tmp_path / "v.xml"), *PATIENT]
    done = platform.command("verify", *options)
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


@pytest.fixture(scope="module")
def released(platform: Platform) -> str:
    """An administrator's token for the platform, where one month is released."""
    token = platform.command("token", "--minutes", "600").stdout.strip()
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=40)).replace(day=1)
    body = {"period_start": month.strftime("%Y-%m-01T00:00:00Z"), "grain": "month"}
    headers = {"authorization": f"Bearer {token}"}
    httpx.post(f"{platform.url}/api/v1/releases", json=body, headers=headers, timeout=120).raise_for_status()
    return token


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


async def test_where_a_month_is_released_every_call_is_made_and_nothing_is_spent(platform: Platform, released: str):
    async def spent() -> int:
        at = Deployment(platform.url, released)
        found: int = (await at.call("GET", "/api/v1/privacy/budget"))["lifetime_spent_micros"]
        await at.aclose()
        return found

    before = await spent()
    found = await checked(Deployment(platform.url, released))
    assert {name: each.detail for name, each in found.items() if each.outcome is Outcome.FAILED} == {}
    assert found["every call of the API was made"].outcome is Outcome.PASSED
    assert "cells of" in found["a release answers by its id and is not charged twice"].detail
    assert await spent() == before > 0


@pytest.mark.parametrize("role", ["therapist", "service", "operator", "scheduler", "player"])
async def test_whatever_a_token_may_nothing_fails_and_nothing_is_left(platform: Platform, role: str):
    token = platform.command("token", "--role", role).stdout.strip()
    found = await checked(Deployment(platform.url, token))
    assert {name: each.detail for name, each in found.items() if each.outcome is Outcome.FAILED} == {}
    assert found["nothing that was written is left"].outcome is Outcome.PASSED


@pytest.mark.parametrize("check", WRONG)
async def test_a_call_that_answers_wrongly_fails_its_check_and_is_cleaned_up_after(
    platform: Platform, released: str, check: str
):
    found = await checked(Wrong(platform.url, released, *WRONG[check]), check)
    assert found[check].outcome is Outcome.FAILED, found[check]
    assert found["nothing that was written is left"].outcome is Outcome.PASSED


class Breaking(Deployment):
    """A deployment whose connection breaks once, at the first call of a kind: before the call, or before its answer."""

    def __init__(self, url: str, token: str, method: str, path: str, *, made: bool) -> None:
        super().__init__(url, token)
        self._method, self._path, self._made, self.broke = method, re.compile(path), made, False

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        breaks = not self.broke and method == self._method and bool(self._path.fullmatch(path.partition("?")[0]))
        self.broke |= breaks
        if breaks and not self._made:
            raise httpx.ReadError("broken")
        answer = await super().raw(method, path, **options)
        if breaks:
            raise httpx.ReadError("broken")
        return answer


async def traces(platform: Platform, token: str, run: Run) -> dict[str, list[Any]]:
    """Return what is left of a run, by kind; empty where nothing is."""
    at = Deployment(platform.url, token)
    try:
        listed = {
            kind: (await at.call("GET", f"/api/v1/{kind}?page_size=1000"))[name]
            for kind, name in (
                *((kind, kind) for kind in ("reports", "schedules", "dashboards", "contacts", "routes")),
                ("escalation-policies", "policies"),
            )
        }
        found: dict[str, list[Any]] = {
            kind: [one for one in each if run.mark in str(one)] for kind, each in listed.items()
        }
        alerts = (await at.call("GET", "/api/v1/alerts?page_size=1000"))["alerts"]
        found["alerts"] = [one["alert_id"] for one in alerts if one["state"] != "resolved"]
        silences = (await at.call("GET", "/api/v1/silences?active_only=true&page_size=1000"))["silences"]
        found["silences"] = [one["silence_id"] for one in silences]
        found["deliveries"] = (await at.call("GET", "/api/v1/deliveries"))["deliveries"]
        found["players"] = []
        for player in (run.mark, f"{run.mark}-2"):
            export = await at.call("POST", f"/api/v1/privacy/subjects/{player}:export", {})
            found["players"] += [player for part in export["parts"] if any(kind["records"] for kind in part["records"])]
        return {kind: each for kind, each in found.items() if each}
    finally:
        await at.aclose()


BROKEN = {
    "the first deletion": ("DELETE", "/api/v1/.*", False, "a dashboard is built, rendered and deleted"),
    "the answer of the first deletion": ("DELETE", "/api/v1/.*", True, "a dashboard is built, rendered and deleted"),
    "resolving": ("POST", ".*:resolve", False, "an alert arrives over WebSocket and SSE, is acknowledged and resolved"),
    "the answer of an alert": (
        "POST",
        "/api/v1/metrics",
        True,
        "an alert arrives over WebSocket and SSE, is acknowledged and resolved",
    ),
    "the answer of Alertmanager's alert": (
        "POST",
        "/hooks/alertmanager",
        True,
        "an alert of Alertmanager's comes and clears",
    ),
    "the answer of the silence": ("POST", "/api/v1/silences", True, "a silence holds back what is told of this check"),
    "the answer of a report": ("POST", "/api/v1/reports", True, "a report is made, downloaded and deleted"),
    "the answer of a schedule's run": ("POST", ".*:run", True, "a schedule runs when it is told"),
    "the answer of the predecessor's report": ("POST", "/reports/generate", True, "the predecessor's reports work"),
    "the answer of a contact": ("POST", "/api/v1/contacts", True, "contacts, routes and escalation policies are kept"),
    "an erasure": ("POST", ".*:erase", False, "nothing that was written is left"),
}
"""What breaks -> the call, whether it is made all the same, and the check in which it happens."""


@pytest.mark.parametrize("what", BROKEN)
async def test_a_connection_that_breaks_leaves_nothing_behind(platform: Platform, released: str, what: str):
    method, path, made, name = BROKEN[what]
    at = Breaking(platform.url, released, method, path, made=made)
    suite = Suite(at, run_id=secrets.token_hex(6), slow_seconds=60)
    needed = {name, "a silence holds back what is told of this check", "nothing that was written is left"}
    needed |= {"consent, a session and progress are taken in and read back"}
    results = {
        each.name: each
        for each in await run_all([one for one in suite.checks() if one.name in needed], lambda result: None)
    }
    await at.aclose()
    assert at.broke
    assert results["nothing that was written is left"].outcome is Outcome.PASSED, results
    assert await traces(platform, released, suite.run) == {}


async def test_an_alert_that_cannot_be_resolved_keeps_its_silence_and_everything_else_goes(
    platform: Platform, released: str
):
    class Stubborn(Deployment):
        async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
            if path.endswith(":resolve"):
                raise httpx.ReadError("broken")
            return await super().raw(method, path, **options)

    at = Stubborn(platform.url, released)
    suite = Suite(at, run_id=secrets.token_hex(6), slow_seconds=60)
    needed = {"a silence holds back what is told of this check", "nothing that was written is left"}
    needed |= {"an alert arrives over WebSocket and SSE, is acknowledged and resolved"}
    needed |= {"consent, a session and progress are taken in and read back"}
    found = {each.name: each for each in await run_all([c for c in suite.checks() if c.name in needed], lambda _: None)}
    await at.aclose()
    cleaned = found["nothing that was written is left"]
    (alert_id,) = suite.run.alert_ids
    assert cleaned.outcome is Outcome.FAILED
    assert f"alert {alert_id}" in cleaned.detail
    assert "must be resolved before it ends" in cleaned.detail
    left = await traces(platform, released, suite.run)
    assert left.keys() == {"alerts", "silences"}
    sound = Deployment(platform.url, released)
    suite.run.at = sound
    assert await clean_up(suite.run) == "2 things went"
    await sound.aclose()
    assert await traces(platform, released, suite.run) == {}


async def test_two_runs_that_share_a_label_follow_each_other_at_once(platform: Platform, released: str):
    name = "an alert arrives over WebSocket and SSE, is acknowledged and resolved"
    needed = {name, "a silence holds back what is told of this check", "nothing that was written is left"}
    for run_id in ("000000000003", f"{SLOTS + 3:012x}"):
        at = Deployment(platform.url, released)
        suite = Suite(at, run_id=run_id, slow_seconds=60)
        assert suite.run.slot == "3"
        done = await run_all([one for one in suite.checks() if one.name in needed], lambda _: None)
        await at.aclose()
        assert {each.name: each.detail for each in done if each.outcome is not Outcome.PASSED} == {}


async def test_an_alert_that_a_killed_run_left_open_is_resolved_by_the_next_that_shares_its_label(
    platform: Platform, released: str
):
    at = Deployment(platform.url, released)
    killed, after = (Suite(at, run_id=f"{number:012x}", slow_seconds=60) for number in (5, SLOTS + 5))
    await silenced(killed.run)
    left = await fired(killed.run, "streams")
    name = "an alert arrives over WebSocket and SSE, is acknowledged and resolved"
    needed = {name, "a silence holds back what is told of this check", "nothing that was written is left"}
    done = await run_all([one for one in after.checks() if one.name in needed], lambda _: None)
    assert {each.name: each.detail for each in done if each.outcome is not Outcome.PASSED} == {}
    assert (await at.call("GET", f"/api/v1/alerts/{left}"))["state"] == "resolved"
    await clean_up(killed.run)
    await at.aclose()


async def test_a_run_that_is_cancelled_takes_back_what_it_wrote(platform: Platform, released: str):
    at = Deployment(platform.url, released)
    suite = Suite(at, run_id=secrets.token_hex(6), slow_seconds=60)
    last = "an alert arrives over WebSocket and SSE, is acknowledged and resolved"
    told: list[str] = []
    there: dict[str, object] = {}

    def stop(result: Result) -> None:
        if result.name == last:
            there.update(written=list(suite.run.written), players=list(suite.run.players))
            running.cancel()

    running = asyncio.create_task(suite.checked(stop, told.append))
    with pytest.raises(asyncio.CancelledError):
        await running
    await at.aclose()
    assert all(there.values()), there
    assert told == []
    assert await traces(platform, released, suite.run) == {}


@pytest.mark.parametrize("told", [(signal.SIGTERM,), (signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)])
def test_a_run_that_is_told_to_stop_takes_back_what_it_wrote(
    platform: Platform, released: str, told: tuple[signal.Signals, ...]
):
    """CI systems that cancel a job say it twice, some seconds apart."""
    began = datetime.now(UTC)
    with platform.popen("verify", "--url", platform.url, "--token", released, "--slow", "60") as running:
        assert running.stdout is not None
        for line in running.stdout:
            if b"a silence holds back" in line:
                for each in told:
                    running.send_signal(each)
        assert running.wait(600) == (143 if told[0] == signal.SIGTERM else 130)
    headers = {"authorization": f"Bearer {released}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=30) as client:
        silences = client.get("/api/v1/silences?active_only=true&page_size=1000").json()["silences"]
        assert silences == []
        erased = client.get("/api/v1/privacy/audit?action=subject_erased&page_size=1").json()["entries"]
        assert datetime.fromisoformat(erased[0]["recorded_at"]) > began


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
