"""docker-compose.analytics.yml as its file has it."""

import re
from pathlib import PurePosixPath
from typing import Any

import yaml

from tests.deploy.processes import READS
from tests.deploy.tools import ROOT

FILE = ROOT / "deploy/compose/compose.yml"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]


def ports(service: str) -> dict[int, int]:
    """Return the ports of a service: of this machine -> of the container."""
    found = [re.findall(r":(\d+)", each)[-2:] for each in SERVICES[service].get("ports", ())]
    return {int(outside): int(inside) for outside, inside in found}


def setting(process: str, field: str) -> str:
    """Return what a process reads for a setting: from its environment, else the default."""
    given = SERVICES[process]["environment"]
    return str(given.get(f"TTA_{field.upper()}", READS[process].model_fields[field].default))


def mounted(service: str, path: str) -> str:
    """Return what of the repository lies at a path of the container, itself or in a folder that is mounted."""
    for volume in SERVICES[service].get("volumes", ()):
        source, target = volume.split(":")[:2]
        if PurePosixPath(path).is_relative_to(target):
            return str(PurePosixPath(source) / PurePosixPath(path).relative_to(target))
    raise AssertionError(f"nothing is mounted at {path} of {service}")
