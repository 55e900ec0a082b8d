import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import psutil
import pytest
import yaml

from tests.deploy.conftest import ROOT, tool
from tests.deploy.observers import PROCESSES, Observers, eventually, observed
from tests.deploy.rule_files import FOLDER, rules
from tests.platform import Platform, running_platform

DEBIAN = "Debian's package prometheus has it"
NAME = re.compile(r"\btta_analytics_[a-z0-9_]+")
WITHOUT_DATA_AT_FIRST = {
    # A fresh store has none of these yet; that the processes export the metric is another test.
    "Age of the newest monthly release",
    "Time to acknowledge, 90th percentile of a day",
    "Notifications",
    "Failures that were survived",
    "Failures",
    "Outbox",
    "Given up",
    "HTTP faults a second by route",
    "Background work that failed",
    "tta_analytics:release_age:seconds",
}


def panels() -> list[tuple[str, str]]:
    files = sorted((FOLDER / "grafana/dashboards").glob("*.json"))
    found = [panel for file in files for panel in json.loads(file.read_text())["panels"]]
    return [(panel["title"], target["expr"]) for panel in found for target in panel["targets"]]


def test_dashboards_are_what_their_code_says():
    command = [sys.executable, str(ROOT / "scripts/grafana_dashboards.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0
    source = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/prometheus.yml").read_text())
    uid = source["datasources"][0]["uid"]
    for file in (FOLDER / "grafana/dashboards").glob("*.json"):
        assert all(each["datasource"]["uid"] == uid for each in json.loads(file.read_text())["panels"])


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with running_platform(tmp_path_factory.mktemp("platform"), TTA_CRISIS_SEMANTIC="off") as running:
        yield running


@pytest.fixture(scope="module")
def observers(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observers]:
    programs = tool("prometheus", where=DEBIAN), tool("prometheus-alertmanager", "alertmanager", where="Debian has it")
    with observed(platform, tmp_path_factory.mktemp("observers"), *programs) as running:
        yield running


def token(platform: Platform, role: str) -> dict[str, str]:
    return {"authorization": f"Bearer {platform.command('token', '--role', role).stdout.strip()}"}


def exported(platform: Platform) -> set[str]:
    """Return every series name that the four processes can export, with and without samples yet."""
    names = set()
    for process in PROCESSES:
        text = httpx.get(
            f"http://127.0.0.1:{platform.settings[f'TTA_{process.upper()}_HTTP_PORT']}/metrics", timeout=30
        ).text
        for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
            names |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    return names


def test_every_metric_that_rules_and_dashboards_name_is_exported_by_a_running_process(platform: Platform):
    known = exported(platform)
    recorded = {rule.name for rule in rules() if not rule.alerts}
    asked = {name for rule in rules() for name in NAME.findall(rule.expr)}
    asked |= {name for _, expr in panels() for name in NAME.findall(expr)}
    inside = {name for record in recorded for name in NAME.findall(record)}
    assert sorted(asked - known - inside) == []
    used = {part for _, expr in panels() for part in re.findall(r"\b[a-z_]+:[a-z_]+:\w+", expr)}
    used |= {part for rule in rules() for part in re.findall(r"\b[a-z_]+:[a-z_]+:\w+", rule.expr)}
    assert used <= recorded


def test_prometheus_scrapes_all_four_and_every_panel_and_recording_rule_has_data(
    platform: Platform, observers: Observers
):
    everyone = eventually(lambda: len(found := observers.query("up == 1")) == 4 and found)
    assert {each["metric"]["job"] for each in everyone} == set(PROCESSES)
    headers, token_of_admin = token(platform, "service"), token(platform, "admin")
    expected = []
    for title, expr in [*panels(), *((rule.name, rule.name) for rule in rules() if not rule.alerts)]:
        if title in WITHOUT_DATA_AT_FIRST or "facts_total" in expr or "refused_total" in expr:
            observers.query(expr)
        else:
            expected.append((title, expr))
    empty: list[str] = []

    # Signals of low engagement are judged of players who said yes.
    consent = {"analytics": True}
    httpx.put(f"{platform.url}/api/v1/consents/p1", json=consent, headers=headers, timeout=30).raise_for_status()

    def all_there() -> bool:
        body = {"signal": {"user_id": "p1", "engagement_score": 0.1}}
        httpx.post(f"{platform.url}/api/v1/signals", json=body, headers=headers, timeout=30).raise_for_status()
        for path in ("reports", "releases"):
            httpx.get(f"{platform.url}/api/v1/{path}", headers=token_of_admin, timeout=30).raise_for_status()
        empty[:] = [title for title, expr in expected if not observers.query(expr)]
        return not empty

    try:
        eventually(all_there)
    except AssertionError:
        assert empty == []


def test_every_rule_is_evaluated_without_an_error(observers: Observers):
    def evaluated() -> bool:
        groups = httpx.get(f"{observers.url}/api/v1/rules", timeout=30).json()["data"]["groups"]
        health = [rule["health"] for group in groups for rule in group["rules"]]
        return len(health) == len(rules()) and set(health) == {"ok"}

    assert eventually(evaluated)


def process_on(port: int) -> psutil.Process:
    for child in psutil.process_iter():
        try:
            for each in child.net_connections("tcp"):
                if each.status == psutil.CONN_LISTEN and each.laddr.port == port:
                    return child
        except (psutil.AccessDenied, psutil.NoSuchProcess):
            continue
    raise AssertionError(f"nobody listens on {port}")


def test_a_killed_service_becomes_an_alert_in_the_platform_and_resolves_with_its_return(
    platform: Platform, observers: Observers
):
    eventually(lambda: len(observers.query("up == 1")) == 4)
    headers = token(platform, "admin")

    def about_reporting(state: str) -> set[str] | None:
        """Return the alerts that say that it is gone, none where the answer did not come."""
        try:
            answer = httpx.get(f"{platform.url}/api/v1/alerts", params={"states": state}, headers=headers, timeout=30)
        except httpx.TransportError:
            return None
        if answer.status_code != 200:
            return None
        # Two rules see it at once, for their waiting times are cut, and the second silences the first: Alertmanager
        # tells of the first, of the second, or of both. Of a service that is held up for a moment others tell as well.
        gone = r"reporting at \S+ does not answer|No replica of reporting runs"
        found = [each for each in answer.json().get("alerts", []) if each["state"] == state]
        found = [each for each in found if re.fullmatch(gone, each["title"])]
        assert {(each["alert_type"], each["severity"]) for each in found} <= {("system_performance", "critical")}
        return {each["alert_id"] for each in found}

    eventually(lambda: about_reporting("firing") == set())
    child = process_on(int(platform.settings["TTA_REPORTING_HTTP_PORT"]))
    child.send_signal(signal.SIGSTOP)
    try:
        fired = eventually(lambda: about_reporting("firing"))
    finally:
        child.kill()
    eventually(lambda: len(observers.query("up == 1")) == 4)
    eventually(lambda: about_reporting("firing") == set() and fired <= (about_reporting("resolved") or set()))
