"""The rules of Prometheus as their files have them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.tools import ROOT

FOLDER = ROOT / "deploy/observability"
FILES = sorted((FOLDER / "prometheus/rules").glob("*.yml"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One recording or alerting rule: `name` is what it records, or the alert."""

    file: Path
    name: str
    written: dict[str, Any]

    @property
    def alerts(self) -> bool:
        return "alert" in self.written

    @property
    def expr(self) -> str:
        return str(self.written["expr"])

    @property
    def severity(self) -> str:
        return str(self.written["labels"]["severity"])

    @property
    def about_a_process(self) -> bool:
        """Tell whether the alert carries the label `job`: then its summary names it."""
        return "$labels.job" in self.written["annotations"]["summary"]


def rules() -> list[Rule]:
    """Return every rule, in the order of the files."""
    return [
        Rule(file, str(rule.get("alert") or rule["record"]), rule)
        for file in FILES
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
    ]


def alerts() -> dict[str, Rule]:
    """Return the alerting rules by their names."""
    return {rule.name: rule for rule in rules() if rule.alerts}
