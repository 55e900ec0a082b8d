"""Whom an alert of Prometheus reaches, and which alerts silence which."""

import re
import subprocess
from urllib.parse import urlsplit

import yaml
from google.api import annotations_pb2
from tta.analytics.v1 import monitoring_pb2

from tests.deploy.conftest import ROOT, tool
from tests.deploy.rule_files import FOLDER, alerts

FILE = FOLDER / "alertmanager/alertmanager.yml"
CONFIG = yaml.safe_load(FILE.read_text())
COMPOSE = yaml.safe_load((ROOT / "deploy/compose/compose.yml").read_text())["services"]


def receivers(severity: str) -> set[str]:
    """Return who hears of an alert of a severity, as Alertmanager itself says."""
    program = tool("amtool", where="Debian's package prometheus-alertmanager has it")
    command = [program, "config", "routes", "test", "--config.file", str(FILE), f"severity={severity}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split(","))


def test_every_alert_reaches_the_platform_and_a_critical_one_people_by_mail_as_well():
    severities = {rule.severity for rule in alerts().values()}
    assert "critical" in severities
    for severity in severities:
        assert receivers(severity) == {"platform", *(["operators"] if severity == "critical" else [])}, severity


def silenced(matchers: list[str]) -> set[str]:
    """Return the alerts that a side of an inhibition names; plain names only, so that each can be looked up."""
    (matcher,) = matchers
    named = re.fullmatch(r'alertname=~?"([A-Za-z|]+)"', matcher)
    assert named, matcher
    return set(named[1].split("|"))


def test_an_alert_is_silenced_only_by_one_about_the_same_process_or_the_same_objective():
    known = alerts()
    for rule in CONFIG["inhibit_rules"]:
        sources, targets = silenced(rule["source_matchers"]), silenced(rule["target_matchers"])
        assert sources | targets <= set(known), "an inhibition that nothing fires"
        for source, target in ((known[source], known[target]) for source in sources for target in targets):
            if "job" in rule.get("equal", ()):
                assert all(each.about_a_process for each in (source, target)), (source.name, target.name)
            else:
                objective = re.sub("Burns.*", "Burns", source.name)
                assert target.name.startswith(objective), f"{source.name} silences {target.name}"
            assert target.severity != "critical" or source.severity == "critical", target.name


def test_the_platform_s_own_webhook_is_told_with_a_token_that_is_mounted_and_hears_when_it_is_over():
    (platform,) = [each for each in CONFIG["receivers"] if each["name"] == "platform"]
    (hook,) = platform["webhook_configs"]
    method = monitoring_pb2.DESCRIPTOR.services_by_name["MonitoringService"].methods_by_name["ReceiveSystemAlerts"]
    address = urlsplit(hook["url"])
    assert address.path == method.GetOptions().Extensions[annotations_pb2.http].post
    assert str(address.port) in {port.rpartition(":")[2] for port in COMPOSE[str(address.hostname)]["ports"]}
    assert hook["send_resolved"]
    token = hook["http_config"]["authorization"]["credentials_file"]
    mounts = [volume.split(":")[:2] for volume in COMPOSE["alertmanager"]["volumes"]]
    assert ["./deploy/compose/secrets/alertmanager-token", token] in mounts
