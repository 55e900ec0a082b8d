"""The version stands in pyproject.toml; wherever else it is written, it is the same."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.tools import ROOT

WRITTEN = re.compile(r"(?:(?<![\w-])tta-analytics:|newTag: |VERSION=|\"version\": \")(\d+\.\d+[\w.]*)")
PLACES = ("Makefile", "README.md", "clients/typescript/package.json", "deploy", "docs", "scripts", "tests/deploy")


def files() -> Iterator[Path]:
    """Yield the files that may name a version of the platform."""
    for place in PLACES:
        for path in [ROOT / place, *(ROOT / place).rglob("*")]:
            if path.is_file() and path.suffix in ("", ".py", ".md", ".yaml", ".yml", ".sh", ".json", ".env"):
                yield path


def test_every_version_is_that_of_the_project():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    named = {path.relative_to(ROOT): set(WRITTEN.findall(path.read_text())) for path in files()}
    found = {str(path): versions for path, versions in named.items() if versions}
    assert {path: versions for path, versions in found.items() if versions != {version}} == {}
    assert {"Makefile", "deploy/images/Dockerfile", "deploy/compose/compose.yml"} <= set(found)


def test_the_newest_entry_of_the_changelog_is_about_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[0]
    assert newest == version
