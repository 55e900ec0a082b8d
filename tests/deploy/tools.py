"""Where the repository is, and programs that the deployment's tests need."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".deploy-tools" / "bin"


def tool(name: str, *others: str, where: str = "make test-deploy installs it") -> str:
    """Return the path of a program; skips the test where it is not installed."""
    for known in (name, *others):
        if found := shutil.which(known, path=str(TOOLS)) or shutil.which(known):
            return found
    pytest.skip(f"{name} is not installed; {where}")
