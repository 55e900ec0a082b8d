"""What promtool and amtool make of the rules and of the configuration around them, and what each alert comes with."""

import re
import subprocess

import yaml

from tests.deploy.conftest import ROOT, tool
from tests.deploy.rule_files import FILES, FOLDER, alerts

DEBIAN = "Debian's package prometheus has it"


def test_rules_and_their_unit_tests_pass_promtool():
    promtool = tool("promtool", where=DEBIAN)
    tests = sorted((FOLDER / "prometheus/tests").glob("*.yml"))
    for command in (["check", "rules", *map(str, FILES)], ["test", "rules", *map(str, tests)]):
        done = subprocess.run([promtool, *command], capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_unit_test_that_fires_and_one_that_keeps_quiet():
    tests = yaml.safe_load((FOLDER / "prometheus/tests/alerts.yml").read_text())["tests"]
    assert {each["name"] for each in tests} == {
        f"{name} {what}" for name in alerts() for what in ("fires", "keeps quiet")
    }


def test_every_alert_has_a_runbook_that_says_what_to_do():
    guide = (ROOT / "docs/operations.md").read_text()
    anchors = {heading.lower() for heading in re.findall(r"^#+ (\w+)$", guide, re.MULTILINE)}
    for name, rule in alerts().items():
        page, _, anchor = rule.written["annotations"]["runbook_url"].partition("#")
        assert (page, anchor) == ("docs/operations.md", name.lower())
        assert anchor in anchors


def test_the_configurations_of_prometheus_and_alertmanager_are_valid():
    for program, command in (
        (tool("promtool", where=DEBIAN), ["check", "config", str(FOLDER / "prometheus/prometheus.yml")]),
        (
            tool("amtool", where="Debian's package prometheus-alertmanager has it"),
            ["check-config", str(FOLDER / "alertmanager/alertmanager.yml")],
        ),
    ):
        done = subprocess.run([program, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
