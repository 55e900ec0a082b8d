"""Prints what pyproject.toml asks for, with the extras that are named: the libraries' layer is built from it."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
extras = [need for name in sys.argv[1:] for need in project["optional-dependencies"][name]]
sys.stdout.write("\n".join([*project["dependencies"], *extras]) + "\n")
