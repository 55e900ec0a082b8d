"""Whatever becomes of a run of `verify`, nothing that it wrote is left, and it says what would not go."""

import asyncio
import re
import secrets
import signal
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.importing import wire
from tests.platform import Platform
from tta_analytics.verify.alerts import fired, silenced
from tta_analytics.verify.checks import Outcome, run_all
from tta_analytics.verify.cleaning import clean_up
from tta_analytics.verify.deployment import Deployment
from tta_analytics.verify.run import SLOTS, Run
from tta_analytics.verify.suite import Suite


class Breaking(Deployment):
    """A deployment whose connection breaks once, at the first call of a kind: before the call, or before its answer."""

    def __init__(self, url: str, token: str, method: str, path: str, *, made: bool) -> None:
        super().__init__(url, token)
        self._method, self._path, self._made, self.broke = method, re.compile(path), made, False

    async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
        breaks = not self.broke and method == self._method and bool(self._path.fullmatch(path.partition("?")[0]))
        # A value within its threshold comes before the one that fires.
        breaks = breaks and "'value': 0.0" not in str(options.get("json"))
        self.broke |= breaks
        if breaks and not self._made:
            raise httpx.ReadError("broken")
        answer = await super().raw(method, path, **options)
        if breaks:
            raise httpx.ReadError("broken")
        return answer


async def traces(deployed: Platform, token: str, run: Run) -> dict[str, list[Any]]:
    """Return what is left of a run, by kind; empty where nothing is."""
    at = Deployment(deployed.url, token)
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
async def test_a_connection_that_breaks_leaves_nothing_behind(deployed: Platform, released: str, what: str):
    method, path, made, name = BROKEN[what]
    at = Breaking(deployed.url, released, method, path, made=made)
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
    assert await traces(deployed, released, suite.run) == {}


async def test_an_alert_that_cannot_be_resolved_keeps_its_silence_and_everything_else_goes(
    deployed: Platform, released: str
):
    class Stubborn(Deployment):
        async def raw(self, method: str, path: str, **options: Any) -> httpx.Response:
            if path.endswith(":resolve"):
                raise httpx.ReadError("broken")
            return await super().raw(method, path, **options)

    at = Stubborn(deployed.url, released)
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
    left = await traces(deployed, released, suite.run)
    assert left.keys() == {"alerts", "silences"}
    sound = Deployment(deployed.url, released)
    suite.run.at = sound
    assert await clean_up(suite.run) == "2 things went"
    await sound.aclose()
    assert await traces(deployed, released, suite.run) == {}


async def test_two_runs_that_share_a_label_follow_each_other_at_once(deployed: Platform, released: str):
    name = "an alert arrives over WebSocket and SSE, is acknowledged and resolved"
    needed = {name, "a silence holds back what is told of this check", "nothing that was written is left"}
    for run_id in ("000000000003", f"{SLOTS + 3:012x}"):
        at = Deployment(deployed.url, released)
        suite = Suite(at, run_id=run_id, slow_seconds=60)
        assert suite.run.slot == "3"
        done = await run_all([one for one in suite.checks() if one.name in needed], lambda _: None)
        await at.aclose()
        assert {each.name: each.detail for each in done if each.outcome is not Outcome.PASSED} == {}


async def test_an_alert_that_a_killed_run_left_open_is_resolved_by_the_next_that_shares_its_label(
    deployed: Platform, released: str
):
    at = Deployment(deployed.url, released)
    killed, after = (Suite(at, run_id=f"{number:012x}", slow_seconds=60) for number in (5, SLOTS + 5))
    await silenced(killed.run)
    left = await fired(killed.run, "streams")
    await at.call("DELETE", killed.run.written[0])  # half an hour after the kill
    name = "an alert arrives over WebSocket and SSE, is acknowledged and resolved"
    needed = {name, "a silence holds back what is told of this check", "nothing that was written is left"}
    done = await run_all([one for one in after.checks() if one.name in needed], lambda _: None)
    assert {each.name: each.detail for each in done if each.outcome is not Outcome.PASSED} == {}
    assert (await at.call("GET", f"/api/v1/alerts/{left}"))["state"] == "resolved"
    await clean_up(killed.run)
    await at.aclose()


async def test_two_runs_at_once_hold_slots_of_their_own(deployed: Platform, released: str):
    at = Deployment(deployed.url, released)
    runs = [Run(at, f"{each * SLOTS + 7:012x}") for each in range(2)]
    await asyncio.gather(*map(silenced, runs))
    assert len({run.slot for run in runs}) == 2
    for run in runs:
        await clean_up(run)
    await at.aclose()


def stopped(running: subprocess.Popen[bytes], first: signal.Signals, again: signal.Signals | None) -> int:
    """Tell a run to stop where its silence stands, and again and again until it has ended; return its exit code."""
    assert running.stdout is not None
    for line in running.stdout:
        if b"a silence holds back" in line:
            running.send_signal(first)
            break
    while again is not None and running.poll() is None:
        running.send_signal(again)
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.005)
    running.stdout.read()
    return running.wait(600)


@pytest.mark.parametrize(
    ("first", "again"),
    [(signal.SIGTERM, None), (signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)],
)
async def test_a_run_that_is_told_to_stop_takes_back_what_it_wrote(
    deployed: Platform, released: str, first: signal.Signals, again: signal.Signals | None
):
    """CI systems that cancel a job say it twice, some seconds apart: the second may come at any moment."""
    began = datetime.now(UTC)
    async with wire(int(deployed.settings["TTA_GATEWAY_PORT"])) as line:
        # What comes after the silence waits until the run is told, however late that is.
        line.held = b"GET /api/v1/alerts/stream"
        patient = ("--slow", "60", "--patience", "4")
        address = f"http://127.0.0.1:{line.port}"
        with deployed.popen("verify", "--url", address, "--token", released, *patient) as running:
            code = await asyncio.to_thread(stopped, running, first, again)
    assert code == (143 if first == signal.SIGTERM else 130)
    headers = {"authorization": f"Bearer {released}"}
    async with httpx.AsyncClient(base_url=deployed.url, headers=headers, timeout=30) as client:
        silences = (await client.get("/api/v1/silences?active_only=true&page_size=1000")).json()["silences"]
        assert silences == []
        erased = (await client.get("/api/v1/privacy/audit?action=subject_erased&page_size=1")).json()["entries"]
        assert datetime.fromisoformat(erased[0]["recorded_at"]) > began
